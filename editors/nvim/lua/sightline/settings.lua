--- The settings of the server, as they are where neither `setup()`, the user's settings file nor the environment says
--- otherwise. A test holds that the server's are the same. None of these is sent: only what `setup()` is given is.

---@class sightline.Settings
return {
  model = "default",
  maxFileSize = 1000000,
  threads = 0,
  exclude = {},
  embed = true,
  bufferDelayMs = 150,
  dimensions = 0,
  vectorPrecision = "half",
  maxTokens = 0,
  chunkBytes = 1800,
}
