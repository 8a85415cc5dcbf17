"""How fast the rules read: a note of 500 words, a transcript of 9,000, and the five functions that take most of it.

    python -m evals.benchmarks.rules

Everything it reads is made here, from a fictional account. Times are processor time, the best of several runs after a
first one.
"""

import cProfile
import pstats
import time
from datetime import date

from pipeline.proposers import Tools
from pipeline.proposers.rules import PROPOSER
from pipeline.records import Context, Document, Item, Line, Plan, SourceKind
from pipeline.settings import load

SAID_ON = date(2026, 4, 15)
SENTENCES = (
    "Olga told us that PackPilot went live in Fulfilment last week and that nobody has complained so far.",
    "Hector can no longer approve spend, that is with Ingrid Vale (Head of Treasury) since the reorganisation.",
    "We talked about the weather, the new canteen and the train strike for a good ten minutes.",
    "Treasury would like a demo of CashLens before the summer break, they said so twice.",
    "Abe will send Hector the price list by Friday, and the load figures moved to April 28.",
    "If the merger closes they might look at the rest, but nobody wants to talk about that now.",
    "The parking was full again and the visitor badge did not work, as usual.",
)
ITEMS = (
    Item(id="dep1", section="departments", values={"name": "Fulfilment"}),
    Item(id="dep2", section="departments", values={"name": "Treasury"}),
    Item(id="off1", section="offerings", values={"name": "PackPilot"}),
    Item(id="off2", section="offerings", values={"name": "CashLens"}),
    Item(id="stk1", section="stakeholders", values={"name": "Olga Brandt", "department": "dep1", "roles": []}),
    Item(id="stk2", section="stakeholders", values={"name": "Hector Ruiz", "roles": ["economic_buyer"]}),
    Item(id="team1", section="team", values={"name": "Nell Corrie"}),
    Item(id="team2", section="team", values={"name": "Abe Lund"}),
    Item(id="cell1", section="cells", values={"department": "dep1", "offering": "off1", "status": "in_negotiation"}),
    Item(id="act1", section="actions", values={"action": "Send load figures", "deadline": "2026-04-20"}),
)


def context(words: int, kind: SourceKind) -> Context:
    """A text of about so many words, one sentence a line; in a transcript Olga and Abe take turns."""
    lines: list[str] = []
    made: list[Line] = []
    at = count = 0
    while count < words:
        sentence = SENTENCES[len(lines) % len(SENTENCES)]
        speaker = ("Olga Brandt", "Abe Lund")[len(lines) % 2] if kind is SourceKind.transcript else None
        lines.append(sentence)
        made.append(Line(number=len(lines), start=at, end=at + len(sentence), speaker=speaker))
        at += len(sentence) + 1
        count += len(sentence.split())
    document = Document(kind=kind, format="text", text="\n".join(lines), lines=tuple(made), said_on=SAID_ON)
    plan = Plan(account="a", items={item.id: item for item in ITEMS})
    return Context(document=document, plan=plan, account="Tolland Parcel", author="Nell Corrie", said_on=SAID_ON)


def best(given: Context, runs: int) -> float:
    """Processor seconds of the fastest of so many runs."""
    tools = Tools(load())
    PROPOSER.propose(given, tools)
    taken = []
    for _ in range(runs):
        started = time.process_time()
        PROPOSER.propose(given, tools)
        taken.append(time.process_time() - started)
    return min(taken)


def main() -> None:
    """Prints both times and the profile's top five."""
    note, transcript = context(500, SourceKind.note), context(9_000, SourceKind.transcript)
    print(f"note of 500 words         {best(note, 10) * 1000:7.1f} ms")
    print(f"transcript of 9,000 words {best(transcript, 3) * 1000:7.1f} ms")
    profile = cProfile.Profile()
    profile.runcall(PROPOSER.propose, transcript, Tools(load()))
    pstats.Stats(profile).sort_stats("tottime").print_stats(5)


if __name__ == "__main__":
    main()
