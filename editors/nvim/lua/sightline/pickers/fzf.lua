--- Results in fzf-lua.

local fzf = require("fzf-lua")
local builtin = require("fzf-lua.previewer.builtin")

local options = require("sightline.options")
local results = require("sightline.results")

local M = { live = true }

--- Each line of the list begins with the position of its result, which fzf does not show.
---@param all sightline.Found[]
---@return string[]
local function lines(all)
  local made = {}
  for position, name in ipairs(results.names(all, 28)) do
    local place = fzf.utils.ansi_from_hl("SightlinePath", results.place(all[position]))
    made[position] = ("%d\t%s  %s"):format(position, name, place)
  end
  return made
end

---@param shown { all: sightline.Found[] }
---@param line string?
---@return sightline.Found?, integer?
local function found_in(shown, line)
  local position = tonumber(line and line:match("^(%d+)\t"))
  return position and shown.all[position], position
end

---@param shown { all: sightline.Found[] }
local function previewer(shown)
  local Previewer = builtin.buffer_or_file:extend()
  function Previewer:new(...)
    Previewer.super.new(self, ...)
    return setmetatable(self, Previewer)
  end
  function Previewer:parse_entry(line)
    local found = found_in(shown, line)
    return found and { path = found.file, line = found.line, col = found.column, found = found } or {}
  end
  function Previewer:set_cursor_hl(entry)
    Previewer.super.set_cursor_hl(self, entry)
    if entry.found then
      results.paint(self.preview_bufnr, entry.found)
      results.look_at(self.win.preview_winid, entry.found)
    end
  end
  return Previewer
end

---@param offer sightline.Offer
function M.open(offer)
  local shown = { all = offer.all or {} }
  local live = offer.questions ~= nil
  local settings = {
    prompt = live and "Find code> " or "> ",
    query = live and offer.query or nil,
    previewer = previewer(shown),
    fzf_opts = { ["--delimiter"] = "\t", ["--with-nth"] = "2..", ["--no-sort"] = true, ["--ansi"] = true },
    winopts = { title = " " .. (live and "Sightline" or offer.title) .. " " },
    query_delay = options.debounce,
    actions = {
      default = function(chosen)
        local _, position = found_in(shown, chosen[1])
        if position then
          results.go(shown.all, position)
        end
      end,
      ["ctrl-q"] = function()
        results.list(offer.title, shown.all)
      end,
    },
  }
  if not live then
    return fzf.fzf_exec(lines(shown.all), settings)
  end
  fzf.fzf_live(function(typed)
    local query = type(typed) == "table" and typed[1] or typed or ""
    return function(add)
      offer.questions:ask(query, function(all)
        shown.all = all
        for _, line in ipairs(lines(all)) do
          add(line)
        end
        add(nil)
      end, 0)
    end
  end, settings)
end

return M
