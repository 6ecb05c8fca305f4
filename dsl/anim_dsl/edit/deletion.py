"""A key taken out of its list: what goes with it, and what stays."""

from __future__ import annotations

from anim_dsl.diagnostic import Edit
from anim_dsl.edit.places import Film
from anim_dsl.edit.rows import KeyList, comma_between, space_before, trailing_comma
from anim_dsl.source import Span


def deletion(found: KeyList, number: int) -> list[Edit]:
    """The edits that take a key out of its list, with its comma or its line; comments stay."""
    return [_apart(found.film, edit) for edit in _taken(found, number)]


def _apart(film: Film, edit: Edit) -> Edit:
    """A deletion that leaves a space where two words would meet."""
    before, after = film.text[: edit.span.start][-1:], space_before(film, edit.span.end)
    return Edit(edit.span, after) if before.isalnum() or before in tuple('_."') else edit


def _taken(found: KeyList, number: int) -> list[Edit]:
    film, key = found.film, found.keys[number]
    last = len(found.keys) - 1
    has_next = number < last and found.shares_statement(number, number + 1)
    if has_next:
        comma = comma_between(film, key.span.end, found.keys[number + 1].span.start)
        return [Edit(_with_space(film, Span(key.span.start, comma.end)), "")]
    if number and found.shares_statement(number - 1, number):
        before = found.keys[number - 1]
        comma = comma_between(film, before.span.end, key.span.start)
        between = Span(comma.end, key.span.start)
        if any(film.comments_in(between)) or "\n" in film.source.slice(between):
            trailing = trailing_comma(film, key.span.end)
            if trailing is not None:
                return [Edit(_with_space(film, Span(key.span.start, trailing)), "")]
            return [Edit(comma, ""), Edit(_line_back(film, key.span, between.start), "")]
        gap = film.text[before.span.end : comma.start]
        return [Edit(Span(comma.start if gap.strip() else before.span.end, key.span.end), "")]
    return [Edit(_statement(film, Span(key.span.start, found.ends[number])), "")]


def _line_back(film: Film, span: Span, limit: int) -> Span:
    """A key that ends its list, with the line end before it, unless a comment stands in between or behind."""
    start = span.start
    before = film.text[limit:start]
    spaces = len(before) - len(before.rstrip(" \t"))
    remark = film.remark_after(span.end)
    if remark is not None:
        return Span(start, remark.start) if film.is_first_on_line(start) else span
    line = film.line_start(start)
    if film.is_first_on_line(start) and not film.text[span.end : film.line_end(span.end)].strip():
        return Span(max(limit, line - len(_ending(film, line))), film.line_end(span.end))
    return Span(start - spaces, span.end)


def _ending(film: Film, line: int) -> str:
    return "\r\n" if film.text[max(0, line - 2) : line] == "\r\n" else film.text[max(0, line - 1) : line]


def _with_space(film: Film, span: Span) -> Span:
    """A span with the rest of its line if nothing else stands there, else with the spaces behind it.

    A comment that stays alone begins where the key did.
    """
    rest = film.text[span.end : film.line_end(span.end)]
    is_first = film.is_first_on_line(span.start)
    if is_first and not rest.strip():
        end = film.line_end(span.end)
        after = film.text[end : end + 2]
        return Span(film.line_start(span.start), end + (2 if after == "\r\n" else 1))
    if not is_first and (not rest.strip() or rest.lstrip(" \t").startswith("#")):
        return Span(len(film.text[: span.start].rstrip(" \t")), span.end)
    return Span(span.start, span.end + len(rest) - len(rest.lstrip(" \t")))


def _statement(film: Film, span: Span) -> Span:
    """A whole key line, with its `;`."""
    end = span.end
    rest = film.text[end : film.line_end(end)]
    sign = rest.lstrip(" \t")
    if sign.startswith((";", ",")):
        end += len(rest) - len(sign) + 1
        return _with_space(film, Span(span.start, end))
    if film.is_first_on_line(span.start):
        return _with_space(film, Span(span.start, end))
    before = film.text[film.line_start(span.start) : span.start].rstrip(" \t")
    if before.endswith(";"):
        # the last of several on one line goes with the `;` before it
        return Span(film.line_start(span.start) + len(before) - 1, end)
    return _with_space(film, Span(span.start, end))
