"""`python -m anim_studio` is `anim`."""

import sys

from anim_studio.cli import main

sys.exit(main())
