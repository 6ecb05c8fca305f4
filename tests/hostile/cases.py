"""Films that mean harm or come by accident, each with its verdict.

Rewritten from a corpus that was made before the syntax was: ids and ideas are kept. Where the language says
otherwise than the corpus did, the language stands, and `note` says so.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field

from tests.staging import staged

START = 'length = 2s\nprompt { 0s: "a cat" }\n'


def inside_camera(value: str) -> str:
    """A film with one zoom."""
    return f"{START}camera 2d {{ zoom = {value} }}\n"


@dataclass(frozen=True, slots=True)
class Case:
    """One film and its verdict.

    `code` is that of the first diagnostic ("" for none, or for a file that cannot be read); `codes` are all,
    where their number matters; `says` stands in the output, `hides` never does. `files` lie beside the film;
    a name that begins with `../` lies outside its folder, and one that ends with `->` is a link to its text.
    `broken` says what is known to be wrong today.
    """

    id: str
    film: str | bytes
    exit: int
    code: str = ""
    says: str = ""
    codes: tuple[str, ...] = ()
    hides: tuple[str, ...] = ()
    files: Mapping[str, str | bytes] = field(default_factory=dict)
    note: str = ""
    broken: str = ""


def picture(side: int) -> bytes:
    """A PNG whose header says that it is so wide and high, with no pixels behind it."""
    header = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    chunk = b"IHDR" + header
    head = b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + chunk + struct.pack(">I", zlib.crc32(chunk))
    return head + struct.pack(">I", 1 << 20) + b"IDAT"


def ring(names: str) -> dict[str, str]:
    """Files that import each other round and round."""
    after = names[1:] + names[0]
    return {f"{a}.anim": f'import "{b}.anim"\nlet x{a} = 1\n' for a, b in zip(names, after, strict=True)}


# what is known to be wrong today; a case that is mended fails until its mark is taken away

BYTES = (
    Case("H01-empty-file", "", 1, "E2012", "the film is empty"),
    Case("H01-only-blanks", "\n\t \r\n# nothing\n", 1, "E2012"),
    Case("H02-bom-and-crlf", b"\xef\xbb\xbf" + START.replace("\n", "\r\n").encode(), 0),
    Case("H02-bom-in-the-middle", START + "\ufefffps = 12\n", 1, "E1010"),
    Case("H03-utf16", START.encode("utf-16"), 2, "", "UTF-16", note="a file that cannot be read is exit 2"),
    Case("H03-bad-byte", b'prompt { 0s: "\xff\xfe" }', 2, "", "byte 0xFF at line 1, column 15"),
    Case(
        "H04-control-bytes",
        START + 'title = "cat\x00.png\x1b]0;pwned\x07\x9b2J"\n',
        1,
        "E1003",
        "U+0000",
    ),
    Case(
        "H05-bidi-in-a-comment", "fps = 24 # \u202e } 000001 = htgnel \u2066\n" + START, 1, "E1005", "U+202E"
    ),
    Case(
        "H05-bidi-in-a-text",
        'length = 2s\nprompt { 0s: "a \u202etac" }\n',
        1,
        "E1005",
        "\\u{…}",
        note="the language wants an escape there, too",
    ),
    Case("H05-bidi-escaped", 'length = 2s\nprompt { 0s: "a \\u{202e}tac" }\n', 0),
    Case("H06-confusable", START + "camera 2d { zooм = 1\n  zооm = 2 }\n", 1, "E1010", "U+"),
    Case("H06-full-width", inside_camera("\uff54 + 1"), 1, "E1010", "U+FF54"),
    Case("H07-lone-surrogate", 'length = 2s\nprompt { 0s: "\\u{d800} cat" }\n', 1, "E1018"),
    Case("H08-ten-megabytes", 'title = "' + "y" * 10_000_000 + '"\n', 3, "", "9.5 MiB"),
    Case("H08-one-megabyte", START + 'title = "' + "y" * 1_000_000 + '"\n', 0),
    Case("H09-unclosed-text", START + 'title = "' + "y" * 200_000, 1, "E1019"),
    Case("H09-endless-line", inside_camera("1 + " + "y" * 200_000), 1, "E2001"),
    Case("H09-endless-word", START + "y" * 200_000, 1, "E1041"),
)

SYNTAX = (
    Case("H10-parentheses", inside_camera("(" * 10_000 + "1" + ")" * 10_000), 3, "E1004"),
    Case("H10-open-parentheses", inside_camera("(" * 100_000), 3, "E1004"),
    Case("H10-brackets", inside_camera("[" * 50_000), 3, "E1004"),
    Case("H10-braces-in-a-text", START + 'title = "' + "{" * 50_000 + '"\n', 1, "E1020"),
    Case("H11-calls", inside_camera("abs(" * 600 + "t" + ")" * 600), 3, "E1004"),
    Case("H11-blocks", "layer g {" * 1_000 + "}" * 1_000, 3, "E1004"),
    Case("H11-inserts", START + 'title = "' + "{" + "(" * 200 + "1" + ")" * 200 + '}"\n', 3, "E1004"),
    Case("H11-conditionals", inside_camera("1 if t else " * 5_000 + "2"), 3, "E1004"),
    Case("H12-minus-storm", inside_camera("-" * 50_000 + "1"), 3, "E1004"),
    Case("H12-not-storm", inside_camera("not " * 50_000 + "1"), 3, "E1004"),
    Case("H12-power-storm", inside_camera("2**" * 50_000 + "1"), 3, "E1004"),
    Case("H13-long-sum", inside_camera("+".join(["t"] * 5_000)), 3, "E1004"),
    Case("H13-many-statements", START + "fps = 24\n" * 19_900, 1, "E2005"),
    Case("H14-million-keys", inside_camera(",".join(f"{i}: 1" for i in range(1_000_000))), 3, "", "MiB"),
    Case("H14-many-keys", inside_camera(",".join(f"{i}: 1" for i in range(30_000))), 3, "E1070"),
    Case("H14-many-words", START + "let a = [" + "1," * 300_000 + "]\n", 3, "E1071"),
    Case(
        "H14-many-statements",
        START + ";".join(f"let a{i}=1" for i in range(60_000)),
        3,
        "E1072",
    ),
    Case("H14-many-inserts", START + 'title = "' + "{1}" * 60_000 + '"\n', 3, "E1073"),
    Case("H15-error-flood", START + "@\n" * 50_000, 1, "E1015"),
    Case(
        "H15-flood-of-unknown-names",
        START + "".join(f"zoom{i} = 1\n" for i in range(5_000)),
        1,
        "E2003",
    ),
    Case("H16-keyword-soup", START + "diffuse { steps = steps sampler = sampler diffuse = }\n", 1, "E2001"),
)

NAMES = (
    Case(
        "H17-recursion",
        f"{START}def f(x) = g(x) + 1\ndef g(x) = f(x) * 2\ncamera 2d {{ zoom = f(1) }}\n",
        1,
        "E2008",
        "`f` → `g` → `f`",
    ),
    Case(
        "H18-laughs",
        START
        + "def a(x) = x*x*x*x*x*x*x*x*x*x\n"
        + "".join(f"def {b}(x) = {(a + '(') * 10}x{')' * 10}\n" for a, b in ("ab", "bc", "cd", "df", "fg"))
        + "camera 2d { zoom = g(1 + t) }\n",
        3,
        "E2017",
    ),
    Case(
        "H18-laughs-in-texts",
        'length = 2s\nlet a = "ha"\n'
        + "".join(
            f'let {name} = "{f"{{{before}}}" * 5}"\n' for before, name in ("ab", "bc", "cd", "df", "fg")
        )
        + 'prompt { 0s: "{g}" }\n',
        0,
    ),
    Case(
        "H18-laughs-in-templates",
        START
        + f"template a() {{ {'roll += 1deg; ' * 8} }}\n"
        + "".join(f"template {b}() {{ {f'use {a}(); ' * 8} }}\n" for a, b in ("ab", "bc", "cd", "df"))
        + "camera 2d { use f() }\n",
        3,
        "E2030",
    ),
    Case("H19-shadows", f"{START}let bass = 100\nlet sin = 3\n", 1, "E2006", codes=("E2006", "E2006")),
    Case("H20-unknown-name", inside_camera("bas * 0.2 + 1.0"), 1, "E2001", "`bass`"),
    Case("H20-names-of-the-interpreter", inside_camera("__builtins__ + self + findings"), 1, "E2001"),
    Case("H21-import-os", inside_camera('__import__("os").system("touch pwned")'), 1, "E1040"),
    Case("H21-generator", inside_camera('where(t > 0.5, *(open("x") for i in (1, 2)))'), 1, "E1040"),
    Case("H21-lambda", inside_camera('("\'", (lambda: 1)(), "\'")'), 1),
    Case("H21-dunder", inside_camera("(1).real.__class__"), 1),
    Case(
        "H22-types",
        'length = 2s\nfps = "twenty four"\nprompt = 3.14\nseed = true\ncamera 2d { zoom = "1.0" * t }\n',
        1,
        "E3002",
    ),
    Case(
        "H23-two-lets",
        f"{START}let a = 1\nlet a = 2\ncamera 2d {{ zoom = a }}\n",
        1,
        "E2007",
        "first defined",
    ),
    Case("H23-two-scenes", 'prompt = "a"\nscene a 2s { }\nscene a 4s { }\n', 1, "E2007", "first"),
    Case("H23-two-cameras", f"{START}camera 2d {{ zoom = 1 }}\ncamera 2d {{ zoom = 2 }}\n", 1, "E2005"),
)

NUMBERS = (
    Case("H24-integer-bomb", inside_camera("9**9**9"), 1, "E3012"),
    Case("H24-integer-bomb-as-a-time", f"{START}let x = 9**9**9 * 1s\ncamera 2d {{ zoom = x: 1 }}\n", 1),
    Case("H25-many-digits", inside_camera("9" * 5_000), 1, "E1013"),
    Case("H25-infinite", inside_camera("1e999"), 1, "E1013"),
    Case("H25-nearly-nothing", inside_camera("1 + 1e-999"), 0),
    Case("H26-division-by-zero", inside_camera("1 / 0"), 1, "E3011"),
    Case("H26-remainder-of-zero", inside_camera("5 % 0"), 1, "E3011"),
    Case("H26-nothing-by-nothing", inside_camera("0 / 0"), 1, "E3011"),
    Case("H26-division-in-a-time", f"{START}camera 2d {{ zoom = 0s: 1, 1s / 0: 2 }}\n", 1, "E3011"),
    Case("H27-division-by-silence", f'{START}audio song = "song.ogg"\ncamera 2d {{ zoom = 1 / bass }}\n', 0),
    Case(
        "H28-root-of-a-negative",
        inside_camera("1 + sqrt(u - 2)"),
        0,
        note="told by `compile`, with its frame",
    ),
    Case("H29-order", inside_camera("2s: 1.2, 0s: 1.0, 1s: 1.5"), 1, "E3006"),
    Case("H29-twice", inside_camera("0s: 1.2, 1s: 1.0, 24f: 1.5"), 1, "E3007"),
    Case("H29-before-the-start", inside_camera("0 - 5: 1, 24: 2"), 1, "E3003"),
    Case("H29-after-the-end", inside_camera("0: 1, 9999: 2"), 0, "W6002"),
    Case("H30-timecode", inside_camera("0: 1, 1.5s: 2, 00:00:99: 4"), 1, "E1016"),
    Case("H30-exact-rate", f"fps = 23.976\n{inside_camera('0: 1, 1.5s: 2, 90%: 3')}", 0),
    Case("H31-duration", 'length = 999999999m\nprompt { 0s: "a" }\n', 3, "", "1,000,000 frames"),
    Case("H31-infinite-duration", 'length = 9e300m\nprompt { 0s: "a" }\n', 3),
    Case("H32-size", f"size = 1000000x1000000\n{START}", 1, "E3012"),
    Case("H32-no-size", f"size = 0x0\n{START}", 1, "E3012"),
    Case("H32-odd-size", f"size = 24x513\n{START}", 1, "E3012", "multiples of 8"),
    Case("H32-steps", f"{START}diffuse {{ steps = 1e9; batch = 100000 }}\n", 1, "E3003"),
    Case("H32-rate", f"fps = 1e9\n{START}", 1, "E3003"),
    Case("H32-picture", f'init = "a.png"\n{START}', 1, "E4007", files={"a.png": picture(9_000)}),
    Case(
        "H32-huge-picture",
        f'init = "a.png"\n{START}',
        1,
        "E4007",
        files={"a.png": picture(100_000)},
    ),
    Case(
        "H33-zero-and-negative",
        'length = 0s\nfps = 0\nseed = -99999999999999999999\nprompt { 0s: "a" }\n'
        "diffuse { steps = -1; strength = 1.5; cfg_scale = -7 }\n",
        1,
        "E3003",
        codes=("E3003",) * 6,
    ),
    Case("H33-a-drawn-seed", f"seed = -1\n{START}", 0),
    Case("H34-prompt-keys", 'length = 100f\nprompt { 50: "night", 50: "day", 200: "never" }\n', 1, "E3007"),
)

BAD = {name: staged()[name] for name in ("many.wav", "hours.flac")}
RUBBISH = bytes(number * number * 7 % 251 for number in range(200_000))

SECRET = "root:x:0:0:canary-4711"

FILES = (
    Case("H35-import-of-itself", f'{START}import "film.anim"\n', 1),
    Case("H35-import-ring", f'{START}import "a.anim"\n', 1, files=ring("ab")),
    Case(
        "H36-import-bomb",
        f'{START}import "i0.anim"\n',
        3,
        "E2032",
        files={f"i{n}.anim": f'import "i{n + 1}.anim"\n' * 10 for n in range(20)},
        note="each file is read once, and they may not go so deep",
    ),
    Case(
        "H36-many-files",
        START + "".join(f'import "m{n}.anim" as n{n}\n' for n in range(66)),
        3,
        "W6001",
        "more than 64",
        files={f"m{n}.anim": f"let z{n} = 1\n" for n in range(66)},
    ),
    Case(
        "H36-many-imports",
        START + "".join(f'import "m{n}.anim" as n{n}\n' for n in range(500)),
        1,
    ),
    Case(
        "H37-import-outside",
        f'{START}import "../secret.txt"\n',
        1,
        files={"../secret.txt": SECRET},
        hides=("canary",),
    ),
    Case(
        "H37-paths-outside",
        START
        + 'audio a = "/proc/self/environ"\nimage b = "..\\\\..\\\\secret.png"\ninit = "../secret.txt"\n'
        + 'image d = "/etc/passwd"\nimage e = "file:///etc/shadow"\nimage f = "~/.ssh/authorized_keys"\n'
        + 'output "/dev/sda"\noutput "../film.mp4"\n',
        1,
        "E4001",
        files={"../secret.txt": SECRET},
        hides=("canary",),
    ),
    Case(
        "H37-link-outside",
        f'{START}image a = "sub/secret.txt"\ninit = a\n',
        1,
        "E4001",
        files={"../secret.txt": SECRET, "sub->": ".."},
        hides=("canary",),
    ),
    Case("H37-a-device", f'{START}image a = "zero"\ninit = a\n', 1, "E4001", files={"zero->": "/dev/zero"}),
    Case(
        "H38-addresses",
        START
        + 'audio a = "http://169.254.169.254/latest/meta-data/"\ninit = "http://127.0.0.1:8188/upload"\n'
        + 'image b = "concat:a.mp4|/etc/passwd"\noutput "rtmp://127.0.0.1/live"\n',
        1,
        "E4001",
    ),
    Case(
        "H38-playlist",
        'length = 2s\nprompt { 0s: "a" }\naudio a = "list.m3u8"\ncamera 2d { zoom = 1 + bass }\n',
        1,
        "E4009",
        "a text, not sound",
        files={"list.m3u8": "#EXTM3U\n#EXTINF:10,\nhttp://127.0.0.1:9999/x.ts\n"},
    ),
    Case(
        "H38-playlist-gives-the-length",
        'prompt { 0s: "a" }\naudio a = "list.m3u8"\n',
        1,
        "E4009",
        files={"list.m3u8": "#EXTM3U\n#EXTINF:10,\nhttp://127.0.0.1:9999/x.ts\n"},
    ),
    Case("H38-sound-of-channels", f'{START}audio a = "many.wav"\n', 1, "E4031", "65,535 channels", files=BAD),
    Case("H38-sound-of-hours", f'{START}audio a = "hours.flac"\n', 3, "E4032", "5.0 hours", files=BAD),
    Case("H38-sound-of-rubbish", f'{START}audio a = "a.mp3"\n', 1, "E4009", files={"a.mp3": RUBBISH}),
    Case(
        "H38-a-lock-that-leads-outside",
        f'{START}audio a = "song.ogg"\n',
        0,
        "W6154",
        files={"../secret.txt": "root:x:0:0:canary-4711", "film.audio.lock->": "../secret.txt"},
        hides=("canary",),
    ),
    Case(
        "H38-a-lock-of-rubbish",
        f'{START}audio a = "song.ogg"\n',
        0,
        "W6154",
        "no JSON text",
        files={"film.audio.lock": "[" * 100_000},
    ),
    Case(
        "H39-credentials",
        f'{START}vae = "https://user:hunter2@example.org/v.safetensors?token=SECRET"\n',
        1,
        hides=("hunter2", "SECRET"),
    ),
    Case(
        "H39-credentials-of-a-lora",
        f'{START}lora a = "https://user:hunter2@example.org/v.safetensors?token=SECRET"\n',
        1,
        hides=("hunter2", "SECRET"),
    ),
    Case(
        "H39-a-pickle",
        f'{START}model = "weights.ckpt"\n',
        1,
        files={"weights.ckpt": b"\x80\x04cos\nsystem\n(S'touch pwned'\ntR."},
    ),
    Case(
        "H39-a-pickle-in-disguise",
        f'{START}lora style = "style.safetensors"\n',
        1,
        files={"style.safetensors": b"\x80\x04cos\nsystem\n(S'touch pwned'\ntR."},
    ),
    Case(
        "H39-a-header-of-terabytes",
        f'{START}lora style = "style.safetensors"\n',
        1,
        files={"style.safetensors": struct.pack("<Q", 1 << 42) + b"{}"},
    ),
    Case(
        "H40-markup",
        'length = 2s\ntitle = "a[/nope]"\nprompt { 0s: "[@click=app.quit]x[/] \\u{1b}]52;c;aGk=\\u{7} '
        '<script>alert(1)</script> =cmd|\\u{27}/c calc\\u{27}!A1 \\r\\nX-Evil: 1" }\n',
        1,
        "E1018",
        note="a control character cannot be written in a text",
    ),
    Case("H40-markup-shown", START + "[/nope] = [bold]\n", 1, "E1040"),
    Case("H40-escapes-shown", START + "zoom\u0085\u200b = 1 \u2028\n", 1),
)

CASES = (*BYTES, *SYNTAX, *NAMES, *NUMBERS, *FILES)
"""Every case in the corpus's order."""
