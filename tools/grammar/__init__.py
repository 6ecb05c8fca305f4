"""Generated tables of `grammar/anim_grammar`, so that the command line starts without Lark and TOML."""
