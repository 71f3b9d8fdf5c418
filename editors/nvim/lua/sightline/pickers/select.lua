--- Results in |vim.ui.select()|.

local results = require("sightline.results")

local M = { live = false }

---@param offer sightline.Offer
function M.open(offer)
  local rows = {}
  for position, name in ipairs(results.names(offer.all, 40)) do
    local found = offer.all[position]
    local row = ("%s  %s  %s"):format(name, results.place(found), found.signature)
    rows[found] = vim.trim(vim.fn.strcharpart(row, 0, vim.o.columns - 8))
  end
  vim.ui.select(offer.all, {
    prompt = offer.title .. " ",
    kind = "sightline",
    format_item = function(found)
      return rows[found]
    end,
  }, function(found, position)
    if found then
      results.go(offer.all, position)
    else
      results.remember(offer.all)
    end
  end)
end

return M
