"""Follows renders in the terminal, whoever runs them."""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from anim_runtime.events import Event, Failed, Finished
from anim_runtime.journal import JournalReader
from anim_studio.cli.exits import Exit
from anim_studio.cli.stop import stop_switch
from anim_studio.cli.terminal import Terminal
from anim_studio.progress.display import LineDisplay
from anim_studio.renders.calls import calls_of
from anim_studio.renders.others import Others, Running, plan_name
from anim_studio.renders.past import is_of, past_renders

#: seconds between two looks
_PAUSE = 0.2


@dataclass(slots=True)
class _Tail:
    """A render that is followed; its end is in the journal before its lock is free."""

    film: str
    since: float
    reader: JournalReader
    display: LineDisplay
    code: int | None = None
    is_near: bool = False

    def poll(self, terminal: Terminal, as_json: bool) -> None:
        for event in self.reader.poll():
            # all that comes after is of this render too, should the clock be set back meanwhile
            self.is_near = self.is_near or event.at >= self.since
            if self.is_near:
                self._show(event, terminal, as_json)

    def _show(self, event: Event, terminal: Terminal, as_json: bool) -> None:
        if as_json:
            data = {"film": self.film} | event.model_dump(mode="json")
            terminal.out.write(json.dumps(data) + "\n")
            terminal.out.flush()
        else:
            self.display.show(event)
        if isinstance(event, Failed):
            self.code = event.exit_code
            if not as_json:
                terminal.say(f"{self.film}: {event.message}")
        if isinstance(event, Finished):
            self.code = Exit.FILM_ERRORS if event.unmet else Exit.DONE
            if not as_json:
                terminal.say(f"{self.film}: done in {event.seconds:.1f} s")


def tail(cache: Path, films: Sequence[Path], terminal: Terminal, *, as_json: bool) -> int:
    """Shows what renders do until Ctrl-C, or, of named films, until none of them renders; then the exit code
    of the one that ended worst.
    """
    # what is followed is the result here
    loud = Terminal(terminal.out, terminal.out, terminal.out_colour, terminal.out_colour)
    others, tails, worst = Others(cache), dict[Path, _Tail](), int(Exit.DONE)
    met = False
    with stop_switch() as switch:
        while not switch():
            running = {found.run: found for found in others.running() if _is_meant(found, films)}
            for run, found in running.items():
                if run not in tails or tails[run].since != found.holder.since:
                    tails[run] = _tail(found, loud)
                    met = True
            for one in tails.values():
                one.poll(loud, as_json)
            for run in [run for run in tails if run not in running]:
                ended = tails.pop(run)
                ended.poll(loud, as_json)
                worst = max(worst, Exit.TERMINATED if ended.code is None else ended.code)
            if films and not running:
                return worst if met else _tell_nothing(cache, films, terminal)
            time.sleep(_PAUSE)
    return switch.code or Exit.DONE


def _is_meant(found: Running, films: Sequence[Path]) -> bool:
    if not films:
        return True
    known = {Path(call.film) for call in calls_of(found.run)[-1:]}
    name = plan_name(found.run)
    return any(film.absolute() in known or (not known and film.stem == name) for film in films)


def _tail(found: Running, terminal: Terminal) -> _Tail:
    name = plan_name(found.run) or found.run.name[:12]
    journal = JournalReader(found.run / "journal.jsonl")
    return _Tail(name, found.holder.since, journal, LineDisplay(terminal))


def _tell_nothing(cache: Path, films: Sequence[Path], terminal: Terminal) -> int:
    terminal.note(f"nothing renders {', '.join(f'`{film}`' for film in films)}")
    ended = [past for past in past_renders(cache) if any(is_of(past, film) for film in films)]
    code = ended[-1].exit_code if ended else Exit.DONE
    return Exit.TERMINATED if code is None else code
