"""Ids that tell a name, and opaque ones in their place wherever an id stands. Pure.

Ids made today tell nothing. Older data folders, and files that people wrote by hand, have ids such as
"stk_rosa_keller": when Rosa is erased, her id goes too.
"""

import re
from collections.abc import Iterable, Mapping

from pipeline.records import Json
from pipeline.store.masking import Mask
from pipeline.store.words import words

SHORTEST = 3
"""Letters from which on a part of an id may be a name cut short, or one with more behind it."""


def telling(ids: Mapping[str, str], forms: Iterable[str], named: Iterable[str]) -> dict[str, str]:
    """New ids for those that may tell a name, by old id.

    ids: id -> its section. A part that is like a word of one of the name's `forms` tells it, and so does any id that
    was made of the name of an entry that was called so (`named`), be the name cut short or in letters of its own.
    """
    from pipeline.sections import OPAQUE, opaque_id

    wanted, called = {word for form in forms for word in words(form)}, set(named)
    return {
        each: opaque_id(_prefix(section))
        for each, section in ids.items()
        if not OPAQUE.fullmatch(each)
        and (
            (each in called and each.startswith(f"{_prefix(section)}_"))
            or any(_like(part, word) for part in words(each) for word in wanted)
        )
    }


def _like(part: str, word: str) -> bool:
    longer = max(part, word, key=len)
    return part == word or (min(len(part), len(word)) >= SHORTEST and longer.startswith((part, word)[longer == part]))


def _prefix(section: str) -> str:
    from pipeline.sections import sections

    known = sections().get(section)
    return known.prefix if known else "item"


def renamed(names: Mapping[str, str]) -> Mask:
    """A text with every old id in it replaced by the new one."""
    if not names:
        return lambda text: text
    longest = sorted(names, key=len, reverse=True)
    pattern = re.compile(rf"(?<![\w-])(?:{'|'.join(map(re.escape, longest))})(?![\w-])")
    return lambda text: pattern.sub(lambda match: names[match.group()], text)


def keys_of(section: str) -> frozenset[str]:
    """The fields that an entry of a section is called by."""
    from pipeline.sections import sections

    known = sections().get(section)
    return frozenset((*known.key, "aliases")) if known else frozenset(("name", "aliases"))


def tells(value: Json, mask: Mask) -> bool:
    """Whether a mask finds something in a value."""
    if isinstance(value, str):
        return mask(value) != value
    inner = value if isinstance(value, list) else list(value.values()) if isinstance(value, dict) else []
    return any(tells(each, mask) for each in inner)
