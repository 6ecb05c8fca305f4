import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from anim_studio.completing.answer import answer

ASK = """\
anim() { "$PYTHON" -m anim_studio "$@"; }
source /dev/stdin <<< "$(anim completion bash)"
for line in "$@"; do
    COMP_LINE="$line" COMP_POINT=${#line}
    _anim
    printf '%s|' "${COMPREPLY[@]}"
    printf '\\n'
done
"""


@pytest.mark.skipif(shutil.which("bash") is None, reason="there is no bash")
def test_a_real_bash(write_film, tmp_path: Path) -> None:
    write_film("size = 64x64; length = 1s\nscene rain 1s {}\n", "my film.anim")
    lines = ["anim rend", "anim check m", "anim check 'my", "anim render 'my film.anim' --scene=r"]
    done = subprocess.run(
        ["bash", "--noprofile", "--norc", "-c", ASK, "bash", *lines],
        cwd=tmp_path,
        env={"PYTHON": sys.executable, "PATH": "/usr/bin:/bin", "HOME": str(tmp_path)},
        capture_output=True,
        encoding="utf-8",
    )
    offered = ["render |", "my\\ film.anim |", "my film.anim|", "rain |"]
    assert done.stdout.splitlines() == offered, done.stderr


@pytest.mark.parametrize("shell", ["zsh", "fish"])
def test_a_real_shell_reads_its_script(shell: str, anim, tmp_path: Path) -> None:
    if shutil.which(shell) is None:
        pytest.skip(f"there is no {shell}")
    script = tmp_path / "script"
    script.write_text(anim("completion", shell).out, encoding="utf-8")
    assert subprocess.run([shell, "-n", str(script)], capture_output=True).returncode == 0


def test_words_have_what_they_mean_beside_them(capsys: pytest.CaptureFixture[str]) -> None:
    answer(["fish", "comple"])
    assert capsys.readouterr().out.startswith("completion\tComplete commands")


def test_a_film_that_cannot_be_read_says_nothing(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, write_film
) -> None:
    film = write_film("scene {{{{\n")
    assert answer(["zsh", "render", str(film), "--scene", ""]) == 0
    said = capsys.readouterr()
    assert said.out == said.err == ""


def test_scripts_are_printed_or_put_in_their_place(anim, monkeypatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("SHELL", "/usr/bin/fish")
    assert "complete -c anim" in anim("completion").out
    said = anim("completion", "--install")
    assert (tmp_path / ".config/fish/completions/anim.fish").read_text() == anim("completion", "fish").out
    assert "anim.fish" in said.out
    monkeypatch.setenv("SHELL", "/bin/oddsh")
    assert anim("completion").code == 2
