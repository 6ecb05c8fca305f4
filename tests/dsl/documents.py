"""Random films without syntax errors, as strangely spaced and commented as the language allows."""

from __future__ import annotations

from hypothesis import strategies as st

_NAMES = ("zoom", "bass", "song.energy", "alpha", "a_rather_long_name", "x1", "t", "u", "max_f")
_LITERALS = ("1", "0.25", "1.", ".5", "1e-3", "50%", "10S", "1m30s", "4Beats", "360deg", "-6DB", "768X512")
_LITERALS += ("120f", "2bars", "16px")
_TEXTS = (
    '"a lake"',
    '"(neon:{0.8 + bass})"',
    '"\\"quoted\\" # no comment"',
    '"{frame:05}"',
    '""',
    '"雨の街"',
)
_LONG = ('"""\n    one\n      two\n    """', '"""short"""', '"""first\nsecond"""')
_OPERATORS = ("+", "-", "*", "/", "%", "**", "<", ">=", "==", "and", "or")
_EASINGS = ("ease_in", "hold", "bezier ( 0.7 , 0 , 0.3 , 1 )")
_TIMES = ("0s", "10S", "4beats", "50%", "max_f - 1", "drop + 1beat", '"max_f/2"', "12", "119")
_COMMENTS = ("# a", "#b", '# a longer remark { ( [ " ;', "#", "#  späte Stunde")

Pieces = list[str]
"""Tokens; `BREAK` stands where a line may be broken, `CALL` glues a name to its bracket."""

_BREAK = "\0break"
_CALL = "\0call"


def _spaced(name: str) -> Pieces:
    return name.split(" ")


def _binary(parts: tuple[Pieces, str, Pieces]) -> Pieces:
    left, operator, right = parts
    return [*left, _BREAK, operator, _BREAK, *right]


def _bracketed(opener: str, parts: list[Pieces], closer: str) -> Pieces:
    inner: Pieces = []
    for number, part in enumerate(parts):
        inner += [*([",", _BREAK] if number else []), *part]
    return [opener, _BREAK, *inner, _BREAK, closer] if parts else [opener, closer]


def _compound(inner: st.SearchStrategy[Pieces]) -> st.SearchStrategy[Pieces]:
    arguments = st.lists(st.one_of(inner, inner.map(lambda value: ["amount", "=", *value])), max_size=4)
    return st.one_of(
        st.tuples(inner, st.sampled_from(_OPERATORS), inner).map(_grouped_comparison),
        st.tuples(st.sampled_from(("smooth", "f")), arguments).map(
            lambda call: [call[0], _CALL, *_bracketed("(", call[1], ")")]
        ),
        st.lists(inner, min_size=1, max_size=5).map(lambda items: _bracketed("[", items, "]")),
        inner.map(lambda value: _bracketed("(", [value], ")")),
        st.tuples(inner, inner, inner).map(lambda v: ["(", *v[0], "if", *v[1], "else", *v[2], ")"]),
        inner.map(lambda value: ["(", "-", *value, ")"]),
        inner.map(lambda value: ["(", "not", *value, ")"]),
        _keys_of(inner).map(lambda keys: _bracketed("(", [keys], ")")),
    )


def _grouped_comparison(parts: tuple[Pieces, str, Pieces]) -> Pieces:
    return ["(", *_binary(parts), ")"]


@st.composite
def _keys_of(draw: st.DrawFn, values: st.SearchStrategy[Pieces]) -> Pieces:
    pieces: Pieces = []
    for number in range(draw(st.integers(1, 4))):
        pieces += [",", _BREAK] if number else []
        pieces += [*_spaced(draw(st.sampled_from(_TIMES))), ":", _BREAK, *draw(values)]
        if draw(st.integers(0, 4)) == 0:
            pieces += _easing(draw(st.sampled_from(_EASINGS)))
    if draw(st.integers(0, 4)) == 0:
        pieces += ["with", *_easing(draw(st.sampled_from(_EASINGS)))]
    return pieces


def _easing(text: str) -> Pieces:
    name, *rest = text.split(" ")
    return [name, _CALL, *rest] if rest else [name]


_atoms = st.one_of(
    st.sampled_from(_NAMES).map(_spaced),
    st.sampled_from(_LITERALS).map(lambda text: ["-", text[1:]] if text[0] == "-" else [text]),
    st.sampled_from(_TEXTS).map(lambda text: [text]),
)
values = st.recursive(_atoms, _compound, max_leaves=8)
"""Expressions."""
keys = _keys_of(values)
"""Key lists."""


