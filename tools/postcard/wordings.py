"""The words that people use for what a picture shows; their set is the model's vocabulary."""


def _phrases(text: str) -> tuple[str, ...]:
    """Phrases that semicolons separate."""
    return tuple(phrase.strip() for phrase in text.split(";"))


PLACE = {
    "mountains": _phrases(
        "mountains; mountain range; alpine peaks; mountain landscape; mountain peaks; mountain; the alps"
    ),
    "forest": _phrases("forest; pine forest; woods; fir trees; woodland; pine trees; deep forest"),
    "desert": _phrases("desert; sand dunes; desert dunes; dunes; desert landscape; sahara"),
    "ocean": _phrases("ocean; sea; seascape; ocean waves; open sea; sea with a boat; the ocean horizon"),
    "city": _phrases(
        "city; city skyline; skyscrapers; downtown; cityscape; city buildings; urban skyline; city street"
    ),
    "meadow": _phrases(
        "meadow; green field; countryside; grassy hills; flower meadow; field of flowers; rolling "
        "hills; fields"
    ),
    "lake": _phrases("lake; mountain lake; calm lake; lake reflection; still water; lakeside"),
}
TIME = {
    "dawn": _phrases(
        "at dawn; at sunrise; early morning; dawn; sunrise; in the morning; morning light; first light"
    ),
    "day": _phrases("by day; at noon; in daylight; sunny; day; daytime; midday; bright day; blue sky"),
    "sunset": _phrases(
        "at sunset; golden hour; at dusk; sunset; dusk; in the evening; evening light; golden light"
    ),
    "night": _phrases(
        "at night; starry sky; moonlit night; night; under the stars; by moonlight; midnight; "
        "starry night; night sky"
    ),
}
WEATHER = {
    "clear": _phrases("clear sky; clear; clear weather; in summer; summer; in spring"),
    "snow": _phrases("in winter; snow; snowy; covered in snow; winter; snowfall; in the snow"),
    "autumn": _phrases(
        "in autumn; fall colors; autumn; autumn leaves; fall foliage; orange leaves; in the fall"
    ),
    "fog": _phrases("fog; misty; foggy; in the fog; mist; thick fog; hazy"),
    "cloudy": _phrases("cloudy; overcast; clouds; cloudy sky; grey sky; stormy; storm clouds; dark clouds"),
}
STYLE = {
    "photo": _phrases(
        "photo; photorealistic; cinematic photograph; photograph; realistic photo; realistic; "
        "photography; cinematic"
    ),
    "oil": _phrases(
        "oil painting; impressionist oil painting; monet style painting; oil on canvas; "
        "impressionist; thick brush strokes; van gogh style; painting"
    ),
    "watercolor": _phrases(
        "watercolor; watercolor painting; soft pastels watercolor; watercolour; aquarelle; soft "
        "watercolor on paper; pastel watercolor"
    ),
    "sketch": _phrases(
        "pencil sketch; pencil drawing; charcoal sketch; sketch; line drawing; pencil; ink sketch; hand drawn"
    ),
    "neon": _phrases(
        "neon; cyberpunk neon; cyberpunk; neon lights; synthwave; glowing neon; vaporwave; neon glow"
    ),
    "pixel": _phrases(
        "pixel art; 8-bit pixel art; retro game; pixelated; 8-bit; 16-bit pixel art; video game"
    ),
}
OF = {
    "photo": _phrases("a photo of; a photograph of"),
    "oil": _phrases("an oil painting of; a painting of"),
    "watercolor": _phrases("a watercolor of; a watercolor painting of"),
    "sketch": _phrases("a pencil sketch of; a drawing of"),
    "neon": _phrases("a neon picture of; neon lit"),
    "pixel": _phrases("pixel art of; a pixel art picture of"),
}
THING = {
    "bottle": _phrases("bottle; glass bottle; perfume bottle; water bottle"),
    "cup": _phrases("cup; mug; coffee cup; ceramic cup; tea cup; coffee mug"),
    "shoe": _phrases("shoe; sneaker; running shoe; sneakers; sports shoe"),
    "lamp": _phrases("lamp; table lamp; desk lamp; glowing lamp"),
}
BACKDROP = {
    "white": _phrases("white studio; on a white background; white backdrop; studio light"),
    "grey": _phrases("grey studio; on a grey background; gray backdrop; gray studio"),
    "dark": _phrases("dark studio; on a black background; dark background; black backdrop"),
    "warm": _phrases("warm studio; on a beige background; cream backdrop; warm background"),
}
FILLER = _phrases(
    "cinematic landscape; film grain; volumetric lighting; long exposure; dramatic; same "
    "landscape; landscape; highly detailed; 4k; 8k; beautiful; masterpiece; wide angle; epic; "
    "scenery; dramatic lighting; sharp focus; trending; ultra detailed; high quality; best "
    "quality; a view of; panorama; wide shot; atmospheric; serene; peaceful; majestic; vast; "
    "vivid; colorful; soft light; depth of field; bokeh; hdr; 35mm; slow motion; camera; "
    "moving; scene; picture; stunning; quiet; lonely; distant; same scene; the same place; "
    "aerial view; no people; art; natural light; rich colors; muted colors; high contrast; "
    "texture; detailed; style; background"
)
STUDIO_FILLER = _phrases(
    "product photo; product shot; studio lighting; minimal; commercial; packshot; advertising; clean"
)
NEGATIVE = _phrases(
    "blurry; low quality; watermark; text; ugly; bad; worst quality; noise; jpeg artifacts; people; frame"
)
GLUE = _phrases(
    "a; an; the; of; with; and; in; on; at; to; for; from; over; very; its; same; no; light; "
    "lit; sky; sun; moon; stars; water; trees; tree; boat; snow-capped; hills; waves; "
    "buildings; windows; reflection; flowers; cactus; orange; purple; pink; blue; green; "
    "golden; dark; bright; warm; cold; soft; gentle; deep; old; new; small; large; big; "
    "season; weather; time; year; world; film; video; animation; postcard"
)
