"""The `anim` command: its table of commands, and the way from an argument list to an exit code."""

from __future__ import annotations

import os
import shlex
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from keyword import iskeyword

from cyclopts import App, CycloptsError, Parameter

from anim_studio.cli.crash import explain, write_log
from anim_studio.cli.environment import read_environment
from anim_studio.cli.exits import Exit, Stop
from anim_studio.cli.invocation import GLOBAL_HELP, invoked, read_words
from anim_studio.cli.terminal import Terminal, open_terminal


@dataclass(frozen=True, slots=True)
class Row:
    """A command: its function is imported only when it is called, so that `check` stays fast."""

    name: str
    help: str
    usage: str
    examples: tuple[str, ...]

    @property
    def function(self) -> str:
        """Where its function is; a name that is a word of Python's has a `_` after it there."""
        name = f"{self.name}_" if iskeyword(self.name) else self.name
        return f"anim_studio.commands.{name}:{name}"


COMMANDS = (
    Row(
        "render",
        "Render films. What was rendered before is reused; a stopped render goes on where it stood.",
        "FILM... [OPTIONS]",
        (
            "anim render postcard.anim",
            "anim render postcard.anim --size 256x256 --frames 0-23 -o try.mp4",
            "anim render film.anim --frames 0-47,96,120-      # pieces, and a picture",
            "anim render film.anim --scene rain --tier draft",
            "anim render film.anim --variant 2 -D speed=3deg",
            "anim render postcard.anim --progress json | your-tool",
        ),
    ),
    Row(
        "live",
        "Show a film while you write it: save it in any editor, and the picture follows.",
        "FILM [OPTIONS]",
        (
            "anim live postcard.anim",
            "anim live film.anim --tier camera --images half",
            "anim live film.anim --scene chorus --variant 2 -D speed=3deg",
            'textual serve "anim live film.anim"   # in a browser',
        ),
    ),
    Row(
        "preview",
        "Write a short rough video or GIF of a film, for a chat or a pull request.",
        "FILM... [OPTIONS]",
        (
            "anim preview postcard.anim",
            "anim preview film.anim --gif --label --seconds 6",
            "anim preview film.anim --scene rain --tier camera -o rain.mp4",
            "anim preview film.anim -D speed=3deg --max-size 2MB",
        ),
    ),
    Row(
        "check",
        "Find mistakes in films, without model, GPU or audio decoding.",
        "FILM... [OPTIONS]",
        (
            "anim check postcard.anim",
            "anim check --fix film.anim",
            "anim check *.anim --format json",
            "anim check film.anim -D speed=3deg",
            "anim check - --format sarif < film.anim",
        ),
    ),
    Row(
        "fmt",
        "Lay films out the canonical way; every comment stays.",
        "[FILM...|-] [OPTIONS]",
        ("anim fmt postcard.anim", "anim fmt --check *.anim", "anim fmt - < postcard.anim"),
    ),
    Row(
        "new",
        "Write a first film that renders as it is and teaches while it does.",
        "[FILM] [OPTIONS]",
        ("anim new rain.anim", "anim new rain.anim --template music-video", "anim new --list"),
    ),
    Row(
        "explain",
        "Explain a diagnostic, a setting, a function or a statement.",
        "NAME | FILM --passes[=PASS]",
        (
            "anim explain E3003",
            "anim explain strength",
            "anim explain smooth",
            "anim explain film.anim --passes",
        ),
    ),
    Row(
        "compile",
        "Write a film's plan: stable JSON, with the curves' numbers in a file beside it.",
        "FILM... [OPTIONS]",
        (
            "anim compile postcard.anim -o postcard.plan.json",
            "anim compile *.anim --timings trace.json",
            "anim compile --check films        # are committed plans and locks up to date?",
            "anim compile --schema",
        ),
    ),
    Row(
        "plan",
        "Say what a render would do, without doing it: frames, calls of the model, time, memory, files.",
        "FILM... [OPTIONS]",
        (
            "anim plan postcard.anim",
            "anim plan film.anim --json",
            "anim plan film.anim --detailed-exitcode && echo nothing to do",
        ),
    ),
    Row(
        "graph",
        "Show what is done for each frame, step by step, as text or as a picture.",
        "FILM [OPTIONS]",
        (
            "anim graph postcard.anim",
            "anim graph film.anim --scene 1 --kind diffused --plain",
            "anim graph film.anim --after fuse -o graph.svg",
        ),
    ),
    Row(
        "eval",
        "Print a curve's value at every frame; keep all curves in a file and compare with it.",
        "[FILM CURVE...] [OPTIONS]",
        (
            "anim eval postcard.anim camera.zoom --json",
            'anim eval film.anim "smooth(bass, 80ms) * 2" --scene chorus',
            'anim eval --deforum "0:(0), 10:(10)" --frames 12 --seed 1 --json',
            "anim eval film.anim --snapshot    # and later: anim eval film.anim --verify",
        ),
    ),
    Row(
        "plot",
        "Draw curves over the audio features and beats they follow.",
        "FILM [CURVE...] [OPTIONS]",
        ("anim plot postcard.anim", "anim plot postcard.anim camera.zoom diffuse.strength -o curves.svg"),
    ),
    Row(
        "audio",
        "Listen to tracks: tempo, beats, bars, sections, levels, and lines to put into a film.",
        "TRACK|FILM... [OPTIONS]",
        (
            "anim audio song.ogg",
            "anim audio song.ogg -o song.png --range 30s-60s",
            "anim audio song.ogg --click beats.wav      # hear whether the beats are right",
            "anim audio song.ogg --labels song.txt --mark sections",
            "anim audio film.anim --track song --json",
        ),
    ),
    Row(
        "diff",
        "Say what changed in a film, and how much of it re-renders.",
        "[REVISION] FILM [FILM] [OPTIONS]",
        (
            "anim diff before.anim after.anim",
            "anim diff film.anim                # the work tree against HEAD",
            "anim diff HEAD~1 film.anim --picture changed.svg",
            "anim diff main...HEAD film.anim --format markdown",
        ),
    ),
    Row(
        "review",
        "Write a comment for a pull request: what changed in films, with pictures and previews.",
        "BASE [FILM...] [OPTIONS]",
        (
            "anim review main",
            "anim review origin/main films -o review --preview camera",
            "anim review main --seconds 0       # no previews",
        ),
    ),
    Row(
        "import",
        "Make films of other tools' files: Deforum, Parseq, ComfyUI, AnimateDiff, A1111.",
        "FILE... [OPTIONS]",
        (
            "anim import settings.txt",
            "anim import settings.txt -o dream.anim --report",
            "anim import *.txt -o films/ --force",
            "anim import - --from deforum < settings.txt > dream.anim",
        ),
    ),
    Row(
        "export",
        "Write a film as another tool reads it: Deforum, ComfyUI, a timeline, a table of its curves.",
        "FILM --to FORMAT [OPTIONS]",
        (
            "anim export film.anim --to deforum",
            "anim export film.anim --to comfyui --frames 42 -o frame.json",
            "anim export film.anim -o curves.csv",
            "anim export film.anim --to otio --variant 2 -D speed=3deg",
        ),
    ),
    Row(
        "merge",
        "Merge what two people changed in a film: settings by name, keys by time.",
        "BASE OURS THEIRS [OPTIONS]",
        (
            "anim merge base.anim ours.anim theirs.anim -o film.anim",
            'git config merge.anim.driver "anim merge --git %O %A %B %P %L %S %X %Y"',
        ),
    ),
    Row(
        "sheet",
        "Draw frames of a rendered film, or of a video, side by side.",
        "FILM|VIDEO... [OPTIONS]",
        ("anim sheet out/postcard.mp4", "anim sheet postcard.anim -o sheet.png"),
    ),
    Row(
        "log",
        "Tell of past and present renders, and of crashes.",
        "[FILM...] [OPTIONS]",
        ("anim log", "anim log postcard.anim --last 5", "anim log film.anim --follow", "anim log --json"),
    ),
    Row(
        "models",
        "Find, fetch and keep models: Civitai, Hugging Face, any address, and folders that are here.",
        "COMMAND [OPTIONS]",
        (
            "anim models search neon city --type lora",
            "anim models add civitai:25694",
            "anim models login civitai",
        ),
    ),
    Row(
        "cache",
        "Show, verify or prune what is kept: frames, previews, journals, audio analyses, logs.",
        "[show|verify|prune] [OPTIONS]",
        (
            "anim cache",
            "anim cache verify",
            "anim cache prune --older 30d --dry-run",
            "anim cache prune --size 5GiB --only frames",
        ),
    ),
    Row(
        "lsp",
        "Serve editors: diagnostics, completion, hover, rename and more while you write.",
        "[OPTIONS]",
        ("anim lsp", "anim lsp --tcp 2087"),
    ),
    Row(
        "completion",
        "Complete commands, options, scenes, variants, settings and films on the Tab key.",
        "[bash|zsh|fish] [--install]",
        ("anim completion --install", 'eval "$(anim completion bash)"'),
    ),
    Row(
        "doctor",
        "Report Python, device, codecs, model, cache and terminal; or what would help a film.",
        "[FILM...] [OPTIONS]",
        ("anim doctor", "anim doctor postcard.anim    # flicker, drift, slow: what to change"),
    ),
)


