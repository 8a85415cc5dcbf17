"""What needs no store: what a file says, and what a note would change in a plan file."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from pipeline import ingest
from pipeline.desk import Desk
from pipeline.flow import making
from pipeline.imports import json_plan
from pipeline.records import Account, Delivery, Document, Plan, Proposal, SourceKind
from pipeline.settings import Settings


@dataclass(frozen=True)
class Preview:
    """A proposal that was never stored, and the plan that its changes refer to."""

    proposal: Proposal
    plan: Plan
    document: Document


def preview(
    content: bytes, filename: str, plan_file: Mapping[str, Any], settings: Settings, as_of: date | None, proposer: str
) -> Preview:
    """What a note would change in a plan file; nothing is stored. Raises BadPlanFile and what reading raises."""
    given = json_plan.plan_of(plan_file)
    said_on = as_of or given.said_on
    read = ingest.read(content, filename, settings, said_on, said_on or given.as_of)
    document = making.sided(read, (), given.plan)
    account = Account(
        id="preview", name=given.account, vendor=given.vendor, owner=settings.user, created_at=datetime.now(UTC)
    )
    document = document.model_copy(
        update={"said_on": said_on or document.said_on or given.as_of, "author": given.author or document.author}
    )
    told = Delivery(
        id="preview",
        account="preview",
        origin="preview",
        filename=filename,
        received_at=account.created_at,
        received_by=settings.user,
        sha256="",
        size=len(content),
    )
    source = making.source_of("preview", told, document, None, account.created_at)
    context = making.context_of(account, source, given.plan)
    proposal = making.proposed(Desk(settings), source, context, making.proposal_id(source, 1), proposer, {})
    return Preview(proposal, given.plan, document)


def reading(content: bytes, filename: str, settings: Settings) -> dict[str, Any]:
    """What was read in a file, in the form of `read --json`."""
    document = ingest.read(content, filename, settings)
    told = document.model_dump(mode="json")
    told["date"], told["date_from"] = told.pop("said_on"), told.pop("said_on_from")
    told["lines"] = [line | {"text": document.text[line["start"] : line["end"]]} for line in told["lines"]]
    if document.kind is SourceKind.filing:
        from pipeline.proposers.rules import filings

        told |= filings.findings(document)
    return told
