"""The comment of a pull request: GitHub's and GitLab's Markdown, in which no text of a film is markup."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING
from urllib.parse import quote

from anim_studio.cli.values import plural
from anim_studio.diffing.as_markdown import as_markdown, code, plain
from anim_studio.diffing.picture import changed_curves
from anim_studio.reviewing.one import Reviewed
from anim_studio.reviewing.sparks import sparks

if TYPE_CHECKING:
    from anim_studio.reviewing.changed import Branch, How

MARK = "<!-- anim review -->"
"""The first line, by which the comment is found again; it is followed by another where nothing changed."""
NOTHING = "<!-- nothing changed -->"

MOST_BYTES = 60_000
"""GitHub takes 65,536 characters in a comment; in bytes, for the workflow that posts it cuts by them."""
_MOST_ROWS = 40

_WORDS: dict[How, str] = {
    "changed": "changed",
    "new": "new",
    "gone": "gone",
    "renamed": "renamed",
    "follows": "follows",
}


def body(branch: Branch, films: Sequence[Reviewed], url: str) -> str:
    """The whole comment; what does not fit is counted. `url` is where the files beside it can be seen: with a
    `/` at its end the folder that has them, else a page about them.
    """
    if not films:
        return f"{MARK}\n{NOTHING}\n### No film changed\n"
    lines = [MARK, f"## {_title(films)}", "", *_table(films)]
    if url and not url.endswith("/"):
        lines += ["", f"[pictures and previews]({_address(url)})"]
    length, left = sum(_bytes(line) + 1 for line in lines), 0
    for film in films:
        section = "\n".join(_section(film, url))
        if length + _bytes(section) > MOST_BYTES:
            left += 1
            continue
        lines += ["", section]
        length += _bytes(section) + 2
    if left:
        lines += ["", f"{plural(left, 'film')} more would be too long for a comment."]
    if branch.unasked:
        lines += ["", f"<sub>{plural(branch.unasked, 'film')} more were not asked what they read.</sub>"]
    return "\n".join(lines) + "\n"


def _bytes(text: str) -> int:
    return len(text.encode())


def _title(films: Sequence[Reviewed]) -> str:
    counts = Counter(film.changed.how for film in films)
    told = [f"{counts[how]} {word}" for how, word in _WORDS.items() if counts[how]]
    broken = sum(film.has_errors or bool(film.problem) for film in films)
    return f"Films: {', '.join(told)}" + (f" · {broken} with errors" if broken else "")


def _table(films: Sequence[Reviewed]) -> Iterator[str]:
    yield "| film | | |"
    yield "| --- | --- | --- |"
    for film in films[:_MOST_ROWS]:
        sign = "❌ " if film.has_errors or film.problem else ""
        yield f"| {code(str(film.changed.path))} | {_WORDS[film.changed.how]} | {sign}{_says(film)} |"
    if len(films) > _MOST_ROWS:
        yield f"| and {len(films) - _MOST_ROWS} more | | |"


def _says(film: Reviewed) -> str:
    if film.told is None:
        return plain(film.problem)
    if film.has_errors:
        return f"{plural(len(film.told.after.errors), 'error')}"
    return plain(film.told.summary)


def _section(film: Reviewed, url: str) -> Iterator[str]:
    """What is told of one film beneath the table."""
    if film.told is None:
        yield f"### {code(str(film.changed.path))}"
        yield ""
        yield f"**{plain(film.problem)}**"
        return
    heading, *told = as_markdown(film.told).split("\n")
    yield heading
    if film.changed.how == "renamed" and film.changed.before is not None:
        yield ""
        yield f"It was {code(str(film.changed.before))}."
    if film.changed.because:
        yield ""
        yield f"It reads {', '.join(map(code, film.changed.because[:5]))}, which changed."
    yield from told
    if film.told.difference is not None:
        yield from sparks(changed_curves(film.told.difference))
    if not url or url.endswith("/"):
        for name, says in ((film.picture, "the curves that changed"), (film.preview, "a preview")):
            if name:
                yield ""
                yield f"![{says}]({_address(url + name)})"
    elif film.picture or film.preview:
        yield ""
        named = ", ".join(code(name) for name in (film.picture, film.preview) if name)
        yield f"<sub>beside it: {named}</sub>"
    if film.note:
        yield ""
        yield f"<sub>{plain(film.note)}</sub>"


def _address(url: str) -> str:
    """An address that cannot end the link that it stands in."""
    return quote(url, safe="/:?&=#%+,;@~!$*'-._")
