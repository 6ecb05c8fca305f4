"""The scripts that teach a shell to ask `anim` what may stand at the cursor, and where they belong."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Literal, TypeAlias

Shell: TypeAlias = Literal["bash", "zsh", "fish"]

_BASH = """\
# completion of `anim` for bash; written by `anim completion bash`
_anim() {
    local found
    COMPREPLY=()
    while IFS= read -r found; do
        COMPREPLY+=("$found")
    done < <(anim __complete bash "${COMP_LINE:0:COMP_POINT}" 2>/dev/null)
}
complete -o nospace -F _anim anim
"""

_ZSH = """\
#compdef anim
# completion of `anim` for zsh; written by `anim completion zsh`
_anim() {
    local value says
    local -a closed open
    while IFS=$'\\t' read -r value says; do
        [[ -z "$value" ]] && continue
        if [[ "$value" == *[=/] ]]; then
            open+=("${value//:/\\\\:}:$says")
        else
            closed+=("${value//:/\\\\:}:$says")
        fi
    done < <(anim __complete zsh "${(@Q)words[2,CURRENT]}" 2>/dev/null)
    (( ${#closed} )) && _describe -t anim 'anim' closed
    (( ${#open} )) && _describe -t anim 'anim' open -S ''
}
if [[ "$funcstack[1]" == "_anim" ]]; then
    _anim "$@"
else
    compdef _anim anim
fi
"""

_FISH = """\
# completion of `anim` for fish; written by `anim completion fish`
function __anim_complete
    set -l words (commandline -opc)
    set -l current (commandline -ct)
    set -e words[1]
    anim __complete fish $words "$current" 2>/dev/null
end
complete -c anim -f -a '(__anim_complete)'
"""

SCRIPTS: Mapping[Shell, str] = {"bash": _BASH, "zsh": _ZSH, "fish": _FISH}


def place_of(shell: Shell, home: Path) -> Path:
    """Where a shell looks for the script by itself; zsh does once its folder is on `fpath`."""
    match shell:
        case "bash":
            return home / ".local" / "share" / "bash-completion" / "completions" / "anim"
        case "zsh":
            return home / ".zfunc" / "_anim"
        case "fish":
            return home / ".config" / "fish" / "completions" / "anim.fish"
