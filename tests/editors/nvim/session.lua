-- Run by `nvim --headless -u session.lua`: how a scenario waits, what it saw, and how it ends.

local M = { seen = {}, chosen = nil }

local SECONDS = 200

--- Let Neovim work until `condition` holds, and answer what it answered.
function M.wait(what, condition)
  local found
  local ok = vim.wait(SECONDS * 1000, function()
    found = condition()
    return found
  end, 20)
  if not ok then
    error("waited in vain for " .. what .. "; " .. vim.inspect(M.seen), 2)
  end
  return found
end

--- Where the cursor is: path below the folder, and line.
function M.here()
  return { vim.fn.expand("%:."), vim.api.nvim_win_get_cursor(0)[1] }
end

--- Answer the picker as a person who takes the first; remember what was offered.
vim.ui.select = function(items, options, choose)
  M.seen.offered = vim.tbl_map(options.format_item or tostring, items)
  M.seen.prompt = options.prompt
  choose(items[1], 1)
  M.chosen = true
end

local notify = vim.notify
M.seen.notified = {}
vim.notify = function(message, level, options)
  table.insert(M.seen.notified, message)
  if level == vim.log.levels.ERROR then
    notify(message, level, options)
  end
end

--- Ask by a command, and wait until the first result was taken.
function M.ask(command)
  M.chosen = nil
  vim.cmd(command)
  M.wait("an answer to " .. command, function()
    return M.chosen
  end)
  return M.here()
end

--- Wait until the folder is complete by the server's own word.
function M.indexed()
  M.wait("the index", function()
    return require("sightline").status() == "Sightline: ready"
  end)
end

--- Run a scenario, write what it answers as JSON to standard output, and leave.
function M.play(scenario)
  local ok, result = xpcall(scenario, debug.traceback)
  if ok then
    io.stdout:write(vim.json.encode(result))
    vim.cmd("qall!")
  else
    io.stderr:write(tostring(result))
    vim.cmd("cquit 1")
  end
end

return M
