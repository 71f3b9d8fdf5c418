--- The servers: one for each root, started when a file below it is read or a question is asked there.

local options = require("sightline.options")
local runs = require("sightline.runs")
local statuses = require("sightline.statuses")

local M = {}

local NAME = "sightline"
--- Answered by the server at once, whatever it is doing.
local PING = "workspaceSymbol/resolve"
local NOTHING = { name = "", kind = 13, location = { uri = "file:///" } }

--- What waits for a server that is starting, by its id.
---@type table<integer, function[]>
local waiting = {}
--- The server last started for each root, which may still be starting.
---@type table<string, integer>
local started = {}
--- Sentences that were said because of a file, which are said once.
---@type table<string, true>
local said = {}

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
    cmd = function(dispatchers)
      return runs.start(dispatchers)
    end,
    root_markers = options.root_markers,
    settings = { sightline = options.settings },
    capabilities = capabilities(),
    handlers = {
      ["sightline/status"] = function(_, status, context)
        statuses.take(context.client_id, status)
      end,
    },
    on_init = function(server)
      local run = runs.of(server)
      if run then
        run.ready = true
      end
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
      local server = vim.lsp.get_client_by_id(id)
      if server then
        runs.note_end(server)
      end
      vim.schedule(function()
        local calls = waiting[id] or {}
        waiting[id] = nil
        for _, call in ipairs(calls) do
          call(nil)
        end
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
  return vim.fs.root(source, options.root_markers)
end

---@param root string
---@return string? sentence why no server can be started for a root
local function obstacle(root)
  local program = options.cmd[1]
  if vim.fn.executable(program) == 0 then
    return ("Sightline's server “%s” is not installed or not in PATH; see :help sightline-install."):format(program)
  end
  return runs.given_up(root)
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
  local sentence = obstacle(root)
  if not sentence then
    start(root, buffer)
  elseif not said[sentence] and not runs.given_up(root) then
    said[sentence] = true
    vim.notify(sentence, vim.log.levels.WARN)
  end
end

--- The root that a question asked in `buffer` is about; says so where there is none.
---@param buffer integer
---@return string?
local function root_for(buffer)
  local attached = vim.lsp.get_clients({ name = NAME, bufnr = buffer })[1]
  local root = attached and attached.config.root_dir or (is_file(buffer) and root_of(buffer))
  if root then
    return root
  end
  local here = vim.fn.getcwd()
  root = root_of(here)
  if not root then
    local markers = table.concat(options.root_markers, " or ")
    vim.notify(("Sightline searches a folder that holds %s; %s lies in none."):format(markers, here), vim.log.levels.WARN)
  end
  return root
end

--- The server of a root that runs or starts.
---@param root string
---@return vim.lsp.Client?
local function running(root)
  for _, server in ipairs(vim.lsp.get_clients({ name = NAME })) do
    if server.config.root_dir == root then
      return server
    end
  end
  return started[root] and vim.lsp.get_client_by_id(started[root])
end

--- The server that a question asked in `buffer` goes to; starts one if none runs, and says so where none can be.
---@param buffer integer
---@return vim.lsp.Client?
function M.server_for(buffer)
  local root = root_for(buffer)
  if not root then
    return nil
  end
  local server = running(root)
  if server then
    return server
  end
  local sentence = obstacle(root)
  if sentence then
    vim.notify(sentence, vim.log.levels.WARN)
    return nil
  end
  local id = start(root, is_file(buffer) and root_of(buffer) == root and buffer or nil)
  return id and vim.lsp.get_client_by_id(id)
end

--- End the server of the current buffer's root and start another, however often it has failed.
function M.restart()
  local buffer = vim.api.nvim_get_current_buf()
  local root = root_for(buffer)
  if not root then
    return
  end
  runs.forget(root)
  local server = running(root)
  local buffers = server and vim.tbl_keys(server.attached_buffers) or {}
  if server then
    vim.lsp.stop_client(server.id, true)
  end
  -- Neovim takes a server that is stopping for one that runs, so its end is waited for.
  local function again(turns)
    if server and vim.lsp.get_client_by_id(server.id) and turns > 0 then
      return vim.defer_fn(function()
        again(turns - 1)
      end, 50)
    end
    vim.tbl_map(M.attach, vim.tbl_filter(vim.api.nvim_buf_is_valid, buffers))
    M.server_for(buffer)
  end
  again(100)
end

local function send(server, ...)
  if vim.fn.has("nvim-0.11") == 1 then
    return server:request(...)
  end
  return server.request(...)
end

local function withdraw(server, id)
  if vim.fn.has("nvim-0.11") == 1 then
    server:cancel_request(id)
  else
    server.cancel_request(id)
  end
end

--- End the server where neither `question` is answered nor a ping, each in the time that one has patience for.
---@param server vim.lsp.Client
---@param run sightline.Run
---@param question { over: boolean }
local function watch(server, run, question)
  local patience = options.patience * 1000
  vim.defer_fn(function()
    if question.over or run.code ~= nil then
      return
    end
    local lives = false
    send(server, PING, NOTHING, function()
      lives = true
    end)
    vim.defer_fn(function()
      if lives then
        watch(server, run, question)
      else
        runs.end_hung(run)
      end
    end, patience)
  end, patience)
end

---@class sightline.Problem
---@field message string

--- Ask a server for the command `sightline.{name}`. `answered` gets an answer or a problem, or neither where the
--- server ended meanwhile; nothing once the question is withdrawn.
---@param server vim.lsp.Client
---@param name string
---@param arguments table
---@param answered fun(answer: table?, problem: sightline.Problem?)
---@return fun() withdraw
function M.ask(server, name, arguments, answered)
  local question = { over = false }
  local id
  local run = runs.of(server)
  local function finish(problem, answer)
    if question.over then
      return
    end
    question.over = true
    if run then
      run.pending[question] = nil
    end
    answered(answer, problem)
  end
  local function ask(ready)
    if question.over then
      return
    elseif not ready then
      return finish()
    end
    local params = { command = "sightline." .. name, arguments = { arguments } }
    local _, sent = send(ready, "workspace/executeCommand", params, finish)
    id = sent
    if run then
      watch(ready, run, question)
    end
  end
  if run then
    run.pending[question] = finish
  end
  if server.initialized then
    ask(server)
  else
    waiting[server.id] = waiting[server.id] or {}
    table.insert(waiting[server.id], ask)
  end
  return function()
    if not question.over then
      question.over = true
      if run then
        run.pending[question] = nil
      end
      if id then
        withdraw(server, id)
      end
    end
  end
end

--- Ask the current buffer's server once; a problem is shown and `answered` is not called.
---@param name string
---@param arguments table
---@param answered fun(answer: table, server: vim.lsp.Client)
function M.command(name, arguments, answered)
  local server = M.server_for(vim.api.nvim_get_current_buf())
  if not server then
    return
  end
  M.ask(server, name, arguments, function(answer, problem)
    if problem then
      vim.notify(problem.message, vim.log.levels.ERROR)
    elseif answer then
      answered(answer, server)
    end
  end)
end

return M
