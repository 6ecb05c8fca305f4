"""What is seen of a film's structure: its outline, its folds, its colours, its links, its layout."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from pathlib import Path

from lsprotocol import types

from anim_dsl.format import format_source
from anim_dsl.source import Source
from anim_studio.lsp.analysed import Analysed, analysed
from anim_studio.lsp.desk import Desk
from anim_studio.lsp.features.actions import FIX_ALL, code_actions
from anim_studio.lsp.features.folding import folding_ranges
from anim_studio.lsp.features.formatting import formatting, range_formatting
from anim_studio.lsp.features.links import document_links
from anim_studio.lsp.features.selection import selection_ranges
from anim_studio.lsp.features.symbols import document_symbols, workspace_symbols
from anim_studio.lsp.features.tokens import semantic_tokens, semantic_tokens_in
from anim_studio.lsp.legend import MODIFIERS, TYPES

NAME = types.TextDocumentIdentifier("file:///film.anim")
OPTIONS = types.FormattingOptions(tab_size=8, insert_spaces=False)
TREES = types.ClientCapabilities(
    text_document=types.TextDocumentClientCapabilities(
        document_symbol=types.DocumentSymbolClientCapabilities(hierarchical_document_symbol_support=True)
    )
)
FILM = """\
length = 4s
let sway = 0.5
# two remarks,
# one below the other
prompt {
  0s: "(neon:1.2) {sway} rain"
  4s: "fog"
}
scene one 4s {
  camera 2d { zoom = 0s: 1, 4s: 2 with ease_in_out }
  grade.exposure = 0s: 0,
    4s: 1
}
"""


def _range(made: Analysed, text: str) -> types.Range:
    start = made.text.index(text)
    return types.Range(made.positions.position(start), made.positions.position(start + len(text)))


def _applied(made: Analysed, edits: list[types.TextEdit] | None) -> str:
    text = made.text
    for edit in sorted(edits or [], key=lambda each: made.positions.span(each.range), reverse=True):
        span = made.positions.span(edit.range)
        text = text[: span.start] + edit.new_text + text[span.end :]
    return text


# --- outline ---


def test_the_outline_is_a_tree_of_scenes_settings_and_keys() -> None:
    made = analysed(FILM, desk=Desk(client=TREES))
    tree = document_symbols(made, types.DocumentSymbolParams(NAME))

    def shown(symbols: object) -> list[object]:
        assert isinstance(symbols, list | tuple)
        return [(each.name, shown(each.children)) if each.children else each.name for each in symbols]

    assert shown(tree) == [
        "length",
        "sway",
        ("prompt", ["0s", "4s"]),
        ("scene one 4s", [("camera 2d", [("zoom", ["0s", "4s"])]), ("grade.exposure", ["0s", "4s"])]),
    ]


def test_a_client_without_trees_is_given_a_list() -> None:
    found = document_symbols(analysed(FILM), types.DocumentSymbolParams(NAME))
    assert all(isinstance(each, types.SymbolInformation) for each in found)
    assert ("zoom", "camera 2d") in [(each.name, getattr(each, "container_name", "")) for each in found]


def test_names_are_found_in_all_films_below_a_folder(tmp_path: Path) -> None:
    (tmp_path / "inner").mkdir()
    (tmp_path / "inner" / "looks.anim").write_text("let swing = 2\ndef double(x) = x * 2\n")
    (tmp_path / ".hidden").mkdir()
    (tmp_path / ".hidden" / "other.anim").write_text("let swing = 2\n")
    outside = tmp_path.with_name(f"{tmp_path.name}-outside.anim")
    outside.write_text("let swing = 3\n")
    (tmp_path / "link.anim").symlink_to(outside)
    desk = Desk(roots=(tmp_path,))
    found = workspace_symbols(desk, types.WorkspaceSymbolParams("swg"))
    assert [(each.name, each.container_name) for each in found] == [("swing", "looks.anim")]
    assert len(workspace_symbols(desk, types.WorkspaceSymbolParams(""))) == 2


# --- folds and selections ---


def test_blocks_key_lists_and_remarks_fold() -> None:
    found = folding_ranges(analysed(FILM), types.FoldingRangeParams(NAME))
    assert [(each.start_line + 1, each.end_line + 1, each.kind) for each in found] == [
        (3, 4, types.FoldingRangeKind.Comment),
        (5, 7, None),
        (9, 12, None),
        (11, 12, None),
    ]


def test_a_block_that_is_not_closed_folds_nothing_else() -> None:
    found = folding_ranges(
        analysed('prompt {\n  0s: "x"\n\ngrade {\n  exposure = 1\n}\n'), types.FoldingRangeParams(NAME)
    )
    assert [(each.start_line, each.end_line) for each in found] == [(3, 4)]


def test_regions_fold_and_may_stand_in_one_another() -> None:
    film = "# region a\n\n#region b\n\n# endregion\n#endregion\n#endregion\nseed = 1  #region"
    found = folding_ranges(analysed(film), types.FoldingRangeParams(NAME))
    regions = [each for each in found if each.kind == types.FoldingRangeKind.Region]
    assert [(each.start_line, each.end_line) for each in regions] == [(0, 5), (2, 4)]


def test_a_selection_grows_from_a_word_to_the_film() -> None:
    made = analysed(FILM)
    place = _range(made, "2 with").start
    (found,) = selection_ranges(made, types.SelectionRangeParams(NAME, [place]))
    texts: list[str] = []
    step: types.SelectionRange | None = found
    while step is not None:
        span = made.positions.span(step.range)
        texts.append(made.text[span.start : span.end])
        step = step.parent
    setting = "zoom = 0s: 1, 4s: 2 with ease_in_out"
    assert texts[:5] == ["2", "4s: 2", setting.removeprefix("zoom = "), setting, f"{{ {setting} }}"]
    assert texts[-1] == FILM
    assert all(inner in outer for inner, outer in pairwise(texts))


# --- colours of words ---


def _tokens(made: Analysed, data: list[int]) -> list[str]:
    """`zoom property`, with `+modifier`, for each token."""
    shown: list[str] = []
    line = column = 0
    lines = made.text.split("\n")
    for at in range(0, len(data), 5):
        down, right, length, kind, bits = data[at : at + 5]
        line, column = line + down, right if down else column + right
        names = "".join(f"+{name}" for number, name in enumerate(MODIFIERS) if bits >> number & 1)
        shown.append(f"{lines[line][column : column + length]} {TYPES[kind]}{names}")
    return shown


def test_every_word_is_coloured_as_what_it_is() -> None:
    text = 'import "std:shake" as hand\ncamera 2d {\n  zoom = sin(time) if sway and on else 1px # so\n}\n'
    made = analysed(text + "let sway = bass\nuse hand.handheld(amount = 1deg)\n")
    assert _tokens(made, list(semantic_tokens(made, types.SemanticTokensParams(NAME)).data)) == [
        "import keyword", '"std:shake" string', "as keyword", "hand namespace+declaration",
        "camera keyword", "2d number", "zoom property", "sin function+defaultLibrary",
        "time variable+defaultLibrary", "if keyword", "sway variable", "and keyword", "on enumMember",
        "else keyword", "1px number", "# so comment", "let keyword", "sway variable+declaration",
        "bass variable+defaultLibrary", "use keyword", "hand namespace", "handheld function",
        "amount parameter", "1deg number",
    ]  # fmt: skip


def test_texts_show_their_weights_and_inserts() -> None:
    made = analysed(FILM)
    params = types.SemanticTokensRangeParams(NAME, _range(made, '"(neon:1.2) {sway} rain"'))
    data = list(semantic_tokens_in(made, params).data)
    assert _tokens(made, data) == [
        '"(neon string', ":1.2 operator", ") { string", "sway variable", '} rain" string'
    ]  # fmt: skip


def test_colours_of_a_text_that_is_broken() -> None:
    made = analysed("camera 2d {\n  zoom = sin(\n  angle = 2deg\n")
    tokens = _tokens(made, list(semantic_tokens(made, types.SemanticTokensParams(NAME)).data))
    assert {"camera keyword", "zoom property", "2deg number"} <= set(tokens)


def test_a_long_text_is_coloured_line_by_line_in_the_clients_units() -> None:
    made = analysed('prompt = """🌧 rain\n  and 🌆"""\n')
    data = list(semantic_tokens(made, types.SemanticTokensParams(NAME)).data)
    # lengths count units of UTF-16: each picture has two
    assert [data[at + 2] for at in range(5, len(data), 5)] == [10, 11]


# --- links ---


def test_paths_and_models_can_be_opened(tmp_path: Path) -> None:
    (tmp_path / "looks.anim").write_text("let a = 1\n")
    (tmp_path / "song.ogg").write_bytes(b"")
    text = (
        'import "looks.anim"\nimport "std:shake" as hand\naudio song = "song.ogg"\nimage gone = "gone.png"\n'
        'model = "civitai:25694@143906"\nlora g = "hf:owner/repo"\noutput "song.ogg"\nprompt = "looks.anim"\n'
    )
    made = analysed(text, tmp_path / "film.anim")
    found = document_links(made, types.DocumentLinkParams(NAME))
    assert [(each.range.start.line, (each.target or "").rpartition("/")[2]) for each in found] == [
        (0, "looks.anim"),
        (1, "shake.anim"),
        (2, "song.ogg"),
        (4, "25694?modelVersionId=143906"),
        (5, "repo"),
    ]


# --- layout ---


def test_formatting_is_what_fmt_writes() -> None:
    for text in ("length=4s\nprompt={0s:'x'}\n", FILM.replace(" = ", "="), FILM.replace("\n", "\r\n")):
        made = analysed(text)
        edits = formatting(made, types.DocumentFormattingParams(NAME, OPTIONS))
        wanted = format_source(Source("film.anim", text))
        if isinstance(wanted, str):
            assert _applied(made, edits).replace("\r\n", "\n") == wanted.replace("\r\n", "\n")
        else:
            assert edits is None


def test_formatting_leaves_lines_that_are_well() -> None:
    made = analysed("length = 4s\nlet  a=1\n\nlet b  = 2\n")
    edits = formatting(made, types.DocumentFormattingParams(NAME, OPTIONS))
    assert edits is not None
    assert {edit.range.start.line for edit in edits} == {1, 3}
    only = types.DocumentRangeFormattingParams(NAME, _range(made, "let b"), OPTIONS)
    assert [edit.range.start.line for edit in range_formatting(made, only) or []] == [3]


# --- actions ---


def _context(*only: str) -> types.CodeActionContext:
    return types.CodeActionContext([], only=[types.CodeActionKind(each) for each in only] or None)


def test_actions_for_what_stands_in_a_range(tmp_path: Path) -> None:
    text = 'length = 2s\nprompt = "x"\ncamera 2d { zom = 1 + u; ange = 3deg * u }\n'
    made = analysed(text, tmp_path / "film.anim")
    params = types.CodeActionParams(NAME, _range(made, "zom"), _context())
    actions = code_actions(made, params)
    assert [(each.title, bool(each.is_preferred)) for each in actions] == [
        ("replace `zom` with `zoom`", True),
        ("mend all 2 of E2003", False),
        ("explain E2003", False),
    ]
    changes = actions[1].edit.changes if actions[1].edit else None
    assert changes is not None
    assert _applied(made, list(changes[made.uri])) == text.replace("zom ", "zoom ").replace("ange", "angle")
    assert not code_actions(made, replace_range(params, _range(made, "length")))


def replace_range(params: types.CodeActionParams, place: types.Range) -> types.CodeActionParams:
    """The same question about another range."""
    return types.CodeActionParams(params.text_document, place, params.context)


def test_all_that_is_certain_is_mended_where_that_is_asked_for(tmp_path: Path) -> None:
    text = 'length = 2s\nprompt = "x"\ncamera 2d { zom = 1 + u; angle = sin(s) * 1deg }\n'
    made = analysed(text, tmp_path / "film.anim")
    params = types.CodeActionParams(NAME, _range(made, "length"), _context("source.fixAll"))
    (action,) = code_actions(made, params)
    assert action.kind == FIX_ALL
    assert action.edit is not None
    assert action.edit.changes is not None
    assert "zoom = 1 + u" in _applied(made, list(action.edit.changes[made.uri]))
    well = analysed(FILM, tmp_path / "film.anim")
    assert not code_actions(well, replace_range(params, _range(well, "length")))


def test_a_desk_tells_its_settings() -> None:
    desk = replace(Desk(), settings={"inlayHints": {"times": False}, "formatOnSave": "yes"})
    assert desk.setting("inlayHints.times") is False
    assert desk.setting("inlayHints.times.more", 3) == 3
    assert desk.switched_on("formatOnSave", False) is False
