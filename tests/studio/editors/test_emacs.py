"""Emacs in batch mode: what `anim-mode` colours and indents."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

_MODE = Path(__file__).parents[3] / "studio" / "editors" / "emacs"
_FILM = '''\
length = 4s  # long
audio song = "song.ogg" { gain = -6db }
prompt {
  0s: """
    a lighthouse, (neon:1.3) \\"""
      # no comment: a text
  """
  2s: "rain {u}"
}
camera 3d { zoom = 1 + bass * smooth(energy, 80ms); pan = 36deg per s }
let thump = clamp(
  bass,
  0, 1
)
coherence { color = lab; flow = on }
grade.exposure =
  0s: 0,
  4s: 1
title = "open # no comment \\
fps = 12
'''
#: (text, face of its first character)
_FACES = [
    ("length", "font-lock-variable-name-face"),
    ("# long", "font-lock-comment-delimiter-face"),
    ("audio", "font-lock-keyword-face"),
    ("song", "font-lock-type-face"),
    ('"song', "font-lock-string-face"),
    ("gain", "font-lock-variable-name-face"),
    ("prompt", "font-lock-keyword-face"),
    ("lighthouse", "font-lock-string-face"),
    ("1.3", "font-lock-constant-face"),
    ("# no", "font-lock-string-face"),
    ("{u}", "font-lock-preprocessor-face"),
    ("camera", "font-lock-keyword-face"),
    ("bass", "font-lock-builtin-face"),
    ("smooth", "font-lock-builtin-face"),
    ("ms", "font-lock-type-face"),
    ("pan", "font-lock-variable-name-face"),
    ("let", "font-lock-keyword-face"),
    ("thump", "font-lock-variable-name-face"),
    ("lab", "font-lock-constant-face"),
    ("on }", "font-lock-constant-face"),
    ("# no comment \\", "font-lock-string-face"),
    ("fps", "font-lock-variable-name-face"),
]
_SCRIPT = """\
(setq byte-compile-error-on-warn t)
(setq byte-compile-dest-file-function (lambda (_) (expand-file-name "mode.elc")))
(let ((compiled (byte-compile-file "{mode}/anim-mode.el")))
  (require 'anim-mode)
  (require 'json)
  (find-file "film.anim")
  (font-lock-ensure)
  (let ((faces (mapcar (lambda (text)
                         (goto-char (point-min))
                         (search-forward text)
                         (let ((face (get-text-property (match-beginning 0) 'face)))
                           (list text (format "%s" (if (consp face) (car face) face)))))
                       '({texts})))
        (before (buffer-string)))
    (goto-char (point-min))
    (while (not (eobp))
      (unless (nth 3 (syntax-ppss)) (delete-horizontal-space) (funcall indent-line-function))
      (forward-line))
    (with-temp-file "said.json"
      (insert (json-encode
               `((compiled . ,(if compiled t :json-false))
                 (mode . ,(format "%s" (buffer-local-value 'major-mode (get-file-buffer "film.anim"))))
                 (faces . ,(vconcat faces))
                 (indented . ,(with-current-buffer "film.anim"
                                (buffer-substring-no-properties (point-min) (point-max))))))))))
"""


def test_films_are_coloured_and_indented(tmp_path: Path) -> None:
    program = shutil.which("emacs")
    if program is None:
        pytest.skip("emacs is not installed")
    (tmp_path / "film.anim").write_text(_FILM, encoding="utf-8")
    texts = " ".join(json.dumps(text) for text, _ in _FACES)
    (tmp_path / "script.el").write_text(
        _SCRIPT.replace("{mode}", str(_MODE)).replace("{texts}", texts), encoding="utf-8"
    )
    command = [program, "-Q", "--batch", "-L", str(_MODE), "-l", "script.el"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    said = json.loads((tmp_path / "said.json").read_text(encoding="utf-8"))
    assert said["compiled"], done.stderr
    assert said["mode"] == "anim-mode"
    assert [tuple(row) for row in said["faces"]] == _FACES
    assert said["indented"] == _FILM


_EGLOT = """\
(require 'anim-mode)
(unless (require 'eglot nil t) (princ "no eglot") (kill-emacs 77))
(setq anim-command "~/anim" eglot-sync-connect 60)
(find-file "film.anim")
(call-interactively #'eglot)
(with-timeout (60) (while (null (flymake-diagnostics)) (accept-process-output nil 0.05)))
(anim-check)
(with-current-buffer "*compilation*"
  (while (get-buffer-process (current-buffer)) (accept-process-output nil 0.05))
  (write-region nil nil "checked.txt"))
(let ((found (mapcar #'flymake-diagnostic-text (flymake-diagnostics))))
  (erase-buffer)
  (insert "length   = 4s\\n")
  (eglot-format-buffer)
  (with-temp-file "said.json"
    (insert (json-encode `((found . ,(vconcat found))
                           (formatted . ,(with-current-buffer "film.anim" (buffer-string))))))))
(with-current-buffer "film.anim" (set-buffer-modified-p nil))
(eglot-shutdown (eglot-current-server))
"""


def test_eglot_starts_the_language_server(tmp_path: Path) -> None:
    program = shutil.which("emacs")
    if program is None:
        pytest.skip("emacs is not installed")
    (tmp_path / "anim.toml").touch()
    (tmp_path / "film.anim").write_text('length = 4s\nprompt = "rain"\nzoomm = 1\n', encoding="utf-8")
    (tmp_path / "anim").symlink_to(Path(sys.executable).parent / "anim")
    (tmp_path / "script.el").write_text(_EGLOT, encoding="utf-8")
    command = [program, "-q", "--batch", "-L", str(_MODE), "-l", "script.el"]
    folders = {"HOME": str(tmp_path), "ANIM_CACHE": str(tmp_path), "ANIM_MODELS": str(tmp_path)}
    done = subprocess.run(
        command,
        cwd=tmp_path,
        env={**os.environ, **folders},
        capture_output=True,
        text=True,
        timeout=150,
        check=False,
    )
    if done.returncode == 77:
        pytest.skip("this Emacs has no Eglot")
    assert done.returncode == 0, done.stderr
    said = json.loads((tmp_path / "said.json").read_text(encoding="utf-8"))
    assert [text.split("]")[0] for text in said["found"]] == ["anim [E2003"]
    assert said["formatted"] == "length = 4s\n"
    assert "film.anim:3:1: error[E2003]" in (tmp_path / "checked.txt").read_text(encoding="utf-8")
