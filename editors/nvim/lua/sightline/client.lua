--- The servers: one for each root, started when a file below it is read or a question is asked there.

local statuses = require("sightline.statuses")

local M = {}

local NAME = "sightline"

---@class sightline.Options
---@field cmd? string[] how to start the server
---@field root_markers? string[] a folder that holds one of these is a root
---@field settings? table<string, any> of the server: docs/protocol.md
---@field limit? integer results of one question

---@type sightline.Options
M.options = {
  cmd = { "sightline", "lsp" },
  root_markers = { ".git" },
  settings = {},
  limit = 20,
}

--- What waits for a server that is starting, by its id.
---@type table<integer, function[]>
local waiting = {}
--- The server last started for each root, which may still be starting.
---@type table<string, integer>
local started = {}
local said_missing = false

local function capabilities()
  local all = vim.lsp.protocol.make_client_capabilities()
  all.experimental = vim.tbl_extend("force", all.experimental or {}, { statusNotification = true })
  return all
end

--- The server's configuration, for |vim.lsp.start()| and, without the root, for |vim.lsp.config()|.
---@return table
function M.config()
  return {
    name = NAME,
    cmd = M.options.cmd,
    root_markers = M.options.root_markers,
    settings = { sightline = M.options.settings },
    capabilities = capabilities(),
    handlers = {
      ["sightline/status"] = function(_, status, context)
        statuses.take(context.client_id, status)
      end,
    },
    on_init = function(server)
      -- Not before Neovim has sent the buffers, which it does after this.
      vim.schedule(function()
        local calls = waiting[server.id] or {}
        waiting[server.id] = nil
        for _, call in ipairs(calls) do
          call(server)
        end
      end)
    end,
    on_exit = function(_, _, id)
      -- Neovim itself says it when a server ends in a way it should not; the next question starts another.
      vim.schedule(function()
        waiting[id] = nil
        statuses.forget(id)
      end)
    end,
  }
end

---@param buffer integer
---@return boolean
local function is_file(buffer)
  local name = vim.api.nvim_buf_get_name(buffer)
  return vim.bo[buffer].buftype == "" and name ~= "" and not name:match("^%a[%w+.-]+://")
end

---@param source string|integer
---@return string?
local function root_of(source)
  return vim.fs.root(source, M.options.root_markers)
end

---@return string? sentence what to do where the server is missing
local function missing()
  local program = M.options.cmd[1]
  if vim.fn.executable(program) == 0 then
    return ("Sightline's server “%s” is not installed or not in PATH; see :help sightline-install."):format(program)
  end
end

--- Start the server of a root, or take the one that runs; attach `buffer` if one is given.
---@param root string
---@param buffer? integer
---@return integer? id
local function start(root, buffer)
  local config = vim.tbl_extend("force", M.config(), { root_dir = root })
  if buffer then
    started[root] = vim.lsp.start(config, { bufnr = buffer })
  elseif vim.fn.has("nvim-0.11") == 1 then
    started[root] = vim.lsp.start(config, { attach = false })
  else
    started[root] = vim.lsp.start_client(config)
  end
  return started[root]
end

--- Attach a buffer to the server of its root if it is a file below one.
---@param buffer integer
function M.attach(buffer)
  local root = is_file(buffer) and root_of(buffer)
  if not root or #vim.lsp.get_clients({ name = NAME, bufnr = buffer }) > 0 then
    return
  end
  local sentence = missing()
  if not sentence then
    start(root, buffer)
  elseif not said_missing then
    said_missing = true
    vim.notify(sentence, vim.log.levels.WARN)
  end
end

--- The id of the server that a question asked in `buffer` goes to; starts one if none runs.
---@param buffer integer
---@return integer? id
local function server_for(buffer)
  local attached = vim.lsp.get_clients({ name = NAME, bufnr = buffer })[1]
  if attached then
    return attached.id
  end
  local sentence = missing()
  if sentence then
    vim.notify(sentence, vim.log.levels.WARN)
    return nil
  end
  local root = is_file(buffer) and root_of(buffer)
  if root then
    return start(root, buffer)
  end
  local here = vim.fn.getcwd()
  root = root_of(here)
  if not root then
    local markers = table.concat(M.options.root_markers, " or ")
    vim.notify(("Sightline searches a folder that holds %s; %s lies in none."):format(markers, here), vim.log.levels.WARN)
    return nil
  end
  for _, server in ipairs(vim.lsp.get_clients({ name = NAME })) do
    if server.config.root_dir == root then
      return server.id
    end
  end
  local id = started[root]
  return id and vim.lsp.get_client_by_id(id) and id or start(root)
end

local function request(server, ...)
  if vim.fn.has("nvim-0.11") == 1 then
    return server:request(...)
  end
  return server.request(...)
end

--- Ask this buffer's server; an error is shown and `answered` is not called.
---@param name "search"|"similar"|"status"
---@param arguments table
---@param answered fun(answer: table, server: vim.lsp.Client)
function M.command(name, arguments, answered)
  local buffer = vim.api.nvim_get_current_buf()
  local id = server_for(buffer)
  local server = id and vim.lsp.get_client_by_id(id)
  if not id or not server then
    return
  end
  local function ask(ready)
    local params = { command = "sightline." .. name, arguments = { arguments } }
    request(ready, "workspace/executeCommand", params, function(problem, answer)
      if problem then
        vim.notify(problem.message, vim.log.levels.ERROR)
      else
        answered(answer, ready)
      end
    end, vim.api.nvim_buf_is_valid(buffer) and buffer or nil)
  end
  if server.initialized then
    ask(server)
  else
    waiting[id] = waiting[id] or {}
    table.insert(waiting[id], ask)
  end
end

return M
