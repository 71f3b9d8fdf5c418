" A question, its results, the way there and on; what resembles a function; a question nothing answers; no program.
function s:Here() abort
  return [expand('%:.'), line('.')]
endfunction

function s:Said(command) abort
  redir => l:said
  silent execute a:command
  redir END
  return trim(l:said)
endfunction

let seen = {}
Sightline split like bash lang:python
let seen.window = &buftype
let seen.title = getqflist({'title': 0}).title
cclose
cfirst
let seen.first = s:Here()
cnext
let seen.second = s:Here()
cprevious
let seen.back = s:Here()
edit bisect.py
call search('^def bisect_left')
SightlineSimilar
let seen.similar = map(getqflist(), 'v:val.text')
cclose
let seen.refused = s:Said('Sightline lang:klingon anything')
let g:sightline_program = 'no-such-program'
let seen.missing = s:Said('Sightline anything')
call writefile([json_encode(seen)], $HOME . '/seen.json')
qall!
