"""The files that `anim audio` writes beside what it says: pictures, clicks, labels and tables."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Final

from anim_studio.cli.exits import Exit, Stop
from anim_studio.cli.values import plural

if TYPE_CHECKING:
    from anim_studio.draw.portrait import Portrait
    from anim_studio.hearing.labels import Marked
    from anim_studio.hearing.song import Song

#: option → the endings that its file may have; none: any
_ENDINGS: Final = {
    "--output": (".png", ".svg"),
    "--click": (".wav",),
    "--labels": (),
    "--csv": (".csv",),
}


@dataclass(frozen=True, slots=True)
class Wish:
    """What is to be written, and the stretch of the track that pictures show, in seconds."""

    output: Path | None = None
    range: tuple[float, float] | None = None
    click: Path | None = None
    labels: Path | None = None
    mark: Marked = "all"
    csv: Path | None = None
    fps: Fraction = Fraction(24)

    def refuse(self, inputs: Sequence[Path]) -> None:
        """Raises `Stop` for a file that cannot be written as what its name says, or is read as well."""
        for option, path in self._paths():
            _refuse_overwriting(option, path, inputs)
            endings = _ENDINGS[option]
            if endings and path.suffix.lower() not in endings:
                hint = f"`{option}` writes {' or '.join(endings)} files"
                raise Stop(Exit.USAGE, f"`{path}` does not end as it should", hint)

    def refuse_several(self, songs: Sequence[Song]) -> None:
        """Raises `Stop` if several tracks would be written to one file, or a track over itself."""
        for option, path in self._paths():
            if len(songs) > 1:
                hint = "name one file, or choose a film's track by `--track`"
                raise Stop(Exit.USAGE, f"`{option}` is for one track, and these are {len(songs)}", hint)
            _refuse_overwriting(option, path, [song.file for song in songs])

    def shown(self, song: Song) -> tuple[float, float]:
        """The stretch that pictures show. Raises `Stop` if the track ends before it."""
        begin, end = self.range or (0.0, song.duration)
        if begin >= song.duration:
            raise Stop(
                Exit.USAGE,
                f"`{song.name}` ends at {song.duration:.2f}s, before the range begins",
                "leave out `--range`, or write it like `30s-60s`",
            )
        return begin, min(end, song.duration)

    def write(self, song: Song) -> Iterator[Path]:
        """Writes the files, and gives the path of each that is done."""
        for option, path in self._paths():
            path.parent.mkdir(parents=True, exist_ok=True)
            match option:
                case "--output":
                    self._picture(song, path)
                case "--click":
                    _click(song, path)
                case "--labels":
                    self._labels(song, path)
                case _:
                    self._table(song, path)
            yield path

    def _paths(self) -> Iterator[tuple[str, Path]]:
        for option, path in zip(_ENDINGS, (self.output, self.click, self.labels, self.csv), strict=True):
            if path is not None:
                yield option, path

    def _picture(self, song: Song, path: Path) -> None:
        from anim_studio.draw.song_chart import draw_song_png, draw_song_svg

        portrait = portrait_of(song, *self.shown(song))
        (draw_song_svg if path.suffix.lower() == ".svg" else draw_song_png)(portrait).save(path)

    def _labels(self, song: Song, path: Path) -> None:
        from anim_studio.hearing.labels import label_text

        heard = song.analysis
        text = label_text(heard.beats, heard.downbeats, song.sections, self.mark)
        path.write_text(text, encoding="utf-8", newline="\n")

    def _table(self, song: Song, path: Path) -> None:
        from anim_studio.hearing.hear import columns
        from anim_studio.hearing.table import frame_times, table_lines

        times = frame_times(song.duration, self.fps)
        with path.open("w", encoding="utf-8", newline="\n") as file:
            file.writelines(table_lines(times, columns(song, times, float(1 / self.fps))))


def _refuse_overwriting(option: str, path: Path, inputs: Sequence[Path]) -> None:
    if any(path.resolve() == file.resolve() for file in inputs):
        raise Stop(Exit.USAGE, f"`{option}` would overwrite `{path}`", "name another file")


def _click(song: Song, path: Path) -> None:
    from anim_compiler.audio.decode import RATE, blocks
    from anim_studio.hearing.click import write_click

    heard = song.analysis
    write_click(path, blocks(song.file), RATE, heard.beats, heard.downbeats)


def portrait_of(song: Song, begin: float, end: float) -> Portrait:
    """What a picture of a stretch of the track shows."""
    from anim_studio.hearing.report import moment, tempo_text

    beats, bars = song.analysis.beats.size, int(song.analysis.downbeats.size)
    facts = f"{moment(song.duration)} · {tempo_text(song)} · {plural(beats, 'beat')} · {plural(bars, 'bar')}"
    return song.portrait(facts, begin, end)
