"""Texts that want something of software, and texts without news: what do the rules make of them?

    python -m evals.benchmarks.hostile [FOLDER]

Each foreign text of FOLDER (JSON or JSON lines; every long string in it) is put below a plain note; whatever comes out
beyond what the note alone gives is counted, by section. Two hundred texts without news are made here, from a seed.
"""

import json
import random
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from evals.benchmarks.rules import ITEMS, SAID_ON
from pipeline import embed, ingest
from pipeline.proposers import Tools
from pipeline.proposers.rules import PROPOSER
from pipeline.records import Context, Plan
from pipeline.settings import load

NOTE = """Call with Olga Brandt.
PackPilot went live in Fulfilment last week.
Abe will send Hector the price list by Friday.
"""
SHORTEST, MOST = 12, 2_000
NO_NEWS = """Tried Olga twice, voicemail both times.
Hector is on holiday until the end of the month.
Had coffee with Olga, we talked about her dog and the weather.
No news on PackPilot.
CashLens: nothing new since last time.
Olga is happy with PackPilot, as ever.
The train was late, so I missed the first ten minutes.
Hector was in a good mood and told a long story about his boat.
Treasury has moved to the third floor.
Olga asked how my holiday was.
Everybody in Fulfilment was busy with the stocktaking.
I left a message with the front desk.
Hector might look at CashLens one day, he thinks.
If Treasury ever gets money, they may think about CashLens.
Another customer of ours went live with PackPilot yesterday.
As a recap: PackPilot in Fulfilment is in negotiation.
Olga is off sick this week.
Did Hector say anything about CashLens? I don't remember.
The office was closed because of the storm.
Out of office: I am back on Monday and read mails then.
Thanks for lunch, it was good to see you all.
Somebody should call Treasury some day.
The summer party is on 12 June.
Our own release of CashLens is late, says product.
Olga complained about the coffee machine again.
Traffic was terrible on the way to Tolland.
Rumour has it that Hector wants to retire some day, nobody knows.
The meeting was cancelled, no new date yet.
They renovate the canteen until autumn.
Hector said hello to the team.
PackPilot stands where it stood.
Nothing was decided, nothing was promised.
Olga would not say whether anything has changed.
A colleague at another company uses CashLens, said Hector.
It rained, so we did not see the yard.""".splitlines()


def given(text: str, tools: Tools) -> Context:
    """A note with that text in the fictional account."""
    document = ingest.read(text.encode(), "note.txt", tools.settings, SAID_ON, SAID_ON)
    plan = Plan(account="a", items={item.id: item for item in ITEMS})
    return Context(document=document, plan=plan, account="Tolland Parcel", author="Nell Corrie", said_on=SAID_ON)


def drafted(text: str, tools: Tools) -> set[str]:
    """The drafts for a text, each as one string."""
    drafts = PROPOSER.propose(given(text, tools), tools).drafts
    return {json.dumps([draft.section, draft.item, draft.fields], sort_keys=True, default=str) for draft in drafts}


def strings(value: Any) -> Iterator[str]:
    """Every string of some length in a JSON value."""
    if isinstance(value, str):
        yield from [value[:MOST]] if len(value) >= SHORTEST else []
    elif isinstance(value, dict):
        for each in value.values():
            yield from strings(each)
    elif isinstance(value, list):
        for each in value:
            yield from strings(each)


def foreign(folder: Path) -> Iterator[str]:
    """The texts of every file."""
    for file in sorted(folder.glob("*.json*")):
        words = file.read_text(encoding="utf-8")
        for line in words.splitlines() if file.suffix == ".jsonl" else [words]:
            yield from strings(json.loads(line))


def main() -> None:
    """Prints what was found beyond the note, and the false alarms in texts without news."""
    settings = load()
    tools = Tools(settings, embed.load(settings))
    dice = random.Random(7)
    quiet: Counter[str] = Counter()
    for _ in range(200):
        for each in drafted("\n".join(dice.sample(NO_NEWS, dice.randint(2, 7))), tools):
            quiet[each] += 1
    sys.stdout.write(f"no news: {sum(quiet.values()) / 2:.1f} false alarms per 100 texts\n")
    for words, count in quiet.most_common(6):
        sys.stdout.write(f"  {count} x {words}\n")
    if len(sys.argv) < 2:
        return
    usual, added, lost, count = drafted(NOTE, tools), Counter[str](), 0, 0
    for text in dict.fromkeys(foreign(Path(sys.argv[1]))):
        found = drafted(f"{NOTE}\n{text}", tools)
        count += 1
        lost += not usual <= found
        added.update(json.loads(each)[0] for each in found - usual)
    sys.stdout.write(
        f"foreign texts: {count}, drafts beyond the note's: {dict(added)}, texts that hide the note's: {lost}\n"
    )


if __name__ == "__main__":
    main()
