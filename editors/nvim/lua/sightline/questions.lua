--- Questions asked while a person types: each waits for a pause, the newest wins, the others are withdrawn.

local client = require("sightline.client")
local options = require("sightline.options")
local results = require("sightline.results")

local M = {}

---@class sightline.Questions
---@field private server vim.lsp.Client
---@field private turn integer
---@field private withdraw fun()
---@field private noted table<string, true>
local Questions = {}
Questions.__index = Questions

--- For a picker that is open in front of a buffer of `server`.
---@param server vim.lsp.Client
---@return sightline.Questions
function M.new(server)
  return setmetatable({ server = server, turn = 0, withdraw = function() end, noted = {} }, Questions)
end

--- Say a sentence below the picker, where the next one takes its place.
---@param sentence string
---@param group? string
local function echo(sentence, group)
  vim.api.nvim_echo({ { vim.fn.strcharpart(sentence, 0, vim.o.columns - 12), group } }, false, {})
end

--- Ask; `answered` is called once with what was found, also with nothing, unless a newer question comes first.
---@param query string
---@param answered fun(all: sightline.Found[])
---@param delay? integer milliseconds to wait for a newer one
function Questions:ask(query, answered, delay)
  self:stop()
  local turn = self.turn
  if vim.trim(query) == "" then
    return vim.schedule(function()
      if turn == self.turn then
        answered({})
      end
    end)
  end
  vim.defer_fn(function()
    if turn == self.turn then
      self:send(query, turn, answered)
    end
  end, delay or options.debounce)
end

---@private
function Questions:send(query, turn, answered)
  local server = self.server
  if server:is_stopped() then
    -- Its successor, where it was started again.
    server = client.server_for(vim.api.nvim_get_current_buf())
    if not server then
      return answered({})
    end
    self.server = server
  end
  local arguments = { query = query, limit = options.limit }
  self.withdraw = client.ask(server, "search", arguments, function(answer, problem)
    if turn ~= self.turn then
      return
    elseif problem then
      -- Such as a filter that is not typed to its end.
      echo(problem.message, "WarningMsg")
    elseif answer and answer.note ~= "" and not self.noted[answer.note] then
      self.noted[answer.note] = true
      echo(answer.note)
    end
    answered(answer and results.read(answer, server.offset_encoding) or {})
  end)
end

--- Withdraw what is asked; it is not answered any more.
function Questions:stop()
  self.turn = self.turn + 1
  self.withdraw()
  self.withdraw = function() end
end

return M
