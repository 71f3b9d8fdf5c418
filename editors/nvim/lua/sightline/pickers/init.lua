--- Which picker shows what was found: one of the plugins that people have, else |vim.ui.select()|.

local options = require("sightline.options")

local M = {}

---@class sightline.Offer what a picker is to show: `questions`, asked while one types, or `all`
---@field title string
---@field query string what stands in the prompt at first
---@field questions? sightline.Questions
---@field all? sightline.Found[]

--- The module of each picker, and that of the plugin it needs.
local PICKERS = {
  { name = "telescope", plugin = "telescope" },
  { name = "snacks", plugin = "snacks.picker" },
  { name = "fzf-lua", plugin = "fzf-lua" },
}
local MODULES = { ["fzf-lua"] = "fzf" }

---@param name string
---@return boolean
local function is_there(plugin)
  -- Loaded by a plugin manager when it is required, so looked for no other way.
  local found = pcall(require, plugin)
  return found
end

--- The name of the picker in use.
---@return string
function M.name()
  if options.picker ~= "auto" then
    return options.picker
  end
  for _, picker in ipairs(PICKERS) do
    local usable = picker.name ~= "fzf-lua" or vim.fn.executable("fzf") == 1 or vim.fn.executable("sk") == 1
    if usable and is_there(picker.plugin) then
      return picker.name
    end
  end
  return "select"
end

---@return { live: boolean, open: fun(offer: sightline.Offer) }
function M.current()
  local name = M.name()
  return require("sightline.pickers." .. (MODULES[name] or name))
end

return M
