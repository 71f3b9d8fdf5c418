if vim.g.loaded_sightline then
  return
end
vim.g.loaded_sightline = true

local function command(name, does, more)
  vim.api.nvim_create_user_command(name, does, more)
end

command("Sightline", function(given)
  require("sightline").search(given.args, { quickfix = given.bang })
end, { nargs = "*", bang = true, desc = "Find code by what it does; with ! into the quickfix list" })

command("SightlineSimilar", function(given)
  local lines = given.range > 0 and { given.line1, given.line2 } or nil
  require("sightline").similar({ quickfix = given.bang, lines = lines })
end, { bang = true, range = true, desc = "Find what resembles the function at the cursor, or the given lines" })

command("SightlineNext", function(given)
  require("sightline").step(given.count)
end, { count = 1, desc = "Go to the next result of the last question" })

command("SightlinePrevious", function(given)
  require("sightline").step(-given.count)
end, { count = 1, desc = "Go to the previous result of the last question" })

for name, does in pairs({
  SightlineStatus = { "show_status", "Say how much of the workspace is indexed" },
  SightlinePause = { "pause", "Stop indexing for now" },
  SightlineResume = { "resume", "Go on indexing" },
  SightlineRestart = { "restart", "End the server and start another" },
}) do
  command(name, function()
    require("sightline")[does[1]]()
  end, { desc = does[2] })
end
