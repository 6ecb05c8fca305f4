"""The `diffuse` block: sampler, steps, strength and seeds."""

from __future__ import annotations

from anim_compiler.models.samplers import UnknownSampler, sampler_named
from anim_dsl.settings import SETTINGS
from anim_studio.interchange.deforum.given import Settings
from anim_studio.interchange.deforum.setting import number_text, scheduled, whole
from anim_studio.interchange.film_text import Block, Item, Setting, quoted
from anim_studio.interchange.imported import Fate

_NO_SPACING = frozenset({"", "automatic", "simple", "normal", "uniform", "none"})
_SCHEDULED = (
    ("enable_steps_scheduling", "steps_schedule", "steps", None),
    ("enable_clipskip_scheduling", "clipskip_schedule", "clip_skip", 1.0),
    ("enable_noise_multiplier_scheduling", "noise_multiplier_schedule", "noise_multiplier", 1.0),
)
_MODES = {"iter", "fixed", "random", "ladder", "alternate"}


def diffuse(settings: Settings) -> Block:
    """How frames are made."""
    steps, *others = _by_switches(settings)
    items: list[Item | None] = [
        _sampler(settings),
        steps,
        scheduled(settings, "cfg_scale_schedule", "diffuse", "cfg_scale"),
        _strength(settings),
        *_seeds(settings),
        *others,
        _eta(settings),
        _tiling(settings),
    ]
    return Block("diffuse", tuple(item for item in items if item is not None))


def _sampler(settings: Settings) -> Setting:
    """The sampler, or its keys; names are those that `sampler` takes here."""
    settings.mapped("enable_sampler_scheduling")
    if not settings.flag("enable_sampler_scheduling"):
        name = _named(settings, settings.text("sampler"), "sampler")
        return Setting("sampler", quoted(_spaced(settings, name)))
    found = settings.curve("sampler_schedule")
    settings.mapped("sampler_schedule")
    settings.say(Fate.IGNORED, "sampler", "`sampler_schedule` counts")
    if not found.keys:
        return Setting("sampler", quoted(_named(settings, found.words[0], "sampler_schedule")))
    keys = tuple(
        (at, quoted(_named(settings, found.words[int(at)], "sampler_schedule"))) for at, _ in found.keys
    )
    return Setting("sampler", ", ".join(f"{at}: {value}" for at, value in keys), keys=keys)


def _named(settings: Settings, name: str, param: str) -> str:
    found = sampler_named(name)
    if not isinstance(found, UnknownSampler):
        settings.mapped(param)
        return found
    settings.say(Fate.CHANGED, param, found.message)
    return found.nearest


def _spaced(settings: Settings, name: str) -> str:
    """The sampler with the noise schedule that newer versions keep beside it."""
    spacing = settings.text("scheduler")
    if spacing.lower() in _NO_SPACING or not settings.has("scheduler"):
        settings.mapped("scheduler")
        return name
    plain = sampler_named(f"{name} {spacing}")
    if isinstance(plain, str) and plain in SETTINGS["diffuse", "sampler"].choices:
        settings.mapped("scheduler", says=f"`{plain}`")
        return plain
    if name.lower().endswith(spacing.lower()):
        settings.mapped("scheduler")
    else:
        settings.say(Fate.LOST, "scheduler", f"`{name}` has no schedule `{spacing}` here")
    return name


def _by_switches(settings: Settings) -> list[Setting | None]:
    """What has a schedule that is switched on, and else a number."""
    items: list[Setting | None] = []
    for switch, name, ours, quiet in _SCHEDULED:
        settings.mapped(switch)
        if settings.flag(switch):
            items.append(scheduled(settings, name, "diffuse", ours, quiet=quiet))
        elif ours == "steps":
            items.append(Setting("steps", str(max(0, min(1000, settings.whole("steps"))))))
            settings.mapped("steps")
    if settings.flag("enable_steps_scheduling"):
        settings.say(Fate.IGNORED, "steps", "`steps_schedule` counts")
    return items


