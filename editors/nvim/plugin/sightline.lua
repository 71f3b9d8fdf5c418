if vim.g.loaded_sightline then
  return
end
vim.g.loaded_sightline = true

local command = vim.api.nvim_create_user_command

command("Sightline", function(given)
  require("sightline").search(given.args, { quickfix = given.bang })
end, { nargs = "*", bang = true, desc = "Find code by what it does; with ! into the quickfix list" })

command("SightlineSimilar", function(given)
  local lines = given.range > 0 and { given.line1, given.line2 } or nil
  require("sightline").similar({ quickfix = given.bang, lines = lines })
end, { bang = true, range = true, desc = "Find what resembles the function at the cursor, or the given lines" })

command("SightlineStatus", function()
  require("sightline").show_status()
end, { desc = "Say how much of the workspace is indexed" })
