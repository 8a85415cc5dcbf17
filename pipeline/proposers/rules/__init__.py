"""The rules proposer: reads a text with word lists and cue patterns, no model; every draft names the rule that made it.

reader (sentences, people, offerings, days) → people, roles, cells, promises, outcomes → settle (later words win,
the plan is not repeated) → drafts. The knowledge lies in data/<language>/.
"""

from collections.abc import Iterable

from pipeline.proposers import Embed, Proposer, Tools
from pipeline.records import Answer, Context, Draft, Outcome, SourceKind

STAMP = "rules-1"


def propose(context: Context, tools: Tools) -> Answer:
    """Drafts from one text, or why there are none. Never raises for anything in the text."""
    if not context.document.text.strip():
        return Answer(outcome=Outcome.nothing, why="The text is empty.", stamp=STAMP)
    drafts = tuple(_filing(context) if context.document.kind is SourceKind.filing else _note(context, tools.embedder))
    if not drafts:
        return Answer(
            outcome=Outcome.nothing, why="Nothing in the text changes the plan, by the rules there are.", stamp=STAMP
        )
    return Answer(outcome=Outcome.changes, drafts=drafts, stamp=STAMP)


def _filing(context: Context) -> Iterable[Draft]:
    from pipeline.proposers.rules import filings

    return filings.drafts(context)


def _note(context: Context, embedder: Embed | None) -> Iterable[Draft]:
    from pipeline.proposers.rules import notes

    return notes.drafts(context, embedder)


PROPOSER = Proposer("rules", propose)
