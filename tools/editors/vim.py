"""The syntax file that Vim 9 and Neovim read."""

from __future__ import annotations

from collections.abc import Iterable

from tools.editors.words import BANNER, Words

_HEAD = f"""\
" Vim syntax file
" Language: anim, a small language for AI animation
" {BANNER}

if exists('b:current_syntax')
  finish
endif
let s:keep = &cpo
set cpo&vim

syntax case match
syntax sync fromstart
"""

_BEGIN = r"\%(\%(^\|[;{}]\)\s*\)\@<="  # where a statement begins
_LOOSE = r"\%(\w\|\.\)\@1<!"  # no letter, digit or dot before it
_GLUED = r"\%([0-9A-Za-z_.]\)\@!"
_DECIMAL = r"\%(\d\+\%(\.\d*\)\?\|\.\d\+\)\%(e[-+]\?\d\+\)\?"

# `\@>` gives nothing back of what it has matched: else a word of a thousand letters is too much for Vim
_SHAPES = rf"""
" the most general first: of two matches at one place the later one wins
syntax match animCall /\<\h\w*\>\ze\s*(/
syntax match animProperty /{_BEGIN}\%(\h[0-9A-Za-z_.]*\)\@>\ze\s*\%([+*]\?==\@!\|{{\)/
syntax match animParameter /\%([(,]\s*\)\@<=\%(\h\w*\)\@>\ze\s*==\@!/
syntax match animBadNumber /{_LOOSE}\.\?\d[0-9A-Za-z_.]*/
syntax match animNumber /\c{_LOOSE}{_DECIMAL}%\?{_GLUED}/
syntax match animSize /{_LOOSE}\%(\d\+\)\@>[xX]\d\+\>/
syntax match animDimension /{_LOOSE}[23][dD]\>/
"""

_REST = r'''
syntax match animName contained /\h\w*/
syntax match animDefined contained /\h\w*/

syntax match animEscape contained /\\\%(["\\nt{}()\[\]]\|u{\x\{1,8}}\)/
syntax match animWeight contained /:\s*\zs[-+]\?\%(\d\+\%(\.\d*\)\?\|\.\d\+\)\ze\s*)/
" quotes end a text where a brace is open too
syntax region animInsert contained matchgroup=animInsertSign start=/{/ end=/}/ end=/"/me=s-1
      \ keepend oneline contains=@animValue
syntax region animLongInsert contained matchgroup=animInsertSign start=/{/ end=/}/ end=/"""/me=s-1
      \ keepend oneline contains=@animValue,animText
syntax region animText start=/"/ skip=/\\./ end=/"/ end=/$/ oneline contains=animEscape,animWeight,animInsert
syntax region animLongText start=/"""/ skip=/\\./ end=/"""/ contains=animEscape,animWeight,animLongInsert
syntax match animComment /#.*$/ contains=@Spell

syntax cluster animValue contains=animNumber,animSize,animQuantity,animCall,animFunction,animFeature,
      \animClock,animConstant,animSwitch,animJoining,animParameter
syntax region animBlock start=/{/ end=/}/ transparent fold

highlight default link animComment Comment
highlight default link animText String
highlight default link animLongText String
highlight default link animSampler Constant
highlight default link animEscape SpecialChar
highlight default link animInsertSign Special
highlight default link animWeight Number
highlight default link animNumber Number
highlight default link animQuantity Number
highlight default link animSize Number
highlight default link animDimension Type
highlight default link animBadNumber Error
highlight default link animStatement Statement
highlight default link animDeclaring Keyword
highlight default link animJoining Operator
highlight default link animSetting Identifier
highlight default link animProperty Identifier
highlight default link animParameter Identifier
highlight default link animName Type
highlight default link animDefined Function
highlight default link animFunction Function
highlight default link animCall Function
highlight default link animFeature Special
highlight default link animEasing PreProc
highlight default link animClock Special
highlight default link animConstant Constant
highlight default link animChoice Constant
highlight default link animSwitch Boolean

let b:current_syntax = 'anim'
let &cpo = s:keep
unlet s:keep
'''


_NAMES = {"def": "animDefined"}
_NEXT = " nextgroup=animName skipwhite"


def vim(words: Words) -> str:
    """The whole file."""
    units = r"\|".join(words.units)
    known = (*words.settings, *words.aliases)
    easings = tuple(word for word in words.easings if word not in words.functions)
    samplers = r"\|".join(sorted((name.replace("/", r"\/") for name in words.samplers), key=_longest))
    lines = [
        _keywords("animJoining", (*(word for word in words.joining if word != "as"), "between")),
        "syntax keyword animJoining as nextgroup=animName skipwhite",
        *(
            f"syntax keyword animDeclaring {word} nextgroup={_NAMES.get(word, 'animName')} skipwhite"
            for word in words.declaring
        ),
        _keywords("animSwitch", (*words.switches, "none")),
        _SHAPES.strip("\n"),
        _match("animSetting", _BEGIN, known, r"\ze\s*\%([+*]\?==\@!\|{\)"),
        _match("animStatement", _BEGIN, words.statements, r"\ze\s*\%($\|[A-Za-z0-9_\"{#]\)", _NEXT),
        _match("animFunction", "", (*words.functions, *words.operations), r"\ze\s*("),
        _match("animFeature", _LOOSE, words.features),
        _match("animClock", _LOOSE, words.clocks, r"\%(\s*\%(==\@!\|(\)\)\@!"),
        _match("animConstant", _LOOSE, words.constants),
        _match("animChoice", r"\%([=:]\s*\)\@<=", words.choices, r"\ze\s*\%($\|[;#}]\)"),
        _match("animEasing", "", easings, r"\ze\s*\%($\|[,;#}(]\|with\>\)"),
        _match("animEasing", r"\%(\<with\s\+\)\@<=", words.easings),
        rf"syntax match animQuantity /\c{_LOOSE}\%(\%({_DECIMAL}\)\@>\%({units}\)\)\+{_GLUED}/",
    ]
    tail = _REST.replace(
        "syntax match animComment",
        rf'syntax match animSampler /"\%({samplers}\)"/{chr(10)}syntax match animComment',
        1,
    )
    return _HEAD + "\n" + "\n".join(lines) + "\n" + tail


def _longest(word: str) -> tuple[int, str]:
    return -len(word), word


def _keywords(group: str, words: Iterable[str]) -> str:
    return f"syntax keyword {group} {' '.join(words)}"


def _match(group: str, before: str, words: Iterable[str], after: str = "", options: str = "") -> str:
    inside = r"\|".join(sorted(set(words), key=_longest))
    return rf"syntax match {group} /{before}\<\%({inside}\)\>{after}/{options}"
