"""What a track sounds like at any moment: curves read from a cached, sample-accurate analysis."""

from anim_compiler.audio.analyse import analyse
from anim_compiler.audio.analysis import FEATURE_RANGES, FEATURES, Analysis
from anim_compiler.audio.groups import groups_for
from anim_compiler.sound.problem import AudioError

__all__ = ["FEATURES", "FEATURE_RANGES", "Analysis", "AudioError", "analyse", "groups_for"]
