"""The question to a model: what fits into the budget, in the order of its worth."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

from pipeline import llm, prompt
from pipeline.proposers import Narrow
from pipeline.proposers.model import filings
from pipeline.proposers.model.catalogue import catalogue, worked
from pipeline.proposers.model.showing import Handles, handles, listing, shown_items, shown_lines, weekday
from pipeline.proposers.model.wire import Answer
from pipeline.records import Context, Document, Line
from pipeline.sections import section, sections

MOST_TOKENS = 5_850
"""What a question takes at most with a text of up to 1,200 words; a longer text takes more, for itself alone."""

FRAME_TOKENS = 3_900
"""What is always left for all but the text: rules, sections, schema, the slice of the plan."""

LARGEST_FRAME = 5_300
"""What all but the text may take beside a short one, however large the plan is."""

LARGE_SLICE = 1_500
"""Below this the plan, if it does not fit, goes before the guidance of sections that are not in play."""

EARLIER_TOKENS = 300
WORD = re.compile(r"\w{3,}")


@dataclass(frozen=True)
class Asked:
    """One question: its messages, the random word in them, and what its handles stand for."""

    messages: tuple[llm.Message, ...]
    nonce: str
    known: Handles


def frame(document: Document) -> int:
    """What all but the text may take beside a short one."""
    more = filings.guidance(document)
    return LARGEST_FRAME + (llm.tokens([("system", more)]) if more else 0)


@cache
def schema_tokens() -> int:
    """What the answer's schema adds to every question."""
    return len(json.dumps(llm.portable(Answer))) // 4


def ask(
    context: Context, lines: Sequence[Line], part: str = "", narrow: Narrow | None = None, nonce: str = ""
) -> Asked:
    """The question for some lines of the text.

    `part` says which, when it is not the whole; `narrow` chooses what is shown of a plan that does not fit; `nonce` is
    for tests.
    """
    known = handles(context.plan)
    text = shown_lines(context.document, lines, context.said_on)
    room = min(LARGEST_FRAME, max(FRAME_TOKENS, MOST_TOKENS - llm.tokens([("user", text)])))
    more = filings.guidance(context.document)
    past, earlier = "\n".join(context.examples), _earlier(context)
    nonce = nonce or prompt.new_nonce(f"{text}\n{past}\n{earlier}")
    fences = {"past": _apart(past, f"{nonce}-past"), "earlier": _apart(earlier, f"{nonce}-earlier")}
    system, head = _framed(context, known, {**_values(context, part), **fences}, room, narrow)
    told = f"{system[1]}\n\n{more}".strip()
    return Asked((("system", told), ("user", f"{head[1]}\n{prompt.fenced(text, nonce)}")), nonce, known)


def _framed(
    context: Context, known: Handles, values: Mapping[str, str], limit: int, narrow: Narrow | None
) -> tuple[llm.Message, llm.Message]:
    """The two messages without the text, within `limit` tokens: less guidance first, then less of the plan."""
    items = shown_items(known)
    whole = llm.tokens([("user", listing(known, items))])
    everything, in_play = frozenset(sections()), {item.section for item in context.plan.items.values()}
    for told in (everything, in_play):
        filled = {**values, "sections": catalogue(told), "listing": "", "left_out": "0" * 80}
        room = limit - llm.tokens(_messages(filled)) - schema_tokens()
        if room >= min(whole, LARGE_SLICE):
            break
    touched = narrow(context, room).plan.items if narrow and whole > room else items
    kept = _fitting(context, {ident: line for ident, line in items.items() if ident in touched}, room * 4)
    left = _left_out(context, len(items) - len(kept))
    return _messages({**filled, "listing": listing(known, kept), "left_out": left})


def _messages(values: Mapping[str, str]) -> tuple[llm.Message, llm.Message]:
    system, user = prompt.load("propose").fill(values)
    return ("system", system), ("user", user)


def _values(context: Context, part: str) -> dict[str, str]:
    document = context.document
    named = [f"{each.name} ({each.side})" if each.side != "unknown" else each.name for each in document.participants]
    people = named or list(document.speakers if document.speakers_trusted else ())
    return {
        "account": context.account,
        "vendor": context.vendor,
        "author": context.author or "",
        "today": weekday(context.said_on),
        "said_on": context.said_on.isoformat(),
        "calendar": calendar(context.said_on),
        "people": ", ".join(people[:30]),
        "part": part,
        "examples": examples(),
    }


@cache
def examples() -> str:
    """The worked cases, as the prompt shows them."""
    return worked(prompt.load("propose").examples)


def calendar(day: date) -> str:
    """The next two weeks, so that no weekday has to be reckoned."""
    days = [day + timedelta(count) for count in range(1, 15)]
    return " ".join(f"{weekday(each)[:3]} {each:%m-%d}" for each in days if each.weekday() < 5)


def _earlier(context: Context) -> str:
    told: list[str] = []
    room = EARLIER_TOKENS * 4
    for passage in context.earlier:
        line = f"- {passage.said_on or 'undated'}: {' '.join(passage.text.split())}"
        room -= len(line)
        if room < 0:
            break
        told.append(line)
    return "\n".join(told)


def _apart(words: str, nonce: str) -> str:
    """Other texts' words, fenced by a random word of their own; it has the question's in it, for the cache's sake."""
    return prompt.fenced(words, nonce) if words else ""


def _left_out(context: Context, cut: int) -> str:
    return ", ".join([*context.left_out, *([f"{cut} more entries"] if cut else [])])


def _fitting(context: Context, lines: Mapping[str, str], room: int) -> dict[str, str]:
    """The items whose lines fit into `room` characters: those whose names the text says first, then by section."""
    said = {word.casefold() for word in WORD.findall(context.document.text)}
    kept = set()
    for ident in sorted(lines, key=lambda ident: -_rank(context, ident, said)):
        cost = len(json.dumps(lines[ident])) + 2
        if cost <= room:
            room -= cost
            kept.add(ident)
    return {ident: line for ident, line in lines.items() if ident in kept}


def _rank(context: Context, ident: str, said: set[str]) -> float:
    """How much of an item's name the text says; open actions and core sections first among equals."""
    item = context.plan.items[ident]
    kind = section(item.section)
    told = f"{kind.label(item.values, context.plan)} {item.values.get('target') or ''}"
    words = {word.casefold() for word in WORD.findall(told)}
    is_open = item.section == "actions" and item.values.get("status") not in ("done", "dropped")
    return len(words & said) / (len(words) or 1) + (0.3 if kind.core else 0.0) + (0.3 if is_open else 0.0)