#: commands that have commands of their own, with the module of each
GROUPS = {"models": "anim_studio.commands.models.group"}


def build_app() -> App:
    """The command tree; no command's module is imported yet."""
    app = App(
        name="anim",
        help="Films as text: write a shot list, render an animation.",
        version=_version,
        help_format="plaintext",
        help_epilogue="Start with:\n  anim render examples/postcard.anim\n",
        default_parameter=Parameter(negative=(), show_default=False, show_choices=False),
        result_action="return_value",
        # it would end without a word
        suppress_keyboard_interrupt=False,
    )
    for number, row in enumerate(COMMANDS):
        if row.name in GROUPS:
            # it has commands of its own, and tells of them itself
            app.command(f"{GROUPS[row.name]}:{row.name}", name=row.name, help=row.help, sort_key=number)
            continue
        app.command(
            row.function,
            name=row.name,
            help=row.help,
            sort_key=number,
            usage=f"Usage: anim {row.name} {row.usage}",
            help_epilogue="Examples:\n" + "\n".join(f"  {e}" for e in row.examples) + f"\n\n{GLOBAL_HELP}",
        )
    return app


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one command and returns its exit code; never lets an exception out."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    if words[:1] == ["__complete"]:
        from anim_studio.completing.answer import answer

        return answer(words[1:])
    terminal = open_terminal()
    try:
        now = read_words(tuple(words))
        with invoked(now):
            terminal = open_terminal(read_environment().colour)
            return _run(list(now.own), terminal)
    except BrokenPipeError:
        # the reader of our output has gone, as in `anim eval … | head`; nothing is left to say
        sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115
        return Exit.DONE
    except BaseException as error:
        return _report(error, terminal, words)


