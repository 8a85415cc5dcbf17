"""Whether a gold change's own quotes state what an edit of it turns round: only then does the edit contradict them."""

import re
from collections.abc import Iterable
from datetime import date
from typing import Any

from pipeline.checks._words import words
from pipeline.language.days import possible
from pipeline.records import Context, Draft, Op
from pipeline.sections import section


def stated(draft: Draft, edited: Draft, context: Context) -> bool:
    """Whether the quotes themselves state what the edit turns round, so that the edited value contradicts them.

    A status, a role and somebody's leaving are always stated; a name, number or day when the quotes have it.
    """
    quotes = " ".join(words for words, _ in draft.quotes)
    if edited.op is not draft.op and edited.op is Op.remove:
        return True
    if draft.effective != edited.effective:
        return _has_day(quotes, str(draft.effective), context)
    if draft.item != edited.item or {"department", "offering"} & (edited.fields.keys() - draft.fields.keys()):
        return any(_has_word(quotes, words) for words in _lost(draft, edited, context))
    return any(
        _states(
            quotes, section(draft.section).fields[name].kind, draft.fields.get(name), edited.fields.get(name), context
        )
        for name in edited.fields
        if draft.fields.get(name) != edited.fields.get(name)
    )


def _states(quotes: str, kind: str, value: Any, instead: Any, context: Context) -> bool:
    if value is None:
        return kind != "date"
    if kind in ("choice", "choices"):
        return True
    if kind == "date":
        return _has_day(quotes, str(value), context)
    lost = {*str(value).split()} - {*str(instead).split()}
    told = [word for word in str(value).split() if _has_word(quotes, word)]
    return _has_word(quotes, " ".join(sorted(lost))) if lost else 2 * len(told) >= len(str(value).split())


def _has_word(quotes: str, words: str) -> bool:
    there = {word.lower() for word in re.findall(r"\w+", quotes)}
    return any(word.lower() in there for word in re.findall(r"\w+", words) if len(word) > 2 or word.isdigit())


def _has_day(quotes: str, day: str, context: Context) -> bool:
    found = possible(quotes, lambda _: context.said_on, words(context.document.language).spoken)
    return any(said.may_be(date.fromisoformat(day)) for said in found)


def _lost(draft: Draft, edited: Draft, context: Context) -> Iterable[str]:
    """The names that the draft was about and the edited one is not."""
    before, after = (_about(each, context) for each in (draft, edited))
    return [words for words in before if words not in after]


def _about(draft: Draft, context: Context) -> list[str]:
    item = context.plan.get(draft.item or "")
    values = {**(item.values if item else {}), **draft.fields}
    known = (context.plan.get(str(values.get(name))) for name in ("department", "offering"))
    axes = [str(each.values["name"]) for each in known if each]
    plain = [str(values[name]) for name in ("name", "action", "department", "offering") if values.get(name)]
    return [*axes, *plain]
