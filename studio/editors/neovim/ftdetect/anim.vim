autocmd BufRead,BufNewFile *.anim setfiletype anim
