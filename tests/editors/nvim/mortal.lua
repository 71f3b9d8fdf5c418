-- As init.lua, with a server whose process can be found, to end it.
vim.opt.runtimepath:append(vim.fn.fnamemodify(debug.getinfo(1, "S").source:sub(2), ":p:h:h:h:h") .. "/editors/nvim")
require("sightline").setup({ cmd = { "sh", "-c", "echo $$ > ~/server.pid; exec sightline lsp" } })
