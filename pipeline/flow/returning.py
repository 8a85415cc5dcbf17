"""A plan file that comes back: whether it is of this account, and what of it is news while the plan moved on."""

from collections.abc import Container, Iterator, Sequence

from pipeline import belonging, merge
from pipeline.imports import Imported
from pipeline.records import Account, Approval, Change, Op, Plan
from pipeline.views import standing


def is_of(account: Account, now: Plan, given: Imported) -> bool:
    """Whether a file is of this account: by its id, else by its name; one that names none is."""
    if given.account_id:
        return given.account_id == account.id
    names = (account.name, *(str(item.values.get("company") or "") for item in now.section("overview")))
    return not given.account or _plainly(given.account) in map(_plainly, names)


def _plainly(company: str) -> str:
    return " ".join(belonging.Candidate("", company).short.casefold().split())


def not_yet_so(approvals: Sequence[Approval], now: Plan) -> tuple[Change, ...]:
    """What changes of an older plan would still change if they were approved; they name the entries of now.

    Fields that the plan changed too are a change of their own: they hold up no other field of the entry.
    """
    merged = merge.merge(approvals, current=now.items, references=lambda _: ())
    clashing = {(each.change, each.field) for each in merged.conflicts}
    changes = (each.change for each in approvals if merged.ends[each.change.id] is not merge.End.already_true)
    told = (standing.meant(each, merged.redirected).model_copy(update={"item": each.item}) for each in changes)
    return tuple(part for each in told for part in _parted(each, clashing))


def _parted(change: Change, clashing: Container[tuple[str, str]]) -> Iterator[Change]:
    apart = tuple(each for each in change.fields if (change.id, each.field) in clashing)
    rest = tuple(each for each in change.fields if each not in apart)
    if change.op is not Op.update or not apart or not rest:
        yield change
    else:
        yield change.model_copy(update={"fields": rest})
        yield change.model_copy(update={"fields": apart, "id": f"{change.id}-both"})
