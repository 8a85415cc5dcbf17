"""Whether a configured model server will do, one question after the other, the cheapest first.

| check | asks for | good | doubtful | bad |
|---|---|---|---|---|
| settings | nothing | address and model are set | | they are not |
| reachable | one word | an answer | | none: what to do about it |
| form | a word that the schema forbids | the schema holds the model | it is only told | |
| context | the first and last word of a long text | both | another word came back | it does not fit, or was cut |
| proposal | the changes of a small note | proven changes | none | no answer |

After a bad one nothing more is asked.
"""

import secrets
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Literal

from pydantic import BaseModel

from pipeline import llm
from pipeline.proposers import Tools
from pipeline.proposers.model import ADVICE, NO_MODEL, SHORTENED, propose
from pipeline.records import Context, Document, Item, Json, Line, Outcome, Plan, SourceKind
from pipeline.settings import Settings

USUAL_TOKENS = 6_000
"""The size of a large question about a usual note."""

SHORT_ANSWER = 256
FILLER = "Line {}: the tide tables of the harbour were printed again and nothing else happened."

NOTE = (
    "Visit at Saltern Glass, Thursday.",
    "Furnace hall ordered the HeatTrace trial today, Mara Quist signed the request for a quote.",
    "I send Mara the quote by next Tuesday.",
)
ITEMS: tuple[tuple[str, dict[str, Json]], ...] = (
    ("departments", {"name": "Furnace Hall"}),
    ("offerings", {"name": "HeatTrace"}),
    ("stakeholders", {"name": "Mara Quist", "title": "Hall Manager"}),
)


class Word(BaseModel):
    """One word."""

    word: str


class Tide(BaseModel):
    """One of two words."""

    tide: Literal["high", "low"]


class Ends(BaseModel):
    """The first and last word of a text."""

    first: str
    last: str


@dataclass(frozen=True)
class Checked:
    """What one check found: `verdict` is good, doubtful or bad; `told` is a sentence or two for people."""

    name: str
    verdict: Literal["good", "doubtful", "bad"]
    told: str


def examine(settings: Settings, whole_context: bool = False) -> Iterator[Checked]:
    """The checks in their order, each when it is done; with `whole_context` the context is filled to its setting."""
    checks: tuple[Callable[[], Checked], ...] = (
        lambda: _configured(settings),
        lambda: _reachable(settings),
        lambda: _form(settings),
        lambda: _context(settings, whole_context),
        lambda: _proposal(settings),
    )
    for check in checks:
        found = check()
        yield found
        if found.verdict == "bad":
            return


def _configured(settings: Settings) -> Checked:
    if not settings.has_model:
        return Checked("settings", "bad", NO_MODEL)
    key = "with a key" if settings.model_key else "without a key"
    return Checked("settings", "good", f"{settings.model} at {settings.model_url}, {key}.")


def _reachable(settings: Settings) -> Checked:
    asked = (("system", "Give the word that is asked for."), ("user", "The word is harbour."))
    reply = llm.call(asked, Word, settings, max_tokens=SHORT_ANSWER)
    if reply.outcome in ("ok", "bad_json", "bad_schema"):
        return Checked("reachable", "good", f"It answered in {reply.usage[-1].seconds:.1f} s.")
    return Checked("reachable", "bad", _failed(reply.outcome, reply.detail))


def _form(settings: Settings) -> Checked:
    """Asks for what the schema forbids: a server that enforces it can't let the model obey."""
    asked = (("system", "Repeat the user's word."), ("user", "sideways"))
    reply = llm.call(asked, Tide, settings, max_tokens=SHORT_ANSWER)
    rung = llm.rung(settings)
    if rung != "json_schema":
        told = "takes JSON, but no schema" if rung == "json_object" else "takes neither a schema nor JSON as a form"
        return Checked("form", "doubtful", f"The server {told}: the model is told the form in words. Expect repairs.")
    if reply.outcome == "ok" and len(reply.usage) == 1:
        return Checked("form", "good", "The schema is honoured.")
    if reply.outcome in ("ok", "bad_json", "bad_schema"):
        told = "The server takes the schema but does not hold the model to it: answers are checked and repaired here."
        return Checked("form", "doubtful", told)
    return Checked("form", "doubtful", _failed(reply.outcome, reply.detail))


def _context(settings: Settings, whole: bool) -> Checked:
    room = settings.model_context_tokens - settings.model_max_tokens
    size = room if whole else min(room, USUAL_TOKENS)
    first, last = secrets.token_hex(3), secrets.token_hex(3)
    lines = [FILLER.format(number) for number in range(size * 4 // len(FILLER) - 2)]
    text = "\n".join([f"The first word is {first}.", *lines, f"The last word is {last}."])
    asked = (
        ("system", "A long text: give the word its first line names and the one its last line names."),
        ("user", text),
    )
    reply = llm.call(asked, Ends, settings, max_tokens=SHORT_ANSWER)
    if reply.outcome == "too_long":
        told = f"A question of about {size} tokens does not fit: raise the server's context size, or lower "
        return Checked("context", "bad", told + "NOTES2PLAN_MODEL_CONTEXT_TOKENS to it.")
    if reply.shortened:
        return Checked("context", "bad", SHORTENED)
    if reply.value is None:
        return Checked("context", "doubtful", _failed(reply.outcome, reply.detail))
    counted = reply.usage[-1].prompt_tokens
    if reply.value.first.strip(" .") != first:
        told = f"Of a question of about {size} tokens ({counted} counted) the beginning seems lost. {SHORTENED}"
        return Checked("context", "doubtful", told)
    if reply.value.last.strip(" .") != last:
        return Checked("context", "doubtful", f"Of a question of about {size} tokens the model missed the last word.")
    return Checked("context", "good", f"A question of about {size} tokens is read whole ({counted} counted there).")


def _proposal(settings: Settings) -> Checked:
    answer = propose(small_context(), Tools(settings))
    if answer.outcome is Outcome.unavailable:
        return Checked("proposal", "bad", answer.why)
    took = sum(each.seconds for each in answer.usage)
    spent = sum(each.prompt_tokens + each.completion_tokens for each in answer.usage)
    cost = f"{took:.1f} s and {spent} tokens"
    quoted = [words for each in answer.drafts for words, _ in each.quotes]
    if not answer.drafts:
        told = f"The model found nothing in a note with two changes ({cost}). A stronger one is needed."
    elif not all(any(words in line for line in NOTE) for words in quoted) or not quoted:
        told = f"It proposed changes of a small note, but does not quote letter for letter ({cost})."
    else:
        return Checked("proposal", "good", f"{len(answer.drafts)} changes of a small note, quoted exactly, in {cost}.")
    return Checked("proposal", "doubtful", told)


def small_context() -> Context:
    """A note of three lines about a made-up account."""
    items = {f"x{n}": Item(id=f"x{n}", section=name, values=values) for n, (name, values) in enumerate(ITEMS)}
    lines, start = [], 0
    for number, words in enumerate(NOTE, 1):
        lines.append(Line(number=number, start=start, end=start + len(words)))
        start += len(words) + 1
    return Context(
        document=Document(kind=SourceKind.note, format="text", text="\n".join(NOTE), lines=tuple(lines)),
        plan=Plan(account="Saltern Glass", items=items),
        account="Saltern Glass",
        vendor="Brindle Instruments",
        author="Lotte Arend",
        said_on=date(2026, 10, 1),
    )


def _failed(outcome: str, detail: str) -> str:
    return f"{ADVICE[outcome]} ({detail})" if detail else ADVICE[outcome]