@st.composite
def _joined(draw: st.DrawFn, pieces: Pieces) -> str:
    """Tokens as text, with random spaces, line breaks and comments."""
    text, glued = "", False
    may_break = False
    for piece in pieces:
        if piece == _CALL:
            glued = True
            continue
        if piece == _BREAK:
            may_break = True
            continue
        if may_break and draw(st.integers(0, 5)) == 0:
            text += draw(_line_end)
        elif not glued:
            text += _gap(text, piece, draw(st.sampled_from(("", " ", " ", "   "))))
        text += piece
        glued = may_break = False
    return text


def _gap(text: str, piece: str, gap: str) -> str:
    if gap or not text:
        return gap
    before, after = text[-1], piece[0]
    is_word = before.isalnum() or before in '_."%'
    return (
        " " if before in ",:%" or (is_word and (after.isalnum() or after in '_.%"')) or piece == "%" else ""
    )


@st.composite
def _ends(draw: st.DrawFn) -> str:
    """A line end with a comment before it, and lines of nothing or comments behind it."""
    text = draw(st.sampled_from(("", "", " ", "  # remark", " #x")))
    for _ in range(draw(st.sampled_from((1, 1, 1, 2, 3)))):
        text += draw(st.sampled_from(("\n", "\n", "\r\n", " \n")))
        text += draw(st.sampled_from(("", "", "  ", "\t")))
        if draw(st.integers(0, 4)) == 0:
            text += draw(st.sampled_from(_COMMENTS)) + "\n"
    return text + draw(st.sampled_from(("", "  ", "    ")))


_line_end = _ends()


@st.composite
def _setting(draw: st.DrawFn) -> Pieces:
    name = draw(st.sampled_from(("zoom", "angle", "diffuse.strength", "x", "translation_z")))
    sign = draw(st.sampled_from(("=", "=", "=", "+=", "*=")))
    return [name, sign, _BREAK, *draw(st.one_of(values, keys))]


_HEADS = st.one_of(
    _setting(),
    values.map(lambda value: ["let", "thump", "=", _BREAK, *value]),
    values.map(lambda value: ["def", "pump", _CALL, "(", "a", ",", "b", "=", "2", ")", "=", *value]),
    st.sampled_from(_TEXTS).map(lambda text: ["audio", "song", "=", text]),
    st.sampled_from(_LONG).map(lambda text: ["title", "=", text]),
    st.just(["output", '"a.mp4"']),
    st.just(["import", '"std:orbit"', "as", "ns"]),
    st.just(["use", "shake", _CALL, "(", "amount", "=", "2deg", ")"]),
)
_BLOCK_HEADS = (
    ["camera", "2d"],
    ["camera", "3D"],
    ["diffuse"],
    ["control", "depth"],
    ["scene", "one", "4Bars"],
    ["audio", "song", "=", '"x.mp3"'],
    ["template", "shake", _CALL, "(", "a", "=", "1deg", ")"],
)


@st.composite
def _block(draw: st.DrawFn, inner: st.SearchStrategy[str], is_keys: bool) -> str:
    heads = (["prompt"], ["swell"], ["let", "swell"]) if is_keys else _BLOCK_HEADS
    head = draw(_joined(draw(st.sampled_from(heads))))
    before = draw(st.sampled_from((" ", "", "\n", "  # before\n")))
    return f"{head}{before}{{{draw(_body(inner))}}}"


@st.composite
def _body(draw: st.DrawFn, inner: st.SearchStrategy[str]) -> str:
    """Statements behind each other, on one line or on several."""
    statements = draw(st.lists(inner, max_size=4))
    if draw(st.booleans()):
        return "; ".join(statements)
    text = draw(_line_end)
    for statement in statements:
        text += statement + draw(st.sampled_from(("", "", ";"))) + draw(_line_end)
    return text


_lines = _HEADS.flatmap(_joined)
_key_lines = keys.flatmap(_joined)
_statements = st.recursive(
    _lines,
    lambda inner: st.one_of(inner, _block(inner, is_keys=False), _block(_key_lines, is_keys=True)),
    max_leaves=6,
)


@st.composite
def _film(draw: st.DrawFn) -> str:
    text = draw(st.sampled_from(("", "", "\ufeff", "# head\n\n", "\n\n")))
    for statement in draw(st.lists(_statements, max_size=6)):
        text += statement + draw(_line_end)
        # a line end alone may be the space before an operator's line; a new statement needs a real one
        text = text if text.rstrip(" \t").endswith("\n") else text + "\n"
    return text


films = _film()
"""Texts that parse without errors."""
