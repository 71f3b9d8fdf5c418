--- `:checkhealth sightline`

local options = require("sightline.options")
local statuses = require("sightline.statuses")

local M = {}

local function check_program()
  local program = options.cmd[1]
  local found = vim.fn.exepath(program)
  if found == "" then
    vim.health.error(
      ("The server “%s” is not installed or not in PATH."):format(program),
      { 'Install Sightline, then name its program in setup({ cmd = { "…/sightline", "lsp" } }).' }
    )
    return
  end
  local ran, done = pcall(function()
    return vim.system({ found, "--version" }, { text = true }):wait(10000)
  end)
  local said = ran and vim.trim(done.stdout or "") or ""
  if ran and done.code == 0 then
    vim.health.ok(("%s (%s)"):format(said, found))
  else
    local why = ran and vim.trim(done.stderr or "") or tostring(done)
    local status = ran and (" ended with status %d"):format(done.code) or " could not be run"
    vim.health.error(("%s --version%s: %s"):format(found, status, why))
  end
end

local function check_settings()
  local known = require("sightline.settings")
  for name in pairs(options.settings) do
    if known[name] == nil then
      local names = vim.tbl_keys(known)
      table.sort(names)
      vim.health.warn(("The server takes no setting “%s” from an editor; it takes %s."):format(name, table.concat(names, ", ")))
    end
  end
end

local function check_pickers()
  local pickers = require("sightline.pickers")
  local shown, current = pcall(pickers.current)
  if not shown then
    vim.health.error(("The picker “%s” cannot be had: %s"):format(pickers.name(), vim.split(tostring(current), "\n")[1]))
  elseif current.live then
    vim.health.ok(("Results come up in %s while you type"):format(pickers.name()))
  else
    vim.health.info("Results come up in vim.ui.select(); with Telescope, snacks.nvim or fzf-lua they come while you type")
  end
end

local function check_servers()
  local servers = vim.lsp.get_clients({ name = "sightline" })
  if #servers == 0 then
    vim.health.info("No server runs: open a file below a folder with " .. table.concat(options.root_markers, " or "))
  end
  for _, server in ipairs(servers) do
    vim.health.ok(("A server runs for %s"):format(server.config.root_dir or "no folder"))
    for _, status in ipairs(statuses.of(server.id)) do
      local say = status.problem ~= "" and vim.health.warn or vim.health.info
      say(statuses.report(status))
    end
  end
end

function M.check()
  vim.health.start("Sightline")
  local version = tostring(vim.version())
  if vim.fn.has("nvim-0.10") == 1 then
    vim.health.ok("Neovim " .. version)
  else
    vim.health.error("Neovim " .. version .. " is older than 0.10.")
  end
  check_program()
  check_settings()
  check_pickers()
  check_servers()
  vim.health.info("Log: " .. require("vim.lsp.log").get_filename())
end

return M
