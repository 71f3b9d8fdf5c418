" Find code by what it does, from Vim 8.2 on. The program answers each question anew and reads what is saved.
" :Sightline {query} and :SightlineSimilar fill the quickfix list; :cnext and :cprevious step through it.
if exists('g:loaded_sightline') || has('nvim')
  finish
endif
let g:loaded_sightline = 1

let g:sightline_program = get(g:, 'sightline_program', 'sightline')
let g:sightline_limit = get(g:, 'sightline_limit', 20)

function s:Say(sentence) abort
  echohl WarningMsg | echomsg a:sentence | echohl None
endfunction

function s:Root() abort
  let l:here = finddir('.git', escape(expand('%:p:h'), ' ,;') . ';')
  return empty(l:here) ? getcwd() : fnamemodify(l:here, ':p:h:h')
endfunction

function s:List(title, arguments) abort
  if !executable(g:sightline_program)
    call s:Say('Sightline''s program ' . g:sightline_program . ' is not installed or not in PATH.')
    return
  endif
  let l:words = [g:sightline_program] + a:arguments + [s:Root(), '--vimgrep', '-k', g:sightline_limit]
  let l:lines = systemlist(join(map(l:words, 'shellescape(v:val)')))
  if v:shell_error > 1
    call s:Say(empty(l:lines) ? 'Sightline ended with status ' . v:shell_error : l:lines[-1])
  elseif empty(l:lines)
    call s:Say('Nothing found: ' . a:title)
  else
    call setqflist([], ' ', {'title': 'Sightline: ' . a:title, 'lines': l:lines, 'efm': '%f:%l:%c:%m'})
    botright copen
  endif
endfunction

function s:Similar(first, last) abort
  let l:lines = a:first == a:last ? a:first : a:first . '-' . a:last
  let l:place = expand('%:p') . ':' . l:lines
  call s:List('similar to ' . expand('%:t') . ':' . l:lines, ['similar', l:place])
endfunction

command -nargs=+ Sightline call s:List(<q-args>, ['search', <q-args>])
command -range SightlineSimilar call s:Similar(<line1>, <line2>)
