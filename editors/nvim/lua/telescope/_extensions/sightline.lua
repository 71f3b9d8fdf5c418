--- `:Telescope sightline`, for those who begin there.
return require("telescope").register_extension({
  exports = {
    sightline = function()
      require("sightline").search("")
    end,
  },
})
