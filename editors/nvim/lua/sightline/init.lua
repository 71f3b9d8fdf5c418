--- Find code by what it does: |sightline.txt|.

local client = require("sightline.client")
local options = require("sightline.options")
local results = require("sightline.results")
local statuses = require("sightline.statuses")

local M = {}

--- Take the options and start a server for every file below a root from now on: |sightline-setup|.
---@param given? sightline.Options
function M.setup(given)
  for name, value in pairs(given or {}) do
    if options[name] == nil then
      local sentence = "Sightline has no option “%s”; :help sightline-setup lists them."
      vim.notify(sentence:format(name), vim.log.levels.WARN)
    else
      options[name] = value
    end
  end
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

--- What to do with an answer: show it, or say that there is nothing in it.
---@param title string
---@param asking sightline.Asking
local function show(title, asking)
  return function(answer, server)
    if #answer.results == 0 then
      local sentence = answer.index.state == "complete" and "Nothing found: %s"
        or "Nothing found yet, the files are still being read: %s"
      vim.notify(answer.note ~= "" and answer.note or sentence:format(title))
      return
    end
    if answer.note ~= "" then
      vim.notify(answer.note)
    end
    local all = results.read(answer, server.offset_encoding)
    if asking.quickfix then
      results.list(title, all)
    else
      require("sightline.pickers").current().open({ title = title, query = "", all = all })
    end
  end
end

--- Ask a question: in a picker that asks again at each keystroke, else once.
---@param query string may be empty
---@param asking? sightline.Asking
function M.search(query, asking)
  asking = asking or {}
  local picker = require("sightline.pickers").current()
  if not asking.quickfix and picker.live then
    local server = client.server_for(vim.api.nvim_get_current_buf())
    if server then
      picker.open({ title = query, query = query, questions = require("sightline.questions").new(server) })
    end
  elseif vim.trim(query) ~= "" then
    client.command("search", { query = query, limit = options.limit }, show(query, asking))
  else
    vim.ui.input({ prompt = "Find code: " }, function(typed)
      if typed and vim.trim(typed) ~= "" then
        M.search(typed, asking)
      end
    end)
  end
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
    limit = options.limit,
  }, show(("similar to %s:%d"):format(vim.fn.fnamemodify(vim.fn.bufname(buffer), ":."), first), asking))
end

--- Go to the next result of the last question, or back where `steps` is below zero.
---@param steps? integer
function M.step(steps)
  results.step(steps or 1)
end

--- Say how each folder of this buffer's server is.
function M.show_status()
  client.command("status", vim.empty_dict(), function(answer)
    local lines = vim.tbl_map(statuses.report, answer.folders)
    vim.notify(#lines > 0 and table.concat(lines, "\n") or "Sightline has no folder open.")
  end)
end

--- Stop indexing; searches and edits go on.
function M.pause()
  client.command("pause", vim.empty_dict(), function()
    vim.notify("Sightline pauses: what is indexed can be searched; :SightlineResume goes on.")
  end)
end

--- Go on with what was paused.
function M.resume()
  client.command("resume", vim.empty_dict(), function()
    vim.notify("Sightline goes on indexing.")
  end)
end

--- End this buffer's server and start another.
function M.restart()
  client.restart()
end

--- How this buffer's folder is, in a few words for the statusline; empty where no server runs.
---@return string
function M.status()
  return statuses.component(vim.api.nvim_get_current_buf())
end

return M
