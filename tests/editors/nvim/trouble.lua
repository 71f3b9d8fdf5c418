-- A question that cannot be read, a server that dies, a server that is not there.
local session = dofile(vim.fn.fnamemodify(debug.getinfo(1, "S").source:sub(2), ":p:h") .. "/session.lua")

vim.notify = function(message)
  table.insert(session.seen.notified, message)
end

local function notified()
  session.wait("a message", function()
    return #session.seen.notified > 0
  end)
  local said = session.seen.notified
  session.seen.notified = {}
  return said
end

session.play(function()
  local seen = {}
  session.indexed()
  vim.cmd("Sightline lang:klingon where")
  seen.refused = notified()

  local pid = tonumber(vim.fn.readfile(vim.fn.expand("~/server.pid"))[1])
  vim.uv.kill(pid, "sigkill")
  seen.ended = notified()
  seen.status_without_server = require("sightline").status()
  session.indexed()
  seen.found_again = session.ask("Sightline delete shared margin at the left")

  seen.servers = #vim.lsp.get_clients({ name = "sightline" })
  for _, server in ipairs(vim.lsp.get_clients({ name = "sightline" })) do
    vim.lsp.stop_client(server.id)
  end
  session.wait("the end of the server", function()
    return #vim.lsp.get_clients({ name = "sightline" }) == 0
  end)
  require("sightline").setup({ cmd = { "no-such-server" } })
  vim.cmd("edit bisect.py")
  vim.cmd("edit text/fnmatch.py")
  seen.missing_for_files = notified()
  vim.cmd("Sightline anything")
  seen.missing_for_a_question = notified()
  return seen
end)
