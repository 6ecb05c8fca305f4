" Filetype plugin for Vim 9 and Neovim
" Language: anim, a small language for AI animation

if exists('b:did_ftplugin')
  finish
endif
let b:did_ftplugin = 1

setlocal comments=:# commentstring=#\ %s
setlocal expandtab shiftwidth=2 softtabstop=2 tabstop=2
setlocal formatoptions-=t formatoptions+=croql
setlocal suffixesadd=.anim
setlocal include=^\\s*import\\s\\+\"\\zs[^\"]*\\ze\"

" `:make` checks the film, and the quickfix list has what it finds
let &l:makeprg = shellescape(anim#command()) .. ' check --format concise %:p:S'
setlocal errorformat=%f:%l:%c:\ %trror%m,%f:%l:%c:\ %tarning%m,%-G%.%#
" `gq` lays the whole film out, where no language server does it
setlocal formatexpr=anim#format()
" `K` names the word at the cursor; a mistake there goes before it
let &l:keywordprg = ':AnimExplain!'

command! -buffer -nargs=* -bar AnimRender call anim#run('render', [<f-args>])
command! -buffer -nargs=* -bar AnimPreview call anim#run('preview', [<f-args>])
command! -buffer -nargs=* -bar AnimLive call anim#run('live', [<f-args>])
command! -buffer -nargs=* -bar AnimPlan call anim#run('plan', [<f-args>])
command! -buffer -nargs=? -bang -bar AnimExplain call anim#explain(<bang>0 ? '' : <q-args>)

let b:undo_ftplugin = 'setlocal comments< commentstring< expandtab< shiftwidth< softtabstop< tabstop<'
      \ .. ' formatoptions< suffixesadd< include< makeprg< errorformat< formatexpr< keywordprg<'
      \ .. ' | delcommand -buffer AnimRender | delcommand -buffer AnimPreview | delcommand -buffer AnimLive'
      \ .. ' | delcommand -buffer AnimPlan | delcommand -buffer AnimExplain'

if has('nvim') && get(g:, 'anim_lsp', 1)
  lua require('anim').attach()
endif
