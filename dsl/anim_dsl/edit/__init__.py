"""Minimal edits of a film's text that keep comments and layout."""

from anim_dsl.edit.apply import apply_edits, compatible
from anim_dsl.edit.keys import add_key, delete_key, keys_of, move_key, replace_key
from anim_dsl.edit.lists import Written, drop_last_easing, set_value, take_key, written, written_in
from anim_dsl.edit.places import NotThereError
from anim_dsl.edit.rename import NameTakenError, rename
from anim_dsl.edit.settings import add_setting, add_statement, set_setting

__all__ = [
    "NameTakenError",
    "NotThereError",
    "Written",
    "add_key",
    "add_setting",
    "add_statement",
    "apply_edits",
    "compatible",
    "delete_key",
    "drop_last_easing",
    "keys_of",
    "move_key",
    "rename",
    "replace_key",
    "set_setting",
    "set_value",
    "take_key",
    "written",
    "written_in",
]
