" What editors/README.md tells a person to write for Vim.
set nocompatible
set runtimepath+=~/src/sightline/editors/vim
