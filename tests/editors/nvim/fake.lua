-- `nvim -l fake.lua dies|hangs`: a server that agrees to talk, and then ends at the first command or answers no more.
local file = assert(io.open(vim.fn.expand("~/fake.pid"), "w"))
file:write(vim.fn.getpid())
file:close()

while true do
  local length
  repeat
    local line = io.read("*l")
    if not line then
      os.exit(0)
    end
    length = tonumber(line:match("^Content%-Length: (%d+)")) or length
  until line:gsub("\r", "") == ""
  local message = vim.json.decode(io.read(length))
  if message.method == "initialize" then
    local result = { capabilities = { executeCommandProvider = { commands = { "sightline.search" } } } }
    local body = vim.json.encode({ jsonrpc = "2.0", id = message.id, result = result })
    io.write(("Content-Length: %d\r\n\r\n%s"):format(#body, body))
    io.flush()
  elseif message.method == "workspace/executeCommand" and arg[1] == "dies" then
    io.stderr:write("out of luck\n")
    os.exit(7)
  end
end
