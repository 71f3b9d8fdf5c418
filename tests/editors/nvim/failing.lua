-- Servers that end at their start, hang and end in use: what is said, and how often each is started.
local here = vim.fn.fnamemodify(debug.getinfo(1, "S").source:sub(2), ":p:h")
local session = dofile(here .. "/session.lua")

local said = {}
vim.notify = function(message)
  table.insert(said, message)
end

local function next_sentence()
  session.wait("a message", function()
    return #said > 0
  end)
  return table.remove(said, 1)
end

local function ready_servers()
  return vim.tbl_filter(function(server)
    return server.initialized
  end, vim.lsp.get_clients({ name = "sightline" }))
end

local function ready()
  session.wait("a server that is ready", function()
    return #ready_servers() == 1
  end)
end

local function use(...)
  require("sightline").setup({ cmd = { ... }, patience = 0.3 })
end

session.play(function()
  local seen = {}
  use("sh", "-c", "echo no module named x >&2; exit 3")
  vim.cmd("edit bisect.py")
  seen.at_start = next_sentence()
  vim.cmd("edit text/textwrap.py")
  vim.cmd("Sightline! anything")
  seen.asked_then = next_sentence()

  use("nvim", "-l", here .. "/fake.lua", "dies")
  vim.cmd("SightlineRestart")
  seen.in_use = {}
  for _ = 1, 4 do
    ready()
    vim.cmd("Sightline! anything")
    table.insert(seen.in_use, next_sentence())
  end
  vim.cmd("edit shell/shlex.py")
  seen.after = #vim.lsp.get_clients({ name = "sightline" })

  use("nvim", "-l", here .. "/fake.lua", "hangs")
  vim.cmd("SightlineRestart")
  ready()
  vim.cmd("Sightline! anything")
  vim.api.nvim_buf_set_lines(0, 0, 0, false, { "typed while it hangs" })
  seen.typed = vim.api.nvim_buf_get_lines(0, 0, 1, false)[1]
  seen.hung = next_sentence()
  ready()
  seen.more = said
  return seen
end)
