"""What holds of every store at any moment, whatever people did; each function raises AssertionError otherwise."""

import json
import re
from collections.abc import Iterable, Mapping
from typing import Any

from evals.long.stage import GUEST, OWNER
from pipeline.desk import Desk
from pipeline.errors import UnknownChange, UnknownItem, UnknownProposal, UnknownSource
from pipeline.records import Change, Item, Op, Plan, Proposal, Verdict
from pipeline.sections import references, section
from pipeline.store import tables
from pipeline.views import history, inbox, sources


def whole(desk: Desk, account: str) -> None:
    """The chain verifies (plan = fold of the revisions, quotes stand), no reference dangles, people made it all."""
    with desk.account(account).read() as tx:
        tx.verify()
        nothing_dangles(tx.plan())
        quotes_stand(tx)
        people_made_it(tx)


def nothing_dangles(plan: Plan) -> None:
    """Every reference names an item of the plan."""
    for item in plan.items.values():
        for name, target in references(item):
            assert target in plan.items, f"{item.id}.{name} names {target}, which is not in the plan"


def quotes_stand(tx: Any) -> None:
    """Each evidence slice of every change, decided or not, equals its stored words."""
    texts = {row["id"]: row["text"] for row in tx._rows(tx._select(tables.source))}  # noqa: SLF001 - all at once
    for row in tx._rows(tx._select(tables.evidence)):  # noqa: SLF001
        said = row["content"]
        found = texts[row["source"]][said["start"] : said["end"]]
        assert found == said["words"], f"{row['change']} quotes {said['words']!r}, {row['source']} says {found!r}"


def people_made_it(tx: Any) -> None:
    """Each revision has an author who may decide, and each of its changes that person's approval."""
    for revision in tx.revisions():
        assert revision.author not in ("", GUEST), f"revision {revision.number} is by {revision.author!r}"
        decided = {each.change: each for each in tx.decisions(revision.proposal)} if revision.proposal else {}
        for delta in tx.deltas(revision.number):
            if delta.origin == "upcast":
                continue
            assert delta.decision, f"revision {revision.number} sets {delta.item}.{delta.field} on nobody's word"
            said = decided[delta.change]
            assert said.verdict in (Verdict.approve, Verdict.edit), f"{delta.change} was merged, and is {said.verdict}"
            assert said.by == revision.author, f"{delta.change} was approved by {said.by}, made by {revision.author}"


def decisions_are_kept(tx: Any) -> None:
    """Whatever stands as approved was merged or was true already; what stands as pending has no verdict but ask."""
    wanted = {"approved": Verdict.approve, "edited": Verdict.edit, "rejected": Verdict.reject}
    decided = sorted(tx._rows(tx._select(tables.decision)), key=lambda row: row["at"])  # noqa: SLF001 - all at once
    said = {row["change"]: Verdict(row["verdict"]) for row in decided}
    for row in tx._rows(tx._select(tables.change)):  # noqa: SLF001
        change, state = row["id"], row["state"]
        if state in wanted:
            assert said.get(change) is wanted[state], f"{change} is {state}, and was decided {said.get(change)}"
        elif state == "pending":
            assert said.get(change) is None, f"{change} waits, and was decided {said.get(change)}"


def apart(desk: Desk, account: str, other: str, word: str) -> None:
    """No byte of another account in any read of this one: `word` stands in all that the other one has."""
    here = desk.as_(OWNER).account(account)
    with here.read() as tx:
        told = [tx.plan(), *tx.proposals(), *tx.sources(), *tx.deliveries(), *tx.revisions()]
        loose = [*tx.pending_changes(), *tx.refusals(), *tx.jobs(), tx.names()]
        assert not tx.search(word), f"{word} is found in {account}"
    views = [*history.update_log(desk.store, OWNER, account), *sources.sources(desk.store, OWNER, account)]
    views += [row for row in inbox.inbox(desk.store, OWNER) if row.account == account]
    everything = "".join(each.model_dump_json() for each in (*told, *views)) + repr(loose)
    assert word not in everything, f"{word} stands in {account}"
    assert other not in everything, f"{other} is named in {account}"


def nowhere(desk: Desk, account: str, name: str) -> None:
    """No row of an account has a name in it, as it is written or as an id would tell it."""
    told = re.compile("|".join(map(re.escape, (name, re.sub(r"\W", "_", name)))), re.IGNORECASE)
    with desk.account(account).read() as tx:
        for table in tables.metadata.sorted_tables:
            if "account" in table.c:
                for row in tx._rows(tx._select(table)):  # noqa: SLF001 - all that is stored, whatever can be asked
                    said = " ".join(map(str, row.values()))
                    assert told.search(said) is None, f"{name} was erased, and stands in {table.name}: {said[:300]}"


def out_of_reach(desk: Desk, account: str, ids: Mapping[str, Iterable[str]]) -> None:
    """Another account's proposals, changes, sources, deliveries and items do not exist here."""
    with desk.as_(OWNER).account(account).read() as tx:
        asked = (
            ("proposals", tx.proposal, UnknownProposal),
            ("changes", tx.change, UnknownChange),
            ("sources", tx.source, UnknownSource),
            ("deliveries", tx.delivery, UnknownSource),
            ("deliveries", tx.delivery_bytes, UnknownSource),
            ("items", tx.item, UnknownItem),
        )
        for kind, read, error in asked:
            for each in ids.get(kind, ()):
                try:
                    read(each)
                except error:
                    continue
                raise AssertionError(f"{kind} {each} of another account can be read in {account}")


def ids_of(desk: Desk, account: str) -> dict[str, list[str]]:
    """The ids of what an account has that no other may see; ids of items that people chose are not among them."""
    with desk.as_(OWNER).account(account).read() as tx:
        proposals = tx.proposals()
        return {
            "proposals": [each.id for each in proposals],
            "changes": [change.id for each in proposals for change in each.changes],
            "sources": [each.id for each in tx.sources()],
            "deliveries": [each.id for each in tx.deliveries()],
        }


def claim_of(change: Change, proposal: Proposal) -> str:
    """What a change of a proposal says, apart from ids that are the proposal's own: two that say the same are equal.

    Additions that their section can't tell apart by their values (a cell whose department was not found) are told apart
    by their words.
    """
    adds = change.op is Op.add
    untold = adds and not section(change.section).same(change.new_values(), change.new_values())
    words = [piece.words for piece in change.evidence] if untold else []
    item = "" if adds else change.item
    told = json.dumps([change.section, change.op, item, change.into, change.new_values(), words], sort_keys=True)
    for each in proposal.changes:
        if each.op is Op.add and each.item in told:
            told = told.replace(each.item, "/".join((each.section, *section(each.section).identity(each.new_values()))))
    return told


def not_again(proposal: Proposal, rejected: Iterable[str]) -> None:
    """What was rejected from a source is not in a later proposal from the same words; what brings no news may be."""
    again = {claim_of(change, proposal) for change in proposal.changes if not change.confirms} & set(rejected)
    assert not again, f"{proposal.id} proposes again what was rejected: {sorted(again)}"


def same_items(before: Iterable[Item], after: Iterable[Item]) -> None:
    """The same items with the same values, in the same order."""
    one, other = list(before), list(after)
    assert [each.id for each in one] == [each.id for each in other], "the order or the items differ"
    assert one == other, "values differ"
