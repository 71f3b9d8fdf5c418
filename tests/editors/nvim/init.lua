-- What README.md tells a person to write.
vim.opt.runtimepath:append(vim.fn.fnamemodify(debug.getinfo(1, "S").source:sub(2), ":p:h:h:h:h") .. "/editors/nvim")
require("sightline").setup({})
