--- What was found: in a picker, in the quickfix list, and the way there.

local M = {}

local function title_of(result)
  local name = result.qualifiedName ~= "" and result.qualifiedName or result.name
  if name ~= "" then
    return name
  end
  for line in vim.gsplit(result.preview, "\n") do
    if line:match("%S") then
      return vim.trim(line)
    end
  end
  return result.path
end

local function place_of(result)
  return ("%s:%d"):format(result.path, result.selectionRange.start.line + 1)
end

local function padded(text, width)
  return text .. (" "):rep(width - vim.api.nvim_strwidth(text))
end

--- Put the cursor on the line to jump to.
---@param result table
---@param encoding string
function M.jump(result, encoding)
  local location = { uri = result.uri, range = result.selectionRange }
  vim.lsp.util.show_document(location, encoding, { focus = true, reuse_win = true })
end

--- Let the person choose one in |vim.ui.select()|, and go there.
---@param title string
---@param found table[]
---@param encoding string
function M.choose(title, found, encoding)
  local names, places = 0, 0
  for _, result in ipairs(found) do
    names = math.min(40, math.max(names, vim.api.nvim_strwidth(title_of(result))))
    places = math.min(60, math.max(places, vim.api.nvim_strwidth(place_of(result))))
  end
  vim.ui.select(found, {
    prompt = title .. " ",
    kind = "sightline",
    format_item = function(result)
      local signature = result.signature:gsub("%s+", " ")
      local line = padded(title_of(result), names) .. "  " .. padded(place_of(result), places) .. "  " .. signature
      return vim.trim(vim.fn.strcharpart(line, 0, vim.o.columns - 8))
    end,
  }, function(result)
    if result then
      M.jump(result, encoding)
    end
  end)
end

--- Put all into the quickfix list, best first, and open it.
---@param title string
---@param found table[]
---@param encoding string
function M.list(title, found, encoding)
  local items = {}
  for _, result in ipairs(found) do
    -- One at a time: a list of locations comes back ordered by file.
    local location = { uri = result.uri, range = result.selectionRange }
    for _, item in ipairs(vim.lsp.util.locations_to_items({ location }, encoding)) do
      item.text = title_of(result)
      table.insert(items, item)
    end
  end
  vim.fn.setqflist({}, " ", { title = "Sightline: " .. title, items = items })
  vim.cmd("botright copen")
end

return M
