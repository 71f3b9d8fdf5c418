-- Without the plugin: what README.md says for Neovim 0.10.
vim.api.nvim_create_autocmd("FileType", {
  callback = function(event)
    vim.lsp.start({
      name = "sightline",
      cmd = { "sightline", "lsp" },
      root_dir = vim.fs.root(event.buf, ".git"),
    })
  end,
})
