-- init.lua with the picker that is named and the plugins it needs, from the folder ~/plugins.
for _, plugin in ipairs(vim.fn.glob("~/plugins/*", false, true)) do
  vim.opt.runtimepath:append(plugin)
end
vim.opt.runtimepath:append(vim.fn.fnamemodify(debug.getinfo(1, "S").source:sub(2), ":p:h:h:h:h") .. "/editors/nvim")
vim.o.termguicolors = true
vim.o.swapfile = false
vim.o.laststatus = 2
vim.o.statusline = " %f %m%=%{v:lua.require'sightline'.status()}  %l:%c "
require("sightline").setup({ picker = vim.env.SIGHTLINE_PICKER })