def _run(words: list[str], terminal: Terminal) -> int:
    try:
        code = build_app()(words, exit_on_error=False, print_error=False)
    except CycloptsError as error:
        from anim_studio.cli.mistakes import mistake

        raise mistake(error, *_named(words)) from None
    return code if isinstance(code, int) else Exit.DONE


def _named(words: list[str]) -> tuple[str, tuple[str, ...]]:
    """The command of a line, "" if it names none, and those that it could have named."""
    group = words[0] if words and words[0] in GROUPS else ""
    if group and words[1:] and not words[1].startswith("-"):
        inner = tuple(build_app()[group])
        return f"{group} {words[1]}" if words[1] in inner else "", inner
    names = tuple(row.name for row in COMMANDS)
    return words[0] if words and words[0] in names else "", names


def _report(error: BaseException, terminal: Terminal, words: list[str]) -> int:
    if isinstance(error, SystemExit):
        return error.code if isinstance(error.code, int) else Exit.USAGE
    if isinstance(error, KeyboardInterrupt):
        return _interrupted(error, terminal, words)
    stop = explain(error)
    if stop is None:
        log = write_log(error, read_environment().logs, ["anim", *words])
        hint = f"this is a bug of anim, not of your film; the details are in {log}"
        stop = Stop(Exit.BUG, f"anim met something it did not expect: {type(error).__name__}: {error}", hint)
    terminal.complain(stop.message, stop.hint)
    return stop.code


def _interrupted(error: KeyboardInterrupt, terminal: Terminal, words: list[str]) -> int:
    """What is said after a second Ctrl-C, or one before the first frame."""
    terminal.note(terminal.paint_note("stopped", "bold yellow"))
    if not {"render", "preview", "add", "sync"}.isdisjoint(words):
        terminal.note(f"  to go on: {shlex.join(('anim', *words))}")
    code = error.args[0] if error.args else None
    return code if isinstance(code, Exit) else Exit.INTERRUPTED


def _version() -> str:
    from importlib.metadata import version

    return f"anim {version('anim')}"
