-- What the picture in the README shows: picker.lua, with a wide picker that is asked from the top.
vim.o.showmode = false
vim.o.ruler = false
vim.o.number = true
dofile(vim.fn.fnamemodify(debug.getinfo(1, "S").source:sub(2), ":p:h") .. "/picker.lua")
require("telescope").setup({
  defaults = {
    sorting_strategy = "ascending",
    layout_config = { horizontal = { prompt_position = "top", width = 0.94, height = 0.9, preview_width = 0.52 } },
  },
})
