--- `:checkhealth sightline`

local M = {}

function M.check()
  local client = require("sightline.client")
  local statuses = require("sightline.statuses")
  local health = vim.health
  health.start("Sightline")

  local version = tostring(vim.version())
  if vim.fn.has("nvim-0.10") == 1 then
    health.ok("Neovim " .. version)
  else
    health.error("Neovim " .. version .. " is older than 0.10.")
  end

  local program = client.options.cmd[1]
  local found = vim.fn.exepath(program)
  if found == "" then
    health.error(
      ("The server “%s” is not installed or not in PATH."):format(program),
      { "Install Sightline, then name its program in setup({ cmd = { \"…/sightline\", \"lsp\" } })." }
    )
  else
    local done = vim.system({ found, "--version" }, { text = true }):wait(10000)
    local said = vim.trim(done.stdout or "")
    if done.code == 0 then
      health.ok(("%s (%s)"):format(said, found))
    else
      health.error(("%s --version ended with status %d: %s"):format(found, done.code, vim.trim(done.stderr or "")))
    end
  end

  local servers = vim.lsp.get_clients({ name = "sightline" })
  if #servers == 0 then
    health.info("No server runs: open a file below a folder with " .. table.concat(client.options.root_markers, " or "))
  end
  for _, server in ipairs(servers) do
    local known = statuses.of(server.id)
    health.ok(("A server runs for %s"):format(server.config.root_dir or "no folder"))
    for _, status in ipairs(known) do
      local say = status.problem ~= "" and health.warn or health.info
      say(statuses.report(status))
    end
  end
  health.info("Log: " .. require("vim.lsp.log").get_filename())
end

return M
