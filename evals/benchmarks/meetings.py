"""What the rules take for tasks in meetings of other people: predictions for a folder of transcripts and minutes.

    python -m evals.benchmarks.meetings MEETINGS_DIR PREDICTIONS_DIR

Every text there (also one folder down) with a gold file beside it is read with whoever speaks in it as our
side; PREDICTIONS_DIR/<name>.json gets {"actions": [{"text", "owner", "quote"}]}.
"""

import json
import re
import sys
from datetime import date
from pathlib import Path

from pipeline import embed, ingest
from pipeline.proposers import Tools
from pipeline.proposers.rules import PROPOSER
from pipeline.records import Context, Document, Item, Plan
from pipeline.settings import load

PRESENT = re.compile(r"^[-*] +([A-Z][\w.'-]+(?: [A-Z][\w.'-]+)+)", re.MULTILINE)
DAY = date(2026, 1, 5)


def context(document: Document) -> Context:
    """The document with its speakers, or whom it lists as present, as our people."""
    names = dict.fromkeys([*document.speakers, *(PRESENT.findall(document.text) if not document.speakers else ())])
    team = [Item(id=f"t{number}", section="team", values={"name": name}) for number, name in enumerate(names)]
    plan = Plan(account="meeting", items={item.id: item for item in team})
    day = document.said_on or DAY
    return Context(document=document, plan=plan, account="Customer", author=None, said_on=day)


def predicted(file: Path, tools: Tools) -> list[dict[str, str]]:
    """The tasks found in one file."""
    document = ingest.read(file.read_bytes(), file.name, tools.settings, DAY, DAY)
    found = []
    for draft in PROPOSER.propose(context(document), tools).drafts:
        if draft.section == "actions":
            quote = draft.quotes[0][0] if draft.quotes else ""
            owner = str(draft.fields.get("owner") or "")
            found.append({"text": f"{owner} will {draft.fields['action']}".strip(), "owner": owner, "quote": quote})
    return found


def main(meetings: Path, out: Path) -> None:
    """Writes one prediction file a meeting."""
    settings = load()
    tools = Tools(settings, embed.load(settings))
    out.mkdir(parents=True, exist_ok=True)
    for gold in sorted(meetings.rglob("*.gold.json")):
        name = gold.name.removesuffix(".gold.json")
        file = next((each for each in gold.parent.glob(f"{name}.*") if each.suffix in (".txt", ".md", ".vtt")), None)
        if file and "actions" in json.loads(gold.read_text(encoding="utf-8")):
            (out / f"{name}.json").write_text(json.dumps({"actions": predicted(file, tools)}), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
