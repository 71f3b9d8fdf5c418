-- The way of Neovim 0.11: the plugin's lsp/sightline.lua and nothing else.
vim.opt.runtimepath:append(vim.fn.fnamemodify(debug.getinfo(1, "S").source:sub(2), ":p:h:h:h:h") .. "/editors/nvim")
vim.lsp.enable("sightline")
