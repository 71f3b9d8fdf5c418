" With ALE, as editors/README.md says.
set nocompatible
filetype plugin on
let g:ale_linters = {}
for language in ['c', 'go', 'python', 'rust']
  let g:ale_linters[language] = ['sightline']  " and whatever else you have for it
  call ale#linter#Define(language, {
    \ 'name': 'sightline',
    \ 'lsp': 'stdio',
    \ 'executable': 'sightline',
    \ 'command': '%e lsp',
    \ 'project_root': {buffer -> fnamemodify(finddir('.git', expand('#' . buffer . ':p:h') . ';'), ':p:h:h')},
    \ })
endfor
