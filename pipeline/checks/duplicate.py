"""Duplicate: what the plan already says, or another change of this or a waiting proposal, is not asked again."""

from collections.abc import Iterator

from pipeline.checks import Case, Check
from pipeline.records import Change, Effect, Finding, Op
from pipeline.sections import section


def run(case: Case) -> Iterator[Finding]:
    """Marks a change without news as support; drops an entry proposed twice, and what holds nothing to read."""
    change = case.change
    if change.op is Op.update and not change.fields:
        unread = any(finding.check == "value" for finding in change.findings)
        told = "Nothing is left of it that can be read." if unread else "The plan already says so."
        yield Finding(check="duplicate", effect=Effect.drop if unread else Effect.support, message=told)
    if change.op is Op.add and any(_same_entry(change, other) for other in _earlier(case)):
        yield Finding(check="duplicate", effect=Effect.drop, message="The same entry is proposed above.")
    waiting = (other for changes in case.pending.values() for other in changes)
    if change.op is Op.add and any(_same_entry(change, other) for other in waiting):
        yield Finding(check="duplicate", effect=Effect.flag, message="Another waiting proposal adds the same entry.")
    for other in case.pending.get(change.item, ()):
        if other.fields and other.new_values() == change.new_values():
            yield Finding(check="duplicate", effect=Effect.flag, message="Another waiting proposal says the same.")


def _earlier(case: Case) -> Iterator[Change]:
    for other in case.others:
        if other.id == case.change.id:
            return
        yield other


def _same_entry(change: Change, other: Change) -> bool:
    same = section(change.section).same
    return other.op is Op.add and other.section == change.section and same(change.new_values(), other.new_values())


CHECK = Check("duplicate", 50, run)
