"""A note, a proposer whose answer to it is known, and how a test pastes and looks."""

import re
import time
from dataclasses import dataclass
from datetime import date

from fastapi.testclient import TestClient

from pipeline.proposers import Tools
from pipeline.records import Answer, Context, Draft, Op, Outcome

HOST = "http://127.0.0.1:8770"

NOTE = """Call with Weston Pump Works on 3 November 2026
Marta Lindqvist runs production, "as ever" <script>alert(1)</script>.
Jo Hale sends the quote by 18 November.
Karin Holm decides on the budget for pumps.
Lund wants a demo of PumpGuard.
"""

MARTA = "Marta Lindqvist runs production"
QUOTE = "Jo Hale sends the quote by 18 November"
KARIN = "Karin Holm decides on the budget for pumps"

DRAFTS = (
    (MARTA, "stakeholders", {"name": "Marta Lindqvist", "title": "Head of Production"}, MARTA),
    (QUOTE, "actions", {"action": "Send the quote", "owner": "Jo Hale", "deadline": date(2026, 11, 18)}, QUOTE),
    (KARIN, "stakeholders", {"name": "Karin Holm", "roles": ["economic_buyer"]}, KARIN),
    (KARIN, "stakeholders", {"name": "Nobody Said"}, "words that nobody said here"),
    ("Lund wants a demo", "departments", {"name": "Lund", "kind": "site"}, "Lund wants a demo"),
    (
        "Lund wants a demo",
        "cells",
        {"department": "Lund", "offering": "PumpGuard", "status": "need_identified", "value": "EUR 12,500"},
        "Lund wants a demo of PumpGuard",
    ),
    ("We meet Marta", "stakeholders", {"name": "Marta Lindqvist", "title": "Head of Everything"}, "We meet Marta"),
    ("We hear Marta", "stakeholders", {"name": "Marta Lindqvist", "title": "Chief <of> Pumps"}, "We hear Marta"),
)
"""(words that bring it up, section, fields, quote). The fourth cites what the note does not say."""


def scripted(context: Context, _tools: Tools) -> Answer:
    """The drafts of DRAFTS whose words stand in the text."""
    plan = {item.values.get("name"): item.id for item in context.plan.items.values()}
    drafts = tuple(
        Draft(section=section, op=Op.update if known else Op.add, item=known, fields=fields, quotes=((quote, None),))
        for words, section, fields, quote in DRAFTS
        if words in context.document.text
        for known in [plan.get(fields.get("name"))]
    )
    if not drafts:
        return Answer(outcome=Outcome.nothing, why="No news.")
    return Answer(outcome=Outcome.changes, drafts=drafts)


@dataclass
class Reviewed:
    """A proposal as its page shows it."""

    url: str
    html: str
    changes: dict[str, str]
    """Label -> id of the change."""
    key: str


def paste(client: TestClient, account: str, text: str = NOTE) -> Reviewed:
    """Pastes a note by the form; what the browser ends on."""
    page = client.post(f"/accounts/{account}/notes", data={"text": text})
    until = time.monotonic() + 30
    while not page.url.path.startswith("/proposals/") and time.monotonic() < until:
        page = client.get(page.url.path)
    return look(client, page.url.path)


def look(client: TestClient, url: str) -> Reviewed:
    """The page of a proposal, and the names in its form."""
    html = client.get(url).text
    view = client.get(f"/api/v1{url}").json()
    key = re.search(r'name="key" value="([^"]+)"', html)
    return Reviewed(url, html, {each["label"]: each["id"] for each in view["changes"]}, key[1] if key else "")


def text_of(html: str) -> str:
    """The words of a page, without its tags."""
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())