def _strength(settings: Settings) -> Setting | None:
    """The schedule by Deforum's own name, whose meaning is Deforum's: how much stays."""
    if settings.mode == "I":
        return None
    name = "strength_schedule"
    if settings.mode in "23" and settings.flag("use_looper"):
        name = "image_strength_schedule"
        settings.say(Fate.IGNORED, "strength_schedule", "`image_strength_schedule` counts instead")
    found = settings.curve(name)
    settings.mapped(name, says="by its own name, with Deforum's meaning: how much stays")
    first, usual = settings.number("strength"), max(0.0, min(1.0, found.values[0]))
    beside = ""
    if settings.mode in "23" and settings.flag("use_init"):
        if first == usual:
            settings.mapped("strength")
        else:
            says = f"the first frame keeps {number_text(first)} there and {number_text(usual)} here"
            settings.say(Fate.CHANGED, "strength", says)
            beside = f"of `init`, which is the first frame, Deforum keeps {number_text(first)}"
    return Setting("strength_schedule", found.text, keys=found.keys, beside=beside)


# --- seeds -------------------------------------------------------------------------------------


def _seeds(settings: Settings) -> list[Setting]:
    behaviour = settings.text("seed_behavior").lower()
    settings.mapped("seed_behavior")
    fraction = _fraction(settings)
    if behaviour == "schedule":
        found = settings.curve("seed_schedule", keep_seed=True)
        settings.mapped("seed_schedule")
        if min(found.values) < 0:
            says = "a seed of -1 is drawn anew for each frame there, and once for the film here"
            settings.say(Fate.CHANGED, "seed_schedule", says)
        found = whole(found)
        text = f"({found.text}) + {fraction}" if fraction and found.form != "quoted" else found.text
        keys = () if fraction else found.keys
        return [Setting("seed_mode", "fixed"), Setting("seed", text, keys=keys)]
    settings.say(Fate.IGNORED, "seed_schedule", "`seed_behavior` is not `schedule`")
    every = settings.whole("seed_iter_N")
    if behaviour == "iter" and every > 1:
        step = every * settings.whole("diffusion_cadence") if settings.mode in "23" else every
        text = f"s + ceil(t / {step})" + (f" + {fraction}" if fraction else "")
        settings.mapped("seed_iter_N")
        return [Setting("seed_mode", "fixed"), Setting("seed", text)]
    settings.mapped("seed_iter_N")
    items = [] if behaviour == "iter" or behaviour not in _MODES else [Setting("seed_mode", behaviour)]
    return [*items, Setting("seed", f"s + {fraction}")] if fraction else items


def _fraction(settings: Settings) -> str:
    """What a fractional seed adds for a subseed's strength; "" for none."""
    settings.mapped("enable_subseed_scheduling")
    if not settings.flag("enable_subseed_scheduling"):
        return ""
    found = settings.curve("subseed_strength_schedule", may_quote=False)
    settings.mapped("subseed_strength_schedule")
    settings.curve("subseed_schedule")
    if set(found.values) == {0.0}:
        settings.say(Fate.IGNORED, "subseed_schedule", "`subseed_strength_schedule` is 0")
        return ""
    says = "a part of the next seed's noise is mixed in, not of this one's"
    settings.say(Fate.CHANGED, "subseed_schedule", says)
    if found.is_constant:
        return number_text(max(0.0, min(1.0, found.values[0])))
    is_within = 0.0 <= min(found.values) <= max(found.values) <= 1.0
    return f"({found.text})" if is_within else f"clamp(({found.text}), 0, 1)"


def _eta(settings: Settings) -> Setting | None:
    """The eta of the samplers that the sampler is one of."""
    if settings.has("ddim_eta") and not settings.has("ddim_eta_schedule"):
        return _old_eta(settings)
    is_ancestral = sampler_named(settings.text("sampler")) != "DDIM"
    chosen, other = ("ancestral", "ddim") if is_ancestral else ("ddim", "ancestral")
    settings.mapped(f"enable_{chosen}_eta_scheduling", f"enable_{other}_eta_scheduling")
    settings.say(Fate.IGNORED, f"{other}_eta_schedule", "it acts on other samplers")
    if not settings.flag(f"enable_{chosen}_eta_scheduling"):
        return None
    return scheduled(settings, f"{chosen}_eta_schedule", "diffuse", "eta")


def _old_eta(settings: Settings) -> Setting | None:
    is_ddim = sampler_named(settings.text("sampler")) == "DDIM"
    value = settings.number("ddim_eta")
    if not is_ddim or not value:
        settings.say(Fate.IGNORED, "ddim_eta", "it acts on DDIM, and 0 is what that has")
        return None
    settings.mapped("ddim_eta")
    return Setting("eta", number_text(max(0.0, min(1.0, value))))


def _tiling(settings: Settings) -> Setting | None:
    settings.mapped("tiling")
    return Setting("tiling", "on") if settings.flag("tiling") else None
