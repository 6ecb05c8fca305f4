" What the commands of a film's buffer do, in Vim 9 and Neovim

" The anim that is run: `g:anim_path`, else the one on PATH. A project's own environment is taken only where
" `g:anim_path` names it, because opening somebody's film must not run what lies beside it.
function! anim#command() abort
  return expand(get(g:, 'anim_path', 'anim'))
endfunction

" Runs `anim ACTION FILM ARGUMENTS` in a terminal below; without a shell, whatever the film is called.
function! anim#run(action, arguments) abort
  if !s:found()
    return
  endif
  update
  call s:terminal([anim#command(), a:action, expand('%:p')] + a:arguments)
endfunction

" Explains a code or a name: that which is given, else the mistake's or the word at the cursor.
function! anim#explain(name) abort
  let l:name = empty(a:name) ? s:topic() : a:name
  if empty(l:name) || !s:found()
    return
  endif
  let l:words = [anim#command(), '--colour', 'never', 'explain', l:name]
  let l:lines = systemlist(join(map(l:words, 'shellescape(v:val)')))
  if v:shell_error
    echohl WarningMsg | echo get(l:lines, 0, '') | echohl None
    return
  endif
  execute 'botright' min([len(l:lines) + 1, 20]) .. 'new'
  setlocal buftype=nofile bufhidden=wipe noswapfile nobuflisted nonumber
  call setline(1, l:lines)
  setlocal nomodifiable
  nnoremap <buffer> <silent> q <Cmd>close<CR>
endfunction

" Lays the whole film out, for `gq`; a film with mistakes stays as it is, and the first of them is said.
function! anim#format() abort
  if mode() =~# '[iR]'
    return 1  " while one types, lines are broken as always
  endif
  if !s:found()
    return 0
  endif
  let l:command = shellescape(anim#command()) .. ' --colour never fmt - --quiet'
  let l:lines = systemlist(l:command, join(getline(1, '$'), "\n") .. "\n")
  if v:shell_error
    echohl WarningMsg | echo get(l:lines, 0, '') | echohl None
  elseif l:lines !=# getline(1, '$')
    let l:view = winsaveview()
    call setline(1, l:lines)
    if line('$') > len(l:lines)
      silent execute len(l:lines) + 1 .. ',$delete _'
    endif
    call winrestview(l:view)
  endif
  return 0
endfunction

function! s:found() abort
  if executable(anim#command())
    return 1
  endif
  echohl ErrorMsg
  echomsg 'anim was not found: install it with `pip install anim`, or set g:anim_path'
  echohl None
  return 0
endfunction

function! s:terminal(command) abort
  if has('nvim')
    botright new
    call termopen(a:command)
    startinsert
  else
    botright call term_start(a:command, {'term_name': join(a:command[1:], ' ')})
  endif
endfunction

function! s:topic() abort
  if has('nvim')
    let l:code = luaeval("require('anim').code_here()")
    if !empty(l:code)
      return l:code
    endif
  endif
  return expand('<cword>')
endfunction
