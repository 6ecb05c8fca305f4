"""The steps of one pipeline: their names, and what each of them shows."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING

from anim_compiler import op_calls, pictures
from anim_compiler.env import Env, GivenBinding, LetBinding, WrittenBinding
from anim_compiler.film import OpCall, PictureExpr, PictureRef, StepRef
from anim_compiler.image_op import PictureKind
from anim_compiler.image_ops import ELSEWHERE, IMAGE_OPS, SOURCES
from anim_compiler.levels import CameraPart
from anim_compiler.names import CLOCKS, CONSTANTS, did_you_mean, nearest
from anim_compiler.signatures import FEATURES, SIGNATURES
from anim_compiler.world import World
from anim_dsl.diagnostic import Edit, Label
from anim_dsl.source import Span
from anim_dsl.syntax import Binary, Call, Conditional, Expr, Let, Name, Setting, Statement, Text

if TYPE_CHECKING:
    from anim_compiler.expressions import Expressions

RESULTS = ("carry", "frame")
"""The steps that a pipeline ends in: what the next frame calls `previous`, and what is shown."""

_NUMBERS = frozenset({*CLOCKS, *CONSTANTS, *FEATURES})


class Steps:
    """One pipeline in work: each step sees those before it. `written` are the names of all of them."""

    def __init__(
        self,
        check: Expressions,
        env: Env,
        world: World,
        cameras: Mapping[str, CameraPart],
        written: dict[str, Span],
        absent: Collection[str] = (),
    ) -> None:
        self.check = check
        self.env = env
        self.world = world
        self.cameras = cameras
        self.steps: dict[str, tuple[PictureExpr, PictureKind]] = {}
        self.broken = False
        self._written = written
        self._absent = absent
        self._places: dict[str, Span] = {}
        self._read: set[str] = set()
        self._lost: set[str] = set()

    def statement(self, statement: Statement) -> None:
        """One step; a `let` is no business of the pipeline's."""
        if isinstance(statement, Let):
            return
        if not isinstance(statement, Setting) or statement.op != "=" or statement.block is not None:
            self.wrong("E2086", statement.span, "a pipeline holds steps", "write `name = op(picture, …)`")
            return
        name = statement.name
        found = self.picture(statement.value) if self._may_be_called(name) else None
        if found is None:
            self._lost.add(name.text)
            return
        if name.text in RESULTS and found[1] == "flow":
            hint = "`warp_flow` moves a picture along it"
            self.wrong("E3035", statement.value.span, f"`{name.text}` is a picture, and this is a flow", hint)
        self.steps[name.text] = found

    def unused(self) -> None:
        """Warns of steps that lead nowhere."""
        for name in self.steps:
            if name not in self._read and name not in RESULTS:
                hint = "use it in a step below, or take it away"
                self.check.findings.warning("W6001", self._places[name], f"`{name}` is not used", hint=hint)

    def wrong(self, code: str, span: Span, message: str, hint: str = "", edit: Edit | None = None) -> None:
        """Reports a mistake: this pipeline comes to nothing."""
        self.broken = True
        self.check.findings.error(code, span, message, hint=hint, edit=edit)

    # --- names ---

    def _may_be_called(self, name: Name) -> bool:
        """Whether a step may have this name; a second one of a name is not read."""
        text = name.text
        if text in self._places:
            label = Label(self._places[text], "first defined here")
            self.broken = True
            hint = f"call the second one `{text}_2`, and read that one below"
            self.check.findings.error(
                "E2007", name.span, f"`{text}` is defined twice", labels=(label,), hint=hint
            )
            return False
        self._places[text] = name.span
        if len(name.path) > 1:
            self.wrong("E2086", name.span, "a step's name has no dot", f"call it `{text.replace('.', '_')}`")
            return False
        if text in SOURCES or text in _NUMBERS or text == "camera":
            says = SOURCES.get(text, "part of the language")
            self.wrong(
                "E2006",
                name.span,
                f"`{text}` is {says} and cannot be a step",
                f"call it `my_{text}`",
            )
        elif pictures.is_picture(self.check, text) or self.is_value(text):
            self.wrong(
                "E2007",
                name.span,
                f"`{text}` is the name of something else already",
                f"call it `{text}_step`",
            )
        return True

    def is_value(self, name: str) -> bool:
        """Whether a name stands for a number or text in here."""
        return isinstance(self.env.find(name), LetBinding | GivenBinding | WrittenBinding)

    def is_picture(self, name: str) -> bool:
        """Whether a name stands for a picture in here."""
        return name in self._written or name in SOURCES or pictures.is_picture(self.check, name)

    # --- pictures ---

    def picture(self, expr: Expr) -> tuple[PictureExpr, PictureKind] | None:
        """What an expression shows, and of which kind it is; None if it shows nothing."""
        with self.check.inside(self.env):
            expr = pictures.given(self.check, expr)
        match expr:
            case Name():
                return self._named(expr)
            case Call():
                return self._called(expr)
            case Text():
                path = self.check.findings.text(expr.span)
                self.wrong(
                    "E2073",
                    expr.span,
                    "a pipeline names its pictures",
                    f"write `image photo = {path}` at the top",
                )
            case _:
                self.wrong("E3034", expr.span, *self._no_picture(expr))
        return None

    def _no_picture(self, expr: Expr) -> tuple[str, str]:
        """What to say of an expression that is none, and what to write instead."""
        source = self.check.findings
        match expr:
            case Binary(op="+"):
                a, b = source.text(expr.left.span, 20), source.text(expr.right.span, 20)
                return "pictures are not added", f"write `mix({a}, {b}, 0.5)`, or `composite({a}, {b}, add)`"
            case Binary(op="*"):
                return "a picture is not multiplied", "write `mix(a, b, weight)`, or `grade(a, gain = 0.5)`"
            case Conditional():
                a, b = source.text(expr.then.span, 20), source.text(expr.other.span, 20)
                return (
                    "pictures are not chosen with `if`",
                    f"write `mix({b}, {a}, {source.text(expr.test.span, 20)})`",
                )
            case _:
                return (
                    "a picture is wanted here",
                    "write the name of a step, or an op such as `diffuse(previous)`",
                )

    def _named(self, expr: Name) -> tuple[PictureExpr, PictureKind] | None:
        name = expr.text
        if name in self.steps:
            self._read.add(name)
            return StepRef(name, expr.span), self.steps[name][1]
        if name in self._lost:
            self.broken = True
            return None
        if name in self._absent:
            self.broken = True
            pictures.absent(self.check, name, expr.span)
            return None
        if name in SOURCES or pictures.is_picture(self.check, name):
            pictures.mark(self.check, name)
            return PictureRef(name, expr.span), "image"
        if name in self.check.scope.missing:
            self.broken = True
        elif name in self._written:
            self._too_early(expr)
        else:
            self._unknown(expr)
        return None

    def _too_early(self, expr: Name) -> None:
        self.broken = True
        label = Label(self._written[expr.text], "defined here")
        hint = "a step reads those above it; what the frame before carried is `previous`"
        self.check.findings.error(
            "E2085", expr.span, f"`{expr.text}` is used before it is defined", labels=(label,), hint=hint
        )

    def _unknown(self, expr: Name) -> None:
        name = expr.text
        if name in _NUMBERS or self.is_value(name):
            hint = "write the name of a step or of an image, or an op such as `diffuse(previous)`"
            self.wrong("E3034", expr.span, f"a picture is wanted here, and `{name}` is a number", hint)
            return
        if name in IMAGE_OPS:
            self.wrong("E2084", expr.span, f"`{name}` is an op and stands here alone", f"write `{name}(…)`")
            return
        known = [*self.steps, *SOURCES, *pictures.names(self.check)]
        near = nearest(name, known)
        edit = Edit(expr.span, near) if near else None
        hint = did_you_mean(name, known) or "pictures are " + ", ".join(f"`{n}`" for n in SOURCES)
        self.wrong("E2084", expr.span, f"there is no picture `{name}`", hint, edit)

    def _called(self, expr: Call) -> tuple[PictureExpr, PictureKind] | None:
        name = expr.function.text
        op = IMAGE_OPS.get(name)
        if op is not None:
            made: OpCall | None = op_calls.op_call(self, expr, op)
            return None if made is None else (made, op.gives)
        if name in SIGNATURES or self.env.find(name) is not None:
            near = ELSEWHERE.get(name)
            hint = f"the op is called `{near}`" if near else "write an op, such as `diffuse(previous)`"
            self.wrong("E3034", expr.span, f"a picture is wanted here, and `{name}` gives a number", hint)
            return None
        op_calls.unknown_op(self, expr)
        return None
