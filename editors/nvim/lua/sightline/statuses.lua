--- What the servers last said of their folders.

local M = {}

--- By the id of the server and the URI of the folder.
---@type table<integer, table<string, table>>
local latest = {}

local function changed()
  vim.api.nvim_exec_autocmds("User", { pattern = "SightlineStatus", modeline = false })
  vim.cmd.redrawstatus({ bang = true })
end

---@param id integer
---@param status table
function M.take(id, status)
  latest[id] = latest[id] or {}
  latest[id][status.folder] = status
  changed()
end

---@param id integer
function M.forget(id)
  latest[id] = nil
  changed()
end

--- What a server last said of each of its folders.
---@param id integer
---@return table[]
function M.of(id)
  return vim.tbl_values(latest[id] or {})
end

---@param status table
---@return integer percent of the chunks that have their vector
local function embedded(status)
  return status.chunks > 0 and math.floor(status.embedded * 100 / status.chunks) or 100
end

local WORDS = {
  opening = function()
    return "opening"
  end,
  reading = function()
    return "reading"
  end,
  embedding = function(status)
    return ("words, vectors %d %%"):format(embedded(status))
  end,
  words = function()
    return "words only"
  end,
  paused = function(status)
    return ("paused, vectors %d %%"):format(embedded(status))
  end,
  complete = function()
    return "ready"
  end,
  problem = function()
    return "problem"
  end,
}

--- The folder that holds `name`: the innermost.
local function folder_of(statuses, name)
  local best
  for _, status in pairs(statuses) do
    local inside = name == status.root or vim.startswith(name, status.root .. "/")
    if inside and (not best or #status.root > #best.root) then
      best = status
    end
  end
  return best
end

---@param buffer integer
---@return string
function M.component(buffer)
  local name = vim.fs.normalize(vim.api.nvim_buf_get_name(buffer))
  if name == "" then
    name = vim.fs.normalize(vim.fn.getcwd())
  end
  for _, statuses in pairs(latest) do
    local status = folder_of(statuses, name)
    if status then
      return "Sightline: " .. (WORDS[status.state] or WORDS.problem)(status)
    end
  end
  return ""
end

--- One folder's status for a person.
---@param status table
---@return string
function M.report(status)
  local lines = {
    ("%s: %s"):format(vim.fn.fnamemodify(status.root, ":~"), (WORDS[status.state] or WORDS.problem)(status)),
    ("  %d chunks of %d files, %d with their vector (%s)"):format(
      status.chunks,
      status.files,
      status.embedded,
      status.model ~= "" and status.model or "no model"
    ),
  }
  local reasons = {}
  for reason, count in pairs(status.leftOut) do
    table.insert(reasons, ("%s %d"):format(reason, count))
  end
  if #reasons > 0 then
    table.sort(reasons)
    table.insert(lines, "  left out: " .. table.concat(reasons, ", "))
  end
  if status.problem ~= "" then
    table.insert(lines, "  " .. status.problem)
  end
  return table.concat(lines, "\n")
end

return M
