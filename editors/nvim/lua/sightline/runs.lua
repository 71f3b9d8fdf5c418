--- Runs of the server's program: how one begins, how it ended, and whether another follows.

local options = require("sightline.options")

local M = {}

local WINDOW = 5 * 60 * 1000
--- Milliseconds before the first, second and third restart within that window; there is no fourth.
local WAITS = { 250, 1000, 3000 }
--- How much longer than an answer a start may take.
local STARTS_TAKE = 4

---@class sightline.Run
---@field pid? integer
---@field ready boolean whether it has agreed to talk
---@field wanted boolean whether its end was asked for
---@field hung boolean whether it was ended because it gave no sign of life
---@field code? integer its exit status
---@field signal? integer
---@field pending table<table, function> what is to be called for each open question when it ends

--- By what a client reaches it through.
---@type table<table, sightline.Run>
local runs = setmetatable({}, { __mode = "k" })
--- When each root's server was started again.
---@type table<string, integer[]>
local restarts = {}
--- Why each root's server is not started any more.
---@type table<string, string>
local given_up = {}

---@param sentence string
local function warn(sentence)
  vim.notify(sentence, vim.log.levels.WARN)
end

--- The last line that the program wrote to its standard error, as Neovim logged it.
---@return string
local function last_words()
  local file = io.open(require("vim.lsp.log").get_filename(), "r")
  if not file then
    return ""
  end
  local size = file:seek("end")
  file:seek("set", math.max(0, size - 20000))
  local log = file:read("*a")
  file:close()
  local said = ""
  for chunk in log:gmatch('"stderr"\t["\'](.-)["\']\n') do
    for line in vim.gsplit(chunk:gsub('\\"', '"'), "\\n", { plain = true }) do
      said = line:match("%S") and vim.trim(line) or said
    end
  end
  return vim.fn.strcharpart(said, 0, 200)
end

---@param run sightline.Run
---@return string how it ended: the middle of a sentence
local function ending(run)
  if run.hung then
    return "did not answer and was ended"
  end
  return run.signal ~= 0 and ("was ended by signal %d"):format(run.signal) or ("ended with status %d"):format(run.code)
end

---@param root string
---@return integer? milliseconds to wait before the next start; nil where there have been enough
local function next_wait(root)
  local now = vim.uv.now()
  local recent = vim.tbl_filter(function(time)
    return now - time < WINDOW
  end, restarts[root] or {})
  restarts[root] = recent
  local wait = WAITS[#recent + 1]
  if wait then
    table.insert(recent, now)
  end
  return wait
end

---@param root string
---@param sentence string
local function give_up(root, sentence)
  given_up[root] = sentence .. " :checkhealth sightline says more, :SightlineRestart tries again."
  warn(given_up[root])
end

---@param run sightline.Run
---@param config table what its client was started with
---@param buffers integer[] that it had
local function ended(run, config, buffers)
  local root, how = config.root_dir or "", ending(run)
  if not run.ready then
    local words = run.hung and "" or last_words()
    words = words ~= "" and (" and said “%s”"):format(words) or ""
    return give_up(root, ("Sightline's server %s at its start%s."):format(how, words))
  end
  local wait = next_wait(root)
  if not wait then
    return give_up(root, ("Sightline's server %s, not for the first time, and is not started again."):format(how))
  end
  warn(("Sightline's server %s; it is started again."):format(how))
  vim.defer_fn(function()
    for _, buffer in ipairs(buffers) do
      if vim.api.nvim_buf_is_valid(buffer) then
        vim.lsp.start(config, { bufnr = buffer })
      end
    end
  end, wait)
end

---@return table<integer, true>
local function children()
  local found = {}
  for _, pid in ipairs(vim.api.nvim_get_proc_children(vim.fn.getpid())) do
    found[pid] = true
  end
  return found
end

--- Start the program: the `cmd` of a client's configuration.
---@param dispatchers table
---@return table rpc
function M.start(dispatchers)
  ---@type sightline.Run
  local run = { ready = false, wanted = false, hung = false, pending = {} }
  local before = children()
  local rpc = vim.lsp.rpc.start(
    options.cmd,
    vim.tbl_extend("force", dispatchers, {
      on_exit = function(code, signal)
        run.code, run.signal = code, signal
        -- Neovim would tell of a failure in words of its own.
        dispatchers.on_exit(0, 0)
      end,
    })
  )
  for pid in pairs(children()) do
    run.pid = before[pid] and run.pid or pid
  end
  local request, terminate = rpc.request, rpc.terminate
  rpc.request = function(method, ...)
    run.wanted = run.wanted or method == "shutdown"
    return request(method, ...)
  end
  rpc.terminate = function(...)
    run.wanted = true
    return terminate(...)
  end
  runs[rpc] = run
  local patience = options.patience * STARTS_TAKE * 1000
  vim.defer_fn(function()
    if not run.ready then
      M.end_hung(run)
    end
  end, patience)
  return rpc
end

--- The run that a client talks to.
---@param server vim.lsp.Client
---@return sightline.Run?
function M.of(server)
  return runs[server.rpc]
end

--- Take note that a client's server has ended; for `on_exit`, and so not in Neovim's main loop.
---@param server vim.lsp.Client
function M.note_end(server)
  local run = M.of(server)
  if not run then
    return
  end
  local root = server.config.root_dir or ""
  local buffers = vim.tbl_keys(server.attached_buffers)
  local known = given_up[root] ~= nil
  if not run.ready and not run.wanted then
    -- At once, so that the next file does not start another.
    given_up[root] = given_up[root] or "Sightline's server ended at its start."
  end
  vim.schedule(function()
    local pending = run.pending
    run.pending = {}
    for _, finish in pairs(pending) do
      finish()
    end
    if not run.wanted and not known and vim.v.exiting == vim.NIL then
      ended(run, server.config, buffers)
    end
  end)
end

--- End a server that gives no sign of life.
---@param run sightline.Run
function M.end_hung(run)
  if run.code == nil and not run.wanted and run.pid then
    run.hung = true
    vim.uv.kill(run.pid, "sigkill")
  end
end

--- Why no server is started for a root any more; nil where one may be.
---@param root string
---@return string? sentence
function M.given_up(root)
  return given_up[root]
end

--- Begin to count anew: a person asked for a start.
---@param root string
function M.forget(root)
  given_up[root], restarts[root] = nil, nil
end

return M
