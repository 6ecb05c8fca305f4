"""The schedules of a Deforum settings file: 47, of which 16 move, 13 of them by a formula."""

from __future__ import annotations

STILL: tuple[str, ...] = (
    *("0: (0)",) * 13,
    *("0: (1)", "0: (0.5)", "0: (0.5)", "0: (53)", "0: (1.0)", "0: (7)", "0: (25)", "0: (70)", "0: (1)"),
    *(
        "0: (200)",
        "0: (10000)",
        "0: (1.5)",
        "0: (2)",
        "0: (1.05)",
        "0: (0.1)",
        "0: (5)",
        "0: (100)",
        "0:(0.5)",
    ),
)
"""Settings that nobody touches, at the extension's defaults."""

MOVING: tuple[str, ...] = (
    # numbers: strength, cfg scale and noise
    "0: (0.65), 24: (0.45), 48: (0.65), 120: (0.7), 200: (0.55)",
    "0: (7), 96: (9), 192: (6.5)",
    "0: (0.065), 60: (0.02), 150: (0.065)",
    # formulas: angle, zoom, translations, rotations, flips and the rest
    "0: (0.5*sin(t/20))",
    "0: (1.0025+0.002*sin(1.25*3.14*t/30))",
    "0: (10*sin(2*3.14*t/60))",
    "0: (8*cos(2*3.14*t/90)-2)",
    "0: (1.75+0.5*cos(t/24))",
    "0: (-0.35*sin(t/17)+0.25*cos(t/7))",
    "0: (0), 30: (abs(sin(t/12))*2)",
    "0: (0.3*sin(3.14*t/48)**2)",
    "0: (t*0.02), 100: (2+0.5*sin((t-100)/15))",
    "0: (0.02*(t%48)-0.4)",
    "0: (70+12*cos(t/max_f*6.28))",
    "0: ((t<120)*0.5+(t>=120)*0.25)",
    "0: (sqrt(abs(sin(t/36)))*1.5)",
)
"""What people write into the others; every key is within 240 frames."""

ALL = STILL + MOVING
