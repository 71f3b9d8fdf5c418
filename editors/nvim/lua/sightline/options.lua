--- What |sightline-setup| may change, as it is by default.

---@class sightline.Options
local options = {
  ---@type string[] how to start the server
  cmd = { "sightline", "lsp" },
  ---@type string[] a folder that holds one of these is a root
  root_markers = { ".git" },
  ---@type "auto"|"telescope"|"fzf-lua"|"snacks"|"select"
  picker = "auto",
  ---@type integer results of one question
  limit = 20,
  ---@type integer milliseconds without a keystroke before a picker asks
  debounce = 120,
  ---@type number seconds without a sign of life after which the server is ended
  patience = 15,
  ---@type table<string, any> settings of the server: lua/sightline/settings.lua
  settings = {},
}

return options
