"""Makes all of `examples/media` anew, byte for byte the same on every run."""

from __future__ import annotations

import sys
from pathlib import Path

from tools.media.anthem import anthem, lyrics
from tools.media.loop import loop
from tools.media.ogg import write_ogg
from tools.media.song import song
from tools.media.stills import STILLS, write_still

FOLDER = Path(__file__).resolve().parents[2] / "examples" / "media"


def main(folder: Path = FOLDER) -> None:
    """Writes the songs and stills, and says how large each became."""
    folder.mkdir(parents=True, exist_ok=True)
    write_ogg(folder / "postcard.ogg", song())
    write_ogg(folder / "pulse.ogg", loop())
    write_ogg(folder / "anthem.ogg", anthem(), quality=0.3)
    (folder / "anthem.lrc").write_text(lyrics(), encoding="utf-8", newline="\n")
    for name, (spec, seed) in STILLS.items():
        write_still(folder / name, spec, seed)
    for path in sorted(folder.iterdir()):
        sys.stdout.write(f"{path.name:16} {path.stat().st_size / 1024:6.1f} KiB\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER)
