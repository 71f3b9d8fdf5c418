-- A question by meaning, its place, an edit that is not saved, and the same again.
local session = dofile(vim.fn.fnamemodify(debug.getinfo(1, "S").source:sub(2), ":p:h") .. "/session.lua")

session.play(function()
  local seen = { statuses = {} }
  vim.api.nvim_create_autocmd("User", {
    pattern = "SightlineStatus",
    callback = function()
      table.insert(seen.statuses, require("sightline").status())
    end,
  })
  session.indexed()
  seen.found = session.ask("Sightline delete shared margin at the left")
  seen.offered = session.seen.offered
  seen.prompt = session.seen.prompt

  vim.cmd("edit bisect.py")
  vim.api.nvim_buf_set_lines(0, 0, 0, false, {
    "def defrost_the_lasagna(oven, minutes):",
    '    """Thaw frozen pasta slowly."""',
    "    oven.warm(minutes)",
    "",
  })
  seen.unsaved = session.ask("Sightline thaw frozen pasta")
  seen.modified = vim.bo.modified
  return seen
end)
