--- Find code by what it does: |sightline.txt|.

local client = require("sightline.client")
local results = require("sightline.results")
local statuses = require("sightline.statuses")

local M = {}

--- Take the options and start a server for every file below a root from now on: |sightline-setup|.
---@param options? sightline.Options
function M.setup(options)
  client.options = vim.tbl_extend("force", client.options, options or {})
  local group = vim.api.nvim_create_augroup("sightline", {})
  vim.api.nvim_create_autocmd({ "BufReadPost", "BufNewFile", "BufWritePost" }, {
    group = group,
    desc = "Start Sightline",
    callback = function(event)
      client.attach(event.buf)
    end,
  })
  for _, buffer in ipairs(vim.api.nvim_list_bufs()) do
    if vim.api.nvim_buf_is_loaded(buffer) then
      client.attach(buffer)
    end
  end
end

---@class sightline.Asking
---@field quickfix? boolean results go into the quickfix list instead of a picker
---@field lines? [integer, integer] first and last line to compare, 1-based; else the function at the cursor

---@param title string
---@param asking sightline.Asking
local function show(title, asking)
  return function(answer, server)
    if #answer.results == 0 then
      vim.notify(answer.note ~= "" and answer.note or ("Nothing found: " .. title))
      return
    end
    if answer.note ~= "" then
      vim.notify(answer.note)
    end
    local put = asking.quickfix and results.list or results.choose
    put(title, answer.results, server.offset_encoding)
  end
end

--- Ask a question, which is asked for where it is empty.
---@param query string
---@param asking? sightline.Asking
function M.search(query, asking)
  if vim.trim(query) == "" then
    vim.ui.input({ prompt = "Find code: " }, function(typed)
      if typed and vim.trim(typed) ~= "" then
        M.search(typed, asking)
      end
    end)
    return
  end
  local arguments = { query = query, limit = client.options.limit }
  client.command("search", arguments, show(query, asking or {}))
end

--- Find what resembles the function at the cursor, or some lines.
---@param asking? sightline.Asking
function M.similar(asking)
  asking = asking or {}
  local buffer = vim.api.nvim_get_current_buf()
  local row = vim.api.nvim_win_get_cursor(0)[1]
  local first, last = row, row
  if asking.lines then
    first, last = asking.lines[1], asking.lines[2]
  end
  client.command("similar", {
    textDocument = { uri = vim.uri_from_bufnr(buffer) },
    position = { line = row - 1, character = 0 },
    range = asking.lines and {
      start = { line = first - 1, character = 0 },
      ["end"] = { line = last, character = 0 },
    },
    limit = client.options.limit,
  }, show(("similar to %s:%d"):format(vim.fn.bufname(buffer), first), asking))
end

--- Say how each folder of this buffer's server is.
function M.show_status()
  client.command("status", vim.empty_dict(), function(answer)
    local lines = vim.tbl_map(statuses.report, answer.folders)
    vim.notify(#lines > 0 and table.concat(lines, "\n") or "Sightline has no folder open.")
  end)
end

--- How this buffer's folder is, in a few words for the statusline; empty where no server runs.
---@return string
function M.status()
  return statuses.component(vim.api.nvim_get_current_buf())
end

return M
