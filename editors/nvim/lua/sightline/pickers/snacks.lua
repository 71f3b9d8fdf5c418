--- Results in the picker of snacks.nvim.

local results = require("sightline.results")

local M = { live = true }

---@param all sightline.Found[]
---@return table[]
local function items(all)
  local made = {}
  local names = results.names(all, 28)
  for position, found in ipairs(all) do
    made[position] = {
      name = names[position],
      text = found.name .. " " .. found.path,
      file = found.file,
      pos = { found.line, found.column - 1 },
      found = found,
      -- Sorted by these where nothing is matched: the server's order is the order.
      idx = position,
      score_add = #all - position,
    }
  end
  return made
end

--- What is found for what is typed, as snacks wants it: from a coroutine of its own.
---@param questions sightline.Questions
---@param shown { all: sightline.Found[] }
local function live_finder(questions, shown)
  return function(_, context)
    local query = context.filter.search
    return function(add)
      local async = require("snacks.picker.util.async").running()
      local answered, made = false, {}
      async:on("abort", function()
        answered = true
      end)
      vim.schedule(function()
        questions:ask(query, function(all)
          shown.all, made, answered = all, items(all), true
          async:resume()
        end, 0)
      end)
      while not answered do
        async:suspend()
      end
      for _, item in ipairs(made) do
        add(item)
      end
    end
  end
end

local function preview(context)
  local found = context.item.found
  context.preview:reset()
  context.preview:set_title(found.path)
  context.preview:set_lines(results.lines_of(found.file))
  context.preview:highlight({ file = found.file, buf = context.buf })
  results.paint(context.buf, found)
  results.look_at(context.win, found)
end

---@param offer sightline.Offer
function M.open(offer)
  local shown = { all = offer.all or {} }
  local live = offer.questions ~= nil
  require("snacks.picker").pick({
    source = "sightline",
    title = live and "Find code" or offer.title,
    live = live,
    supports_live = live,
    search = live and offer.query or nil,
    finder = live and live_finder(offer.questions, shown) or function()
      return items(shown.all)
    end,
    sort = { fields = { "idx" } },
    matcher = { sort_empty = false },
    format = function(item)
      return {
        { item.name .. "  " },
        { results.place(item.found), "SightlinePath" },
      }
    end,
    preview = preview,
    on_close = function()
      if offer.questions then
        offer.questions:stop()
      end
    end,
    confirm = function(picker, item)
      picker:close()
      if item then
        -- After snacks has left insert mode, which moves the cursor.
        vim.schedule(function()
          results.go(shown.all, item.idx)
        end)
      end
    end,
  })
end

return M
