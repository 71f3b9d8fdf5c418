--- Results in Telescope.

local actions = require("telescope.actions")
local entry_display = require("telescope.pickers.entry_display")
local finders = require("telescope.finders")
local pickers = require("telescope.pickers")
local previewers = require("telescope.previewers")
local sorters = require("telescope.sorters")
local state = require("telescope.actions.state")

local results = require("sightline.results")

local M = { live = true }

local columns = entry_display.create({ separator = "  ", items = { { remaining = true }, { remaining = true } } })

---@param all sightline.Found[]
---@return table[]
local function entries(all)
  local made = {}
  for position, name in ipairs(results.names(all, 28)) do
    local found = all[position]
    made[position] = {
      value = found,
      index = position,
      ordinal = found.name .. " " .. found.path,
      filename = found.file,
      lnum = found.line,
      col = found.column,
      text = found.name,
      display = function()
        return columns({ name, { results.place(found), "SightlinePath" } })
      end,
    }
  end
  return made
end

local function previewer()
  return previewers.new_buffer_previewer({
    title = "Code",
    get_buffer_by_name = function(_, entry)
      return entry.filename
    end,
    define_preview = function(self, entry)
      local buffer, window = self.state.bufnr, self.state.winid
      if self.state.bufname ~= entry.filename then
        vim.api.nvim_buf_set_lines(buffer, 0, -1, false, results.lines_of(entry.filename))
        local filetype = vim.filetype.match({ filename = entry.filename, buf = buffer })
        if filetype then
          require("telescope.previewers.utils").highlighter(buffer, filetype)
        end
      end
      results.paint(buffer, entry.value)
      -- Telescope puts a new buffer into the window after this.
      vim.schedule(function()
        if vim.api.nvim_win_is_valid(window) and vim.api.nvim_win_get_buf(window) == buffer then
          results.look_at(window, entry.value)
        end
      end)
    end,
  })
end

--- A finder that asks at each change of the prompt.
---@param offer sightline.Offer
---@param shown { all: sightline.Found[] }
local function live_finder(offer, shown)
  local first = true
  local finder = { results = {} }
  function finder.close()
    offer.questions:stop()
  end
  return setmetatable(finder, {
    __call = function(_, prompt, process, complete)
      local delay = first and 0 or nil
      first = false
      offer.questions:ask(prompt, function(all)
        shown.all = all
        finder.results = entries(all)
        for _, entry in ipairs(finder.results) do
          if process(entry) then
            return
          end
        end
        complete()
      end, delay)
    end,
  })
end

---@param offer sightline.Offer
function M.open(offer)
  local shown = { all = offer.all or {} }
  local live = offer.questions ~= nil
  local finder = live and live_finder(offer, shown)
    or finders.new_table({
      results = entries(shown.all),
      entry_maker = function(entry)
        return entry
      end,
    })
  pickers
    .new({}, {
      prompt_title = live and "Find code" or offer.title,
      results_title = "Sightline",
      default_text = live and offer.query or nil,
      finder = finder,
      -- The server's order is the order.
      sorter = live and sorters.empty() or require("telescope.config").values.generic_sorter({}),
      previewer = previewer(),
      attach_mappings = function(prompt)
        actions.select_default:enhance({
          pre = function()
            local entry = state.get_selected_entry()
            for position, found in ipairs(shown.all) do
              if entry and found == entry.value then
                results.remember(shown.all, position)
              end
            end
          end,
        })
        return prompt ~= nil
      end,
      selection_strategy = "reset",
    })
    :find()
end

return M
