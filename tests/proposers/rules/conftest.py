"""A small fictional account, and a way to hear what the rules propose for a few sentences."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

import pytest

from pipeline.proposers import Tools
from pipeline.proposers.rules import PROPOSER
from pipeline.records import Answer, Context, Document, Draft, Item, Line, Plan, SourceKind
from pipeline.settings import Settings

SAID_ON = date(2026, 4, 15)  # a Wednesday

ITEMS = (
    Item(id="dep1", section="departments", values={"name": "Fulfilment"}),
    Item(id="dep2", section="departments", values={"name": "Treasury"}),
    Item(id="dep3", section="departments", values={"name": "Field Support"}),
    Item(id="off1", section="offerings", values={"name": "PackPilot"}),
    Item(id="off2", section="offerings", values={"name": "CashLens"}),
    Item(id="stk1", section="stakeholders", values={
        "name": "Olga Brandt", "title": "Fulfilment Manager", "department": "dep1", "roles": ["evaluator"]}),
    Item(id="stk2", section="stakeholders", values={
        "name": "Hector Ruiz", "title": "CFO", "department": "dep2", "roles": ["economic_buyer"]}),
    Item(id="team1", section="team", values={"name": "Nell Corrie", "role": "AE"}),
    Item(id="team2", section="team", values={"name": "Abe Lund", "role": "SE"}),
    Item(id="cell1", section="cells", values={"department": "dep1", "offering": "off1", "status": "in_negotiation"}),
    Item(id="cell2", section="cells", values={"department": "dep2", "offering": "off2", "status": "need_unknown"}),
    Item(id="act1", section="actions", values={
        "action": "Send PackPilot load figures", "target": "Olga Brandt", "owner": "Abe Lund",
        "deadline": "2026-04-20", "status": "not_started"}),
)  # fmt: skip


def document(lines: Sequence[str], kind: SourceKind, speakers: Sequence[str | None]) -> Document:
    """The lines as a document, each said by the speaker of the same place."""
    made, at = [], 0
    for number, (words, speaker) in enumerate(zip(lines, speakers, strict=True), 1):
        made.append(Line(number=number, start=at, end=at + len(words), speaker=speaker))
        at += len(words) + 1
    return Document(kind=kind, format="text", text="\n".join(lines), lines=tuple(made), said_on=SAID_ON)


def answer(text: str, speakers: Sequence[str] = ()) -> Answer:
    """What the rules answer to a note, or to a transcript when speakers are given (one for each line)."""
    lines = text.split("\n")
    kind = SourceKind.transcript if speakers else SourceKind.note
    context = Context(
        document=document(lines, kind, speakers or [None] * len(lines)),
        plan=Plan(account="a", items={item.id: item for item in ITEMS}),
        account="Tolland Parcel",
        vendor="Brightcrate",
        author="Nell Corrie",
        said_on=SAID_ON,
    )
    return PROPOSER.propose(context, Tools(Settings()))


@pytest.fixture
def propose() -> Callable[..., tuple[Draft, ...]]:
    """The drafts for a text."""
    return lambda text, speakers=(): answer(text, speakers).drafts


@pytest.fixture
def fields(propose: Callable[..., tuple[Draft, ...]]) -> Callable[..., list[dict[str, Any]]]:
    """The fields of the drafts of one section."""
    return lambda text, section, speakers=(): [
        {"item": draft.item, **draft.fields} for draft in propose(text, speakers) if draft.section == section
    ]
