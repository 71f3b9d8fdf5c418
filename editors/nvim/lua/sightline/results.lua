--- What was found: its names, its place, and the way there.

local M = {}

---@class sightline.Found
---@field result table as the server answered it
---@field encoding string of its columns
---@field name string
---@field path string below its folder
---@field file string
---@field line integer to jump to, 1-based
---@field column integer 1-based, in bytes
---@field signature string on one line

---@param result table
---@return string
local function name_of(result)
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

--- The text of a file as a person sees it: of its buffer where it has one, also one that is not saved.
---@param file string
---@return string[]
function M.lines_of(file)
  local buffer = vim.fn.bufnr(vim.fn.fnameescape(file))
  if buffer > 0 and vim.api.nvim_buf_is_loaded(buffer) then
    return vim.api.nvim_buf_get_lines(buffer, 0, -1, false)
  end
  local readable, lines = pcall(vim.fn.readfile, file)
  return readable and lines or {}
end

--- A column in bytes.
---@param line string
---@param character integer
---@param encoding string
---@return integer
local function bytes(line, character, encoding)
  if encoding == "utf-8" then
    return math.min(character, #line)
  elseif vim.fn.has("nvim-0.11") == 1 then
    return vim.str_byteindex(line, encoding, character, false)
  end
  local inside, found = pcall(vim.str_byteindex, line, character, encoding == "utf-16")
  return inside and found or #line
end

--- An answer's results.
---@param answer table
---@param encoding string
---@return sightline.Found[]
function M.read(answer, encoding)
  return vim.tbl_map(function(result)
    local start = result.selectionRange.start
    return {
      result = result,
      encoding = encoding,
      name = name_of(result),
      path = result.path,
      file = vim.uri_to_fname(result.uri),
      line = start.line + 1,
      column = 1 + bytes(vim.split(result.preview, "\n")[start.line - result.previewLine + 1] or "", start.character, encoding),
      signature = (result.signature:gsub("%s+", " ")),
    }
  end, answer.results)
end

local painted = vim.api.nvim_create_namespace("sightline")

for group, link in pairs({ SightlineMatch = "Search", SightlineResult = "CursorLine", SightlinePath = "Comment" }) do
  vim.api.nvim_set_hl(0, group, { link = link, default = true })
end

--- Show in a buffer with a result's file where the result is, and in it the words that were asked for.
---@param buffer integer
---@param found sightline.Found
function M.paint(buffer, found)
  vim.api.nvim_buf_clear_namespace(buffer, painted, 0, -1)
  local count = vim.api.nvim_buf_line_count(buffer)
  local range = found.result.range
  if range.start.line < count then
    vim.api.nvim_buf_set_extmark(buffer, painted, range.start.line, 0, {
      end_row = math.min(count, range["end"].line),
      hl_group = "SightlineResult",
      hl_eol = true,
      priority = 90,
      strict = false,
    })
  end
  for _, place in ipairs(found.result.highlights) do
    local line = place.start.line
    local text = vim.api.nvim_buf_get_lines(buffer, line, line + 1, false)[1]
    if text then
      vim.api.nvim_buf_set_extmark(buffer, painted, line, bytes(text, place.start.character, found.encoding), {
        end_col = bytes(text, place["end"].character, found.encoding),
        hl_group = "SightlineMatch",
        priority = 300,
      })
    end
  end
end

--- Put a window's cursor on the line to jump to, the result as far up as shows most of it.
---@param window integer
---@param found sightline.Found
function M.look_at(window, found)
  vim.api.nvim_win_call(window, function()
    local last = vim.api.nvim_buf_line_count(0)
    pcall(vim.api.nvim_win_set_cursor, window, { math.min(found.line, last), math.max(0, found.column - 1) })
    vim.fn.winrestview({ topline = math.max(1, found.result.range.start.line - 1) })
  end)
end

--- The names as a column of a list: as wide as the widest of them, and no wider than `most`.
---@param all sightline.Found[]
---@param most integer
---@return string[]
function M.names(all, most)
  local width = 0
  for _, found in ipairs(all) do
    width = math.min(most, math.max(width, vim.api.nvim_strwidth(found.name)))
  end
  return vim.tbl_map(function(found)
    local name = found.name
    if vim.api.nvim_strwidth(name) > width then
      name = vim.fn.strcharpart(name, 0, width - 1) .. "…"
    end
    return name .. (" "):rep(width - vim.api.nvim_strwidth(name))
  end, all)
end

---@param found sightline.Found
---@return string
function M.place(found)
  return ("%s:%d"):format(found.path, found.line)
end

--- What the last question found, and which of it was gone to: |:SightlineNext|.
---@type { all: sightline.Found[], position: integer }
local last = { all = {}, position = 0 }

--- Go to a result, and remember the others for |:SightlineNext|.
---@param all sightline.Found[]
---@param position integer
function M.go(all, position)
  M.remember(all, position)
  local found = all[position]
  local location = { uri = found.result.uri, range = found.result.selectionRange }
  vim.lsp.util.show_document(location, found.encoding, { focus = true, reuse_win = true })
  vim.cmd("normal! zv")
end

--- Remember what was found for |:SightlineNext|.
---@param all sightline.Found[]
---@param position? integer of the one that is gone to; none where it is left out
function M.remember(all, position)
  last = { all = all, position = position or 0 }
end

--- Go on to another result of the last question.
---@param steps integer forward, or back where it is below zero
function M.step(steps)
  local position = last.position + steps
  if #last.all == 0 then
    return vim.notify("Sightline has found nothing yet: ask with :Sightline.")
  elseif not last.all[position] then
    return vim.notify(("Sightline found %d, and this is the %s."):format(#last.all, steps > 0 and "last" or "first"))
  end
  M.go(last.all, position)
  local found = last.all[position]
  vim.api.nvim_echo({ { ("(%d of %d) %s"):format(position, #last.all, found.name) } }, false, {})
end

--- As entries of the quickfix list.
---@param all sightline.Found[]
---@return table[]
function M.items(all)
  return vim.tbl_map(function(found)
    return { filename = found.file, lnum = found.line, col = found.column, text = found.name }
  end, all)
end

--- Put all into the quickfix list, best first, and open it.
---@param title string
---@param all sightline.Found[]
function M.list(title, all)
  M.remember(all)
  vim.fn.setqflist({}, " ", { title = "Sightline: " .. title, items = M.items(all) })
  vim.cmd("botright copen")
end

return M
