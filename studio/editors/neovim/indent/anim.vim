" Indent for Vim 9 and Neovim: two columns for every bracket that a line leaves open
" Language: anim, a small language for AI animation

if exists('b:did_indent')
  finish
endif
let b:did_indent = 1

setlocal indentexpr=AnimIndent()
setlocal indentkeys=0},0),0],!^F,o,O
let b:undo_indent = 'setlocal indentexpr< indentkeys<'

if exists('*AnimIndent')
  finish
endif

function! AnimIndent() abort
  if s:in_long_text(v:lnum)
    return -1  " its spaces are a part of it
  endif
  let l:above = s:above(v:lnum)
  if l:above == 0
    return 0
  endif
  let l:code = s:code(l:above)
  let l:open = s:open(l:above)
  if l:code =~# s:goes_on
    " the first line of a statement; an argument has a comma or the bracket above it
    if l:code =~# '^\s*\h[^=({\[]*=' && s:code(s:above(l:above)) !~# '[(\[,]\s*$'
      let l:open = 1
    endif
  elseif getline(v:lnum) !~# s:joins
    " a statement ends above: the next one stands where that one began
    while s:above(l:above) > 0 && (s:code(l:above) =~# s:joins || s:code(s:above(l:above)) =~# s:goes_on)
      let l:above = s:above(l:above)
      let l:open += s:open(l:above)
    endwhile
  endif
  let l:closes = getline(v:lnum) =~# '^\s*[})\]]'
  return max([0, indent(l:above) + (min([l:open, 1]) - l:closes) * shiftwidth()])
endfunction

" How a line ends that the next one goes on, and how one begins that goes on with the line above.
let s:goes_on = '[-+*/=,]\s*$'
let s:joins = '^\s*[-+*/]'

" The line above that has something on it and begins outside of a long text.
function! s:above(line) abort
  let l:above = prevnonblank(a:line - 1)
  while s:in_long_text(l:above)
    let l:above = prevnonblank(l:above - 1)
  endwhile
  return l:above
endfunction

function! s:in_long_text(line) abort
  return index(map(synstack(a:line, 1), {_, id -> synIDattr(id, 'name')}), 'animLongText') >= 0
endfunction

" A line without what its texts and its comment say.
function! s:code(line) abort
  return substitute(getline(a:line), '"[^"]*"\|#.*$', '\=submatch(0)[0] ==# "#" ? "" : "\"\""', 'g')
endfunction

" How many brackets a line leaves open; one that closes at its begin has moved the line itself already.
function! s:open(line) abort
  let l:code = s:code(a:line)
  let l:open = len(substitute(l:code, '[^{(\[]', '', 'g')) - len(substitute(l:code, '[^})\]]', '', 'g'))
  return l:open + (l:code =~# '^\s*[})\]]')
endfunction
