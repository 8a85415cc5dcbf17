"""Base, current, approved -> the items as they will be, what changed, what undoes it, and conflicts. Pure.

Changes are typed operations on stable ids, each field with the old value that the proposer saw. The cost follows the
size of the change: only items it touches or refers to are handed in (`needs` tells which).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from pipeline.errors import BadValue
from pipeline.merge.deltas import Delta, apply, invert
from pipeline.merge.joining import join
from pipeline.merge.three_way import CLASH, three_way
from pipeline.merge.work import Alike, Blocked, References, Work
from pipeline.records import Approval, Change, Conflict, FieldHead, Item, Json, Op
from pipeline.sections import Section, section, sections

__all__ = ["CLASH", "Delta", "End", "Merged", "apply", "invert", "merge", "needs", "three_way"]


class End(StrEnum):
    """How an approval ended; each has exactly one end."""

    applied = "applied"
    already_true = "already_true"
    conflict = "conflict"


@dataclass(frozen=True)
class Merged:
    """What a merge came to.

    after: each touched item as it will be, None for one that goes. deltas: what changed, in order; inverse: what undoes
    it, in order. conflicts: each blocks its own change alone. ends: by change id. redirected: the id a new item was to
    have (or that was joined) -> the item it became part of.
    """

    after: Mapping[str, Item | None] = field(default_factory=dict)
    deltas: tuple[Delta, ...] = ()
    inverse: tuple[Delta, ...] = ()
    conflicts: tuple[Conflict, ...] = ()
    ends: Mapping[str, End] = field(default_factory=dict)
    redirected: Mapping[str, str] = field(default_factory=dict)


def needs(approvals: Iterable[Approval]) -> frozenset[str]:
    """The ids of the items to hand to `merge` as `current`, where they exist: those touched and those referred to."""
    found: set[str] = set()
    for approval in approvals:
        change = approval.change
        found |= {change.item, change.into or change.item}
        shapes = sections()[change.section].fields if change.section in sections() else {}
        for each in change.fields:
            if each.field in shapes and shapes[each.field].ref:
                found |= set(_listed(each.new))
    return frozenset(found)


def merge(
    approvals: Sequence[Approval],
    *,
    current: Mapping[str, Item],
    references: References,
    heads: Mapping[tuple[str, str], FieldHead] | None = None,
    base_revision: int = 0,
    seen: Mapping[tuple[str, str], Json] | None = None,
    alike: Alike | None = None,
) -> Merged:
    """Merges approved changes into the items as they stand.

    current: the items that `needs` names. references(id): the items that refer to it. alike(section, values): the items
    that a new one may be the same as; without it those of `current`. heads: those of the items to be removed or joined,
    by (item, field); one set after `base_revision` makes it a conflict. seen: (change, field) -> the current value that
    a person saw when settling a conflict, which then takes the place of the base; field "" settles a removal or join.
    """
    work = Work(current, references, alike)
    run = _Run(work, heads or {}, base_revision, seen or {})
    changes = [approval.change for approval in approvals]
    for change in _in_order(changes):
        run.one(change)
    run.removals([change for change in changes if change.op is Op.remove])
    return Merged(
        after={key: work.item(key) for key in work.touched},
        deltas=tuple(work.deltas),
        inverse=invert(work.deltas),
        conflicts=tuple(run.conflicts),
        ends={approval.change.id: run.ends[approval.change.id] for approval in approvals},
        redirected=dict(work.redirected),
    )


def _in_order(changes: Sequence[Change]) -> list[Change]:
    """Additions first, those referred to before those that refer; then updates, then joins. Removals come last."""
    adding = [each for each in changes if each.op is Op.add]
    ready: list[Change] = []
    while adding:
        waiting = {each.item for each in adding}
        free = [each for each in adding if waiting.isdisjoint(_targets(each) - {each.item})]
        ready += free or adding
        placed = {each.id for each in free}
        adding = [each for each in adding if each.id not in placed] if free else []
    return ready + [each for op in (Op.update, Op.join) for each in changes if each.op is op]


def _targets(change: Change) -> set[str]:
    shapes = section(change.section).fields
    return {
        target
        for each in change.fields
        if each.field in shapes and shapes[each.field].ref
        for target in _listed(each.new)
    }


class _Run:
    """The approvals of one merge, one after another; what blocks one leaves no trace of it."""

    def __init__(
        self,
        work: Work,
        heads: Mapping[tuple[str, str], FieldHead],
        base_revision: int,
        seen: Mapping[tuple[str, str], Json],
    ) -> None:
        self.work = work
        self.heads = heads
        self.base_revision = base_revision
        self.seen = seen
        self.joined: set[str] = set()
        self.conflicts: list[Conflict] = []
        self.ends: dict[str, End] = {}

    def one(self, change: Change) -> None:
        """Adds, updates or joins."""
        before = len(self.work.deltas)
        with self.work.attempt(change) as attempt:
            if change.op is Op.join:
                self._unchanged_since(change)
                join(self.work, change, self._merged_fields)
                self.joined.add(change.item)
            elif change.op is Op.add:
                self._add(change)
            else:
                self._updated(change, self._there(change))
        self._end(change, attempt.blocked, len(self.work.deltas) > before)

    def _end(self, change: Change, blocked: tuple[Conflict, ...], moved: bool) -> None:
        self.conflicts += blocked
        self.ends[change.id] = End.conflict if blocked else End.applied if moved else End.already_true

    def _updated(self, change: Change, key: str) -> None:
        """An update may rename an item, whose old name it keeps, but never into what another one is already."""
        was = self.work.values(key)
        self._merged_fields(change, key)
        now = self.work.values(key)
        renamed = next((name for name in section(change.section).key if was.get(name) != now.get(name)), None)
        double = renamed and self.work.double(key)
        if renamed and double:
            said = f"{double} is that already. Join the two instead."
            old, new = was.get(renamed), now.get(renamed)
            raise Blocked(change, field=renamed, item=key, current=old, proposed=new, message=said)
        if renamed:
            self.work.keep_names(key, section(change.section), was)

    def _there(self, change: Change) -> str:
        key = self.work.follow(change.item)
        if self.work.item(key) is None:
            raise Blocked(change, message="It was removed from the plan meanwhile.")
        return key

    def _add(self, change: Change) -> None:
        kind = section(change.section)
        values = self._parsed(change, kind)
        lacking = [name for name in kind.required if values.get(name) is None]
        if lacking:
            raise Blocked(change, field=lacking[0], message=f"It can't be without {', '.join(lacking)}.")
        known = self.work.known(change.item, kind, values)
        if known is None:
            self.work.add(change.item, kind, values)
            return
        if known != change.item:
            self.work.redirected[change.item] = known
            self.work.keep_names(known, kind, values)
        self._merged_fields(change, known, fixed=kind.key if known != change.item else ())

    def _parsed(self, change: Change, kind: Section) -> dict[str, Json]:
        return {each.field: self._parse(change, kind, each.field, each.new) for each in change.fields}

    def _parse(self, change: Change, kind: Section, name: str, value: Json) -> Json:
        shape = kind.fields.get(name)
        if shape is not None and shape.ref:
            value = self._pointed(change, name, shape.ref, value)
        try:
            return kind.parse(name, value)
        except BadValue as error:
            raise Blocked(change, field=name, proposed=value, message=f"{error.message} {error.advice}") from None

    def _pointed(self, change: Change, name: str, target: str, value: Json) -> Json:
        """A reference, to the item that it means by now; that must be in the plan, and another one."""
        pointed = [self.work.follow(each) for each in _listed(value)]
        itself = self.work.follow(change.item)
        for each in pointed:
            item = self.work.item(each)
            if each == itself:
                raise Blocked(change, field=name, proposed=value, message="It can't refer to itself.")
            if item is None or item.section != target:
                said = f"What it names is not among the {target} of the plan, or no longer."
                raise Blocked(change, field=name, proposed=value, message=said)
        return pointed if isinstance(value, list) else next(iter(pointed), None)

    def _merged_fields(self, change: Change, key: str, fixed: Iterable[str] = ()) -> None:
        """Puts the change's fields into an item that is there, each three ways. `fixed` fields stay as they are."""
        kind, item = section(change.section), self.work.item(key)
        assert item is not None
        if item.section != change.section:
            raise Blocked(change, message=f"{key} is not among the {kind.name}.")
        clashes = []
        for each in change.fields:
            if each.field in fixed:
                continue
            proposed = self._parse(change, kind, each.field, each.new)
            base = self.seen.get((change.id, each.field), None if change.op is Op.add else each.old)
            now = self.work.values(key).get(each.field)
            is_set = kind.fields[each.field].is_set
            value = three_way(self._canonical(kind, each.field, base), now, proposed, is_set)
            if value is CLASH or (value is None and each.field in kind.required):
                said = "It was changed meanwhile." if value is CLASH else "It can't be empty."
                clashes.append((each.field, base, now, proposed, said))
            else:
                self.work.set(key, each.field, value)
        if clashes:
            raise Blocked.several(change, key, clashes)

    def _canonical(self, kind: Section, name: str, value: Json) -> Json:
        """A base value in canonical form; one that no longer parses stays as it is, and so differs from what stands."""
        try:
            return kind.parse(name, value)
        except BadValue:
            return value

    def _unchanged_since(self, change: Change) -> None:
        if (change.id, "") in self.seen:
            return
        ids = {change.item, change.into}
        newer = [head for (item, _), head in self.heads.items() if item in ids and head.revision > self.base_revision]
        if newer:
            fields = sorted({head.field for head in newer if head.field})
            raise Blocked(change, message=f"It was changed meanwhile: {', '.join(fields) or 'added or removed'}.")

    def removals(self, changes: Sequence[Change]) -> None:
        """Removes what only other removed items refer to; each of the rest is a conflict that names who does.

        Several removals of one item all end as the first one does, but for having moved nothing themselves.
        """
        going: dict[str, list[Change]] = {}
        for change in changes:
            key = self.work.follow(change.item)
            with self.work.attempt(change) as attempt:
                if change.item in self.joined:
                    raise Blocked(change, message=f"It became part of {key}, which stays.")
                if self.work.item(key) is not None:
                    if key not in going:
                        self._unchanged_since(change)
                    going.setdefault(key, []).append(change)
            if attempt.blocked or key not in going:
                self._end(change, attempt.blocked, moved=False)
        self._spare(going)
        for key, (first, *others) in going.items():
            with self.work.attempt(first):
                self.work.remove(key)
            self._end(first, (), moved=True)
            for other in others:
                self._end(other, (), moved=False)

    def _spare(self, going: dict[str, list[Change]]) -> None:
        """Takes out of `going` what others still refer to, until nothing is left that does."""
        while True:
            held = {key: [one for one in self.work.referring(key) if one not in going] for key in going}
            kept = {key: others for key, others in held.items() if others}
            if not kept:
                return
            for key, others in kept.items():
                said = (
                    f"Others refer to it: {', '.join(others)}. Change or remove these first, or join it with another."
                )
                for change in going.pop(key):
                    blocked = Conflict(change=change.id, item=key, field="", current=others, message=said)
                    self._end(change, (blocked,), moved=False)


def _listed(value: Json) -> list[str]:
    return [each for each in (value if isinstance(value, list) else [value]) if isinstance(each, str)]
