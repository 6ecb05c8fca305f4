"""Slips that parse: looked for in finished statements, where the block that they stand in tells them.

`zoom: 1.2` is a key to the grammar, `length 10s` a statement with a head. Each is reported and replaced
by what was meant.
"""

from __future__ import annotations

from dataclasses import replace

from anim_dsl import syntax
from anim_dsl.diagnostic import Edit
from anim_dsl.easings import EASINGS
from anim_dsl.findings import Findings
from anim_dsl.foreign import foreign
from anim_dsl.settings import setting
from anim_dsl.slip_foreign import foreign_block, foreign_word
from anim_dsl.slip_words import report_unquoted
from anim_dsl.source import Span
from anim_dsl.syntax import Expr, Statement
from anim_dsl.words import WORDS

_FILE_ENDINGS = frozenset(
    {
        *("mp4", "mov", "mkv", "webm", "gif", "png", "jpg", "jpeg", "webp"),
        *("mp3", "wav", "ogg", "flac", "m4a", "aac", "opus"),
        *("anim", "safetensors", "pt", "mid", "csv", "txt"),
    }
)


_WANT_BLOCKS = frozenset({"camera", "scene", "layer", "pipeline", "variant", "template"})


def mend_habits(statements: list[Statement], context: str, findings: Findings) -> tuple[Statement, ...]:
    """The statements of a block as they were meant."""
    mended: list[Statement] = []
    for statement in statements:
        match statement:
            case syntax.KeyLine():
                _key_line(statement, mended, context, findings)
            case syntax.Word():
                mended.append(_word(statement, context, findings))
            case syntax.Setting() if (prompts := foreign_block(statement, findings)) is not None:
                mended.append(prompts)
            case syntax.Setting() if _is_stray_list(statement, findings):
                mended += _stray_list(statement, findings)
            case syntax.Setting() | syntax.Let():
                _check_bare_path(statement.value, findings)
                mended.append(statement)
            case _:
                mended.append(statement)
    return tuple(mended)


def _is_stray_list(statement: syntax.Setting, findings: Findings) -> bool:
    """Whether the block that a setting has taken is a list of keys on lines of its own."""
    block = statement.block
    if block is None or not block.statements or not isinstance(block.statements[0], syntax.KeyLine):
        return False
    return "\n" in findings.source.text[statement.value.span.end : block.span.start]


def _stray_list(statement: syntax.Setting, findings: Findings) -> list[Statement]:
    """`{ "0": "a cat", "30": "a dog" }` alone, as Deforum's prompts are pasted."""
    block = statement.block
    assert block is not None
    start = block.span.start
    findings.error(
        "E1035",
        Span(start, start + 1),
        "this list of keys belongs to nothing",
        hint="write `prompt {` if these are the prompts",
        edit=Edit(Span(start, start), "prompt "),
    )
    word = syntax.Name(("prompt",), Span(start, start))
    return [
        replace(statement, block=None, span=statement.name.span.to(statement.value.span)),
        syntax.Word(word, (), None, block, block.span),
    ]


def _key_line(line: syntax.KeyLine, before: list[Statement], context: str, findings: Findings) -> None:
    """A key that is no key: `zoom: 1.2`, or one that the list on the line before has lost."""
    word = WORDS.get(context.split(" ")[0])
    takes_keys = context != "film" and (word is None or word.keys)
    first = line.keys.keys[0]
    if isinstance(first.at, syntax.Name) and (not takes_keys or setting(context, first.at.text)):
        before.append(_colon_setting(first.at, line, findings))
    elif takes_keys:
        if context == "prompt":
            line = _bare_prompts(line, findings)
        before.append(line)
    else:
        _lost_key(line, before, findings)


def _colon_setting(name: syntax.Name, line: syntax.KeyLine, findings: Findings) -> syntax.Setting:
    first, *others = line.keys.keys
    colon = findings.source.text.find(":", name.span.end, first.value.span.start)
    span = Span(colon, colon + 1)
    findings.error(
        "E1042",
        span,
        f"the setting `{name.text}` is given with `=`",
        marker="write `=`",
        hint="`:` stands between a key's time and its value",
        edit=Edit(span, " ="),
    )
    value: Expr = first.value
    if others:
        value = syntax.Keys(tuple(others), line.keys.easing, line.keys.span)
    return syntax.Setting(name, "=", value, None, line.span)


def _lost_key(line: syntax.KeyLine, before: list[Statement], findings: Findings) -> None:
    """A key on a line of its own where no keys stand."""
    last = before[-1] if before else None
    if isinstance(last, syntax.Setting | syntax.Let) and isinstance(last.value, syntax.Keys):
        end = last.value.span.end
        semicolon = findings.source.text.find(";", end, line.span.start)
        findings.error(
            "E1044",
            line.keys.keys[0].at.span,
            f"this key belongs to no list: the one of `{last.name.text}` has ended",
            hint="write `,` instead of the `;`"
            if semicolon >= 0
            else "write `,` at the end of the line before",
            edit=Edit(Span(end, end) if semicolon < 0 else Span(semicolon, semicolon + 1), ","),
        )
        keys = replace(last.value, keys=last.value.keys + line.keys.keys, span=last.value.span.to(line.span))
        before[-1] = replace(last, value=keys, span=last.span.to(line.span))
        return
    quoted = _quoted_name(line.keys.keys[0].at)
    if quoted is not None:
        findings.error(
            "E1042",
            line.keys.keys[0].span,
            "settings are written `name = value`, without quotes around the name",
            hint=foreign(quoted) or f"write `{quoted} = …`",
        )
        return
    findings.error(
        "E1053",
        line.keys.keys[0].span,
        "a key stands in the list of a setting, or in `prompt { }`",
        hint="write `zoom = 0s: 1, 5s: 2`",
    )


