-- Neovim's own list of workspace symbols, without a command of ours.
local session = dofile(vim.fn.fnamemodify(debug.getinfo(1, "S").source:sub(2), ":p:h") .. "/session.lua")

session.play(function()
  local seen = {}
  session.wait("the server", function()
    return #vim.lsp.get_clients({ name = "sightline" }) == 1
  end)
  local ended = false
  vim.api.nvim_create_autocmd("LspProgress", {
    callback = function(event)
      local value = (event.data.params or event.data.result).value
      ended = ended or value.kind == "end"
    end,
  })
  session.wait("the end of the progress", function()
    return ended
  end)
  vim.lsp.buf.workspace_symbol("delete shared margin at the left")
  session.wait("symbols", function()
    return #vim.fn.getqflist() > 0
  end)
  vim.cmd("cfirst")
  seen.found = session.here()
  seen.servers = #vim.lsp.get_clients({ name = "sightline" })
  return seen
end)
