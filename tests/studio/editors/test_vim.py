"""Neovim and Vim, headless: the real editor, the real language server."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

_PLUGIN = Path(__file__).parents[3] / "studio" / "editors" / "neovim"
_ANIM = Path(sys.executable).parent / "anim"
_FILM = '''\
length = 4s
audio song = "song.ogg" { gain = -6db }
prompt { 0s: "(neon:1.3), {u}"; negative = "text" }
camera 3d { zoom = 1 + bass * smooth(energy, 80ms); pan = 36deg per s  # turns
  dolly = 0s: 0 ease_in, 4s: 60 with smooth }
diffuse { sampler = "DPM++ 2M Karras"; strength = max(0.4, t / max_f) }
coherence { color = lab; flow = on }
let size_of = 5frames
title = "open {u"  # closed
words = """{cycle(["b"], 2)} {u"""  # closed too
prompt {
  0s: """
        a way
    to {u} """
  2s: "rain"
}
grade.exposure =
  0s: 0,
  4s: 1
seed = 1
'''
#: (line, text, group of the text's first character)
_GROUPS = [
    (1, "length", "animSetting"),
    (1, "4s", "animQuantity"),
    (2, "audio", "animStatement"),
    (2, "song", "animName"),
    (2, '"song', "animText"),
    (2, "gain", "animSetting"),
    (3, "prompt", "animStatement"),
    (3, "1.3", "animWeight"),
    (3, "{u", "animInsertSign"),
    (3, "u}", "animClock"),
    (4, "3d", "animDimension"),
    (4, "zoom", "animSetting"),
    (4, "bass", "animFeature"),
    (4, "smooth", "animFunction"),
    (4, "per", "animJoining"),
    (4, "# turns", "animComment"),
    (5, "ease_in", "animEasing"),
    (5, "smooth", "animEasing"),
    (6, '"DPM', "animSampler"),
    (6, "max(", "animFunction"),
    (6, "max_f", "animClock"),
    (7, "lab", "animChoice"),
    (7, "on", "animSwitch"),
    (8, "let", "animDeclaring"),
    (8, "size_of", "animName"),
    (8, "5frames", "animBadNumber"),
    (9, "# closed", "animComment"),
    (10, "cycle", "animFunction"),
    (10, "# closed too", "animComment"),
    (14, "to", "animLongText"),
]
_SETUP = """\
set nocompatible runtimepath^={plugin}
let g:anim_path = '{anim}'
filetype plugin indent on
syntax on
"""


@pytest.fixture
def stage(tmp_path: Path) -> Path:
    plugin = str(_PLUGIN).replace(" ", r"\ ")
    (tmp_path / "init.vim").write_text(_SETUP.format(plugin=plugin, anim=_ANIM), encoding="utf-8")
    (tmp_path / "anim.toml").touch()
    return tmp_path


def _run(stage: Path, *command: str) -> object:
    """What the editor wrote into `said.json`."""
    home = {"HOME": str(stage), "XDG_CONFIG_HOME": str(stage), "XDG_STATE_HOME": str(stage)}
    folders = {"ANIM_CACHE": str(stage / "cache"), "ANIM_MODELS": str(stage / "models")}
    done = subprocess.run(
        command,
        cwd=stage,
        env={**os.environ, **home, **folders},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    said = stage / "said.json"
    assert said.exists(), done.stdout + done.stderr
    return json.loads(said.read_text(encoding="utf-8"))


_GROUPS_SCRIPT = """\
let said = []
for [line, text] in {places}
  let column = stridx(getline(line), text) + 1
  call add(said, [line, text, synIDattr(synID(line, column, 1), 'name')])
endfor
call add(said, [&filetype, &commentstring, &shiftwidth])
normal! gg=G
call add(said, getline(1, '$'))
let v:errmsg = ''
call setline(1, map(['a', 'a.', '1', '1m', '1x', '"{{'], {{_, word -> repeat(word, 2000)}}))
for line in range(1, 6)
  silent! call synID(line, 1, 1)
endfor
call add(said, v:errmsg)
call writefile([json_encode(said)], 'said.json')
qall!
"""


@pytest.mark.parametrize("editor", ["nvim", "vim"])
def test_words_have_their_groups(editor: str, stage: Path) -> None:
    program = shutil.which(editor)
    if program is None:
        pytest.skip(f"{editor} is not installed")
    if editor == "vim" and "+syntax" not in subprocess.check_output([program, "--version"], text=True):
        pytest.skip("this Vim was built without colours")
    (stage / "film.anim").write_text(_FILM, encoding="utf-8")
    places = json.dumps([[line, text] for line, text, _ in _GROUPS])
    (stage / "groups.vim").write_text(_GROUPS_SCRIPT.format(places=places), encoding="utf-8")
    silent = ["--headless"] if editor == "nvim" else ["-es", "-N"]
    said = _run(
        stage,
        program,
        *silent,
        "-u",
        "init.vim",
        "--cmd",
        "let g:anim_lsp = 0",
        "film.anim",
        "-S",
        "groups.vim",
    )
    assert isinstance(said, list)
    assert said[:-3] == [list(row) for row in _GROUPS]
    assert said[-3] == ["anim", "# %s", 2]
    assert said[-2] == _FILM.splitlines()
    assert said[-1] == ""  # no word is too long for its patterns


_SERVER_SCRIPT = """\
local function wait(what) return vim.wait(60000, what, 20) end
local function row(found) return { found.code or found.user_data.lsp.code, found.lnum, found.col } end
local said = {}
vim.cmd('edit wrong.anim')
wait(function() return #vim.diagnostic.get(0) > 0 end)
said.wrong = vim.tbl_map(row, vim.diagnostic.get(0))
vim.api.nvim_win_set_cursor(0, { 3, 14 })
said.code = require('anim').code_here()
vim.cmd('silent normal K')
said.explained = vim.api.nvim_buf_get_lines(0, 0, 1, false)[1]
vim.cmd('close')
vim.api.nvim_buf_set_lines(0, 2, 3, false, { 'camera 2d { zoom   = 1.2 per s }' })
said.mended = wait(function() return #vim.diagnostic.get(0) == 0 end)
vim.lsp.buf_request_sync(0, 'textDocument/documentSymbol', vim.lsp.util.make_text_document_params(), 60000)
local format = vim.lsp.buf.format or function(o) vim.lsp.buf.formatting_sync(nil, o.timeout_ms) end
format({ timeout_ms = 60000 })
said.formatted = vim.api.nvim_buf_get_lines(0, 0, -1, false)
said.clients = #(vim.lsp.get_clients or vim.lsp.get_active_clients)()
vim.cmd('silent edit ' .. vim.fn.fnameescape('s*m [films] $HOME/other.anim'))
wait(function() return #vim.diagnostic.get(0) > 0 end)
said.root = (vim.lsp.get_clients or vim.lsp.get_active_clients)()[1].config.root_dir
said.shared = #(vim.lsp.get_clients or vim.lsp.get_active_clients)()
vim.fn.writefile({ vim.fn.json_encode(said) }, 'said.json')
vim.cmd('qall!')
"""


def test_neovim_shows_what_the_language_server_says(stage: Path) -> None:
    program = shutil.which("nvim")
    if program is None:
        pytest.skip("nvim is not installed")
    wrong = 'length = 4s\nprompt = "rain"\ncamera 2d { zoomm = 1.2 per s }\n'
    (stage / "wrong.anim").write_text(wrong, encoding="utf-8")
    films = stage / "s*m [films] $HOME"
    films.mkdir()
    (films / "other.anim").write_text(wrong, encoding="utf-8")
    (stage / "server.lua").write_text(_SERVER_SCRIPT, encoding="utf-8")
    said = _run(stage, program, "--headless", "-u", "init.vim", "-c", "luafile server.lua")
    assert isinstance(said, dict)
    assert said["wrong"] == [["E2003", 2, 12]]
    assert said["code"] == "E2003"
    assert said["explained"].startswith("E2003")
    assert said["mended"]
    assert said["formatted"] == ["length = 4s", 'prompt = "rain"', "camera 2d { zoom = 1.2 per s }"]
    assert (said["clients"], said["shared"]) == (1, 1)
    assert said["root"] == str(stage)


_MAKE_SCRIPT = """\
edit wrong.anim
silent! make!
let found = map(getqflist(), {_, row -> [row.lnum, row.col, row.type, row.text]})
silent normal! gggqG
let kept = getline(1, '$')
call setline(1, ['fps=12', 'prompt   = "a"', '', '', '', 'length=4s'])
silent normal! gggqG
call writefile([json_encode([found, kept, getline(1, '$')])], 'said.json')
qall!
"""


@pytest.mark.parametrize("editor", ["nvim", "vim"])
def test_make_finds_mistakes_and_gq_lays_films_out(editor: str, stage: Path) -> None:
    program = shutil.which(editor)
    if program is None:
        pytest.skip(f"{editor} is not installed")
    wrong = ["length = 4s", 'prompt = "a"', "zoomm = 1 +"]
    (stage / "wrong.anim").write_text("\n".join(wrong) + "\n", encoding="utf-8")
    (stage / "make.vim").write_text(_MAKE_SCRIPT, encoding="utf-8")
    silent = ["--headless"] if editor == "nvim" else ["-es", "-N"]
    said = _run(stage, program, *silent, "-u", "init.vim", "--cmd", "let g:anim_lsp = 0", "-S", "make.vim")
    assert isinstance(said, list)
    found, kept, formatted = said
    assert [(row[0], row[2]) for row in found] == [(3, "e")]
    assert found[0][3].startswith("[E")
    assert kept == wrong
    assert formatted == ["fps    = 12", 'prompt = "a"', "", "length = 4s"]
