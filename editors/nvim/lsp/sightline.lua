-- For `vim.lsp.enable("sightline")`, from Neovim 0.11 on.
return require("sightline.client").config()
