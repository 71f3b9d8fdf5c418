-- `:Sightline!`, stepping through its results, `:SightlineSimilar`, `:SightlineStatus`.
local session = dofile(vim.fn.fnamemodify(debug.getinfo(1, "S").source:sub(2), ":p:h") .. "/session.lua")

local function filled(command)
  vim.fn.setqflist({}, "f")
  vim.cmd(command)
  session.wait("the quickfix list of " .. command, function()
    return #vim.fn.getqflist() > 0
  end)
  return vim.tbl_map(function(item)
    return { vim.fn.bufname(item.bufnr), item.lnum, item.col, item.text }
  end, vim.fn.getqflist())
end

session.play(function()
  local seen = {}
  session.indexed()
  seen.list = filled("Sightline! split like bash lang:python")
  seen.title = vim.fn.getqflist({ title = 0 }).title
  seen.window = vim.bo.buftype
  vim.cmd("cclose")
  vim.cmd("cfirst")
  seen.first = session.here()
  vim.cmd("cnext")
  seen.second = session.here()
  vim.cmd("SightlineNext")
  vim.cmd("SightlineNext")
  seen.stepped = session.here()
  vim.cmd("SightlinePrevious")
  seen.stepped_back = session.here()

  vim.cmd("edit bisect.py")
  vim.fn.search("^def bisect_left")
  seen.similar = filled("SightlineSimilar!")
  vim.cmd("wincmd p | cclose | edit bisect.py")
  local line = vim.fn.search("^def insort_left")
  seen.similar_to_lines = filled(("%d,%dSightlineSimilar!"):format(line, line + 3))

  vim.cmd("wincmd p | cclose")
  vim.cmd("SightlineStatus")
  seen.status = session.wait("the status", function()
    for _, message in ipairs(session.seen.notified) do
      if message:match("chunks of") then
        return message
      end
    end
  end)
  local function status_is(wanted)
    session.wait(wanted, function()
      return require("sightline").status() == wanted
    end)
    return wanted
  end
  vim.cmd("SightlinePause")
  seen.paused = status_is("Sightline: paused, vectors 100 %")
  vim.cmd("SightlineResume")
  seen.resumed = status_is("Sightline: ready")
  vim.cmd("checkhealth sightline")
  seen.health = vim.api.nvim_buf_get_lines(0, 0, -1, false)
  return seen
end)
