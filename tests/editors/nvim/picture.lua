-- What the picture in the README shows: picker.lua, with a wide picker in letters that every font has.
vim.o.showmode = false
vim.o.ruler = false
vim.o.number = true
dofile(vim.fn.fnamemodify(debug.getinfo(1, "S").source:sub(2), ":p:h") .. "/picker.lua")
require("snacks").setup({
  picker = {
    prompt = "> ",
    icons = { ui = { live = "" } },
    layout = { layout = { backdrop = false, width = 0.96, height = 0.9 } },
    win = { preview = { wo = { wrap = false, number = false, relativenumber = false, cursorline = false } } },
  },
})
