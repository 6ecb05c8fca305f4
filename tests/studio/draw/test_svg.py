"""Text of films in an SVG picture."""

from __future__ import annotations

from xml.etree import ElementTree

from anim_studio.draw.svg import SvgCanvas


def test_text_is_neither_markup_nor_unseen() -> None:
    canvas = SvgCanvas(100, 20, (255, 255, 255))
    canvas.text((0, 10), "</text><script>x</script> \x1b[31m \x9b \u202e & ]]>", (0, 0, 0), 10)
    markup = canvas.markup()
    found = [element.tag.rpartition("}")[2] for element in ElementTree.fromstring(markup).iter()]
    assert found == ["svg", "rect", "text"]
    assert markup.replace("\n", "").isprintable()