def _bare_prompts(line: syntax.KeyLine, findings: Findings) -> syntax.KeyLine:
    """`0s: red cat`, which is the name `red` with an easing `cat`."""
    keys = []
    for key in line.keys.keys:
        if isinstance(key.value, syntax.Name) and key.easing and key.easing.name not in EASINGS:
            span = key.value.span.to(key.easing.span)
            text = findings.source.slice(span)
            report_unquoted(span, text, findings)
            key = replace(key, value=syntax.Text((text,), span), easing=None)
        keys.append(key)
    return replace(line, keys=replace(line.keys, keys=tuple(keys)))


def _quoted_name(at: Expr) -> str | None:
    """The name in `"max_frames": 120`, which to the grammar is a quoted time."""
    if not isinstance(at, syntax.Call) or at.function.text != "frame" or at.function.span != at.span:
        return None
    inner = at.arguments[0].value
    known = isinstance(inner, syntax.Name) and len(inner.path) == 1 and inner.text not in ("t", "s", "max_f")
    return inner.text if known and isinstance(inner, syntax.Name) else None


def _word(word: syntax.Word, context: str, findings: Findings) -> Statement:
    spec = WORDS.get(word.word.text)
    if spec is None:
        meant = foreign_word(word, findings)
        if meant is not None:
            return meant
    if word.block is None and word.value is None and word.word.text in _WANT_BLOCKS:
        return _without_block(word, findings)
    if spec is None or _is_lone_text(word):
        return _missing_equal(word, context, findings)
    if word.value is not None and _lacks_brace(word):
        return _missing_brace(word, findings)
    if word.value is not None:
        _check_bare_path(word.value, findings)
    head = tuple(_path_text(part, findings) if spec.path else part for part in word.head)
    return replace(word, head=head) if head != word.head else word


def _without_block(word: syntax.Word, findings: Findings) -> Statement:
    """`camera 2d`, `scene intro 4s` and nothing after it."""
    written = findings.source.slice(word.span)
    findings.error(
        "E1036",
        word.span,
        f"the block of `{written}` has no `{{`",
        hint=f"write `{written} {{ … }}`",
    )
    end = word.span.end
    return replace(word, block=syntax.Block((), Span(end, end)))


def _is_lone_text(word: syntax.Word) -> bool:
    """`prompt "a cat"`."""
    return word.word.text == "prompt" and len(word.head) == 1 and isinstance(word.head[0], syntax.Text)


def _lacks_brace(word: syntax.Word) -> bool:
    """`camera 2d zoom = 1 }`, `diffuse steps = 20`: a setting where the block's `{` is missing."""
    last = word.head[-1] if word.head else None
    before = word.head[:-1]
    if not isinstance(last, syntax.Name) or word.block is not None:
        return False
    if word.word.text == "camera":
        return bool(before) and isinstance(before[-1], syntax.Dimension)
    return not before and word.word.text in ("diffuse", "coherence", "grade", "prompt")


def _missing_brace(word: syntax.Word, findings: Findings) -> Statement:
    *heads, name = word.head
    assert isinstance(name, syntax.Name)
    assert word.value is not None
    start = name.span.start
    written = findings.source.slice(Span(word.span.start, start)).strip()
    closed = findings.retract("E1031", word.span.end)
    rest = Span(start, word.value.span.end)
    findings.error(
        "E1036",
        Span(word.span.start, start).to(name.span),
        f"the block of `{written}` has no `{{`",
        hint=f"write `{written} {{ {name.text} = … }}`",
        edit=Edit(Span(start, start), "{ ") if closed else Edit(rest, f"{{ {findings.source.slice(rest)} }}"),
    )
    setting = syntax.Setting(name, "=", word.value, None, name.span.to(word.value.span))
    block = syntax.Block((setting,), setting.span)
    return replace(word, head=tuple(heads), value=None, block=block)


def _missing_equal(word: syntax.Word, context: str, findings: Findings) -> Statement:
    """`length 10s`, `strength 0.5` where a setting is meant."""
    if len(word.head) != 1 or word.value is not None or setting(context, word.word.text) is None:
        return word
    value = word.head[0]
    if isinstance(value, syntax.Dimension):
        return word
    end = word.word.span.end
    findings.error(
        "E1042",
        word.word.span,
        f"the setting `{word.word.text}` is given with `=`",
        hint=f"write `{word.word.text} = {findings.source.slice(value.span)}`",
        edit=Edit(Span(end, end), " ="),
    )
    return syntax.Setting(word.word, "=", value, word.block, word.span)


def _path_text(part: syntax.Head, findings: Findings) -> syntax.Head:
    """`output film.mp4`: a name with a dot and a file's ending is a path."""
    if not isinstance(part, syntax.Name) or not _is_file(part):
        return part
    report_unquoted(part.span, part.text, findings)
    return syntax.Text((part.text,), part.span)


def _check_bare_path(value: Expr, findings: Findings) -> None:
    if isinstance(value, syntax.Name) and _is_file(value):
        report_unquoted(value.span, value.text, findings)


def _is_file(name: syntax.Name) -> bool:
    return len(name.path) > 1 and name.path[-1].lower() in _FILE_ENDINGS
