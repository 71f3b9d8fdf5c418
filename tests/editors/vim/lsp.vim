" With vim-lsp, as editors/README.md says.
set nocompatible
set runtimepath+=~/plugins/vim-lsp
autocmd User lsp_setup call lsp#register_server({
  \ 'name': 'sightline',
  \ 'cmd': {server -> ['sightline', 'lsp']},
  \ 'root_uri': {server -> lsp#utils#path_to_uri(
  \   lsp#utils#find_nearest_parent_file_directory(lsp#utils#get_buffer_path(), '.git/'))},
  \ 'allowlist': ['*'],
  \ })
