"""The plan as it would be had some changes never been approved: replayed step by step, field by field. Pure."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import Protocol

from pipeline.records import Json
from pipeline.sections import amended, section

Said = Mapping[tuple[str, str], Sequence[Json]]
"""(item, field) -> the values that words of sources that stand confirm there."""


class Step(Protocol):
    """One field of one item at one revision, before and after; field "" is the item itself."""

    @property
    def item(self) -> str: ...  # noqa: D102
    @property
    def section(self) -> str: ...  # noqa: D102
    @property
    def field(self) -> str: ...  # noqa: D102
    @property
    def before(self) -> Json: ...  # noqa: D102
    @property
    def after(self) -> Json: ...  # noqa: D102
    @property
    def change(self) -> str | None: ...  # noqa: D102


class Otherwise:
    """What becomes of items without the `doomed` changes, but for what others said.

    values: by item. there: the items that are. touched: (item, field) of what rested on the doomed changes.
    """

    def __init__(
        self,
        doomed: AbstractSet[str],
        said: Said,
        joins: AbstractSet[str],
        steps: Iterable[Step],
    ) -> None:
        self.doomed = doomed
        self.values: dict[str, dict[str, Json]] = defaultdict(dict)
        self.there: set[str] = set()
        self.touched: set[tuple[str, str]] = set()
        self._said = said
        self._joins = joins
        self._stood: dict[tuple[str, str | None, str], Json] = {}
        self._named: dict[tuple[str, str], Json] = {}
        self._moved: dict[tuple[str | None, str, str], list[tuple[Json, Json]]] = defaultdict(list)
        done = list(steps)
        brought = {(step.item, step.change) for step in done if step.field == "" and step.after is not None}
        more = {(step.item, step.change) for step in done if step.field and step.field not in section(step.section).key}
        self._told = brought & more
        for step in done:
            self._take(step)

    def names(self, item: str, field: str, current: Mapping[str, Json]) -> bool:
        """Whether a field's current value came with a doomed change as part of the name of what it brought."""
        return (item, field) in self._named and self._named[item, field] == current.get(field)

    def _take(self, step: Step) -> None:
        if step.field == "":
            self._come_or_go(step)
            return
        values = self.values[step.item]
        now = values.get(step.field)
        if step.change in self.doomed:
            values[step.field] = after = self._held(step, now)
            self.touched.add((step.item, step.field))
            speaks = after is not None and after != now
        else:
            values[step.field] = after = self._joined(step, now) if step.change in self._joins else _after(step, now)
            speaks = after is not None
        if speaks:
            self.there.add(step.item)

    def _come_or_go(self, step: Step) -> None:
        there = step.after is not None
        if step.change in self.doomed:
            there = bool(self._stood.setdefault((step.item, step.change, ""), step.item in self.there))
        (self.there.add if there else self.there.discard)(step.item)

    def _held(self, step: Step, now: Json) -> Json:
        """What others hold of what a doomed step set, on what stood before it, also when it comes once more.

        The name alone of what came with more holds nothing.
        """
        stood = self._stood.setdefault((step.item, step.change, step.field), now)
        if (
            step.after is not None
            and step.field in section(step.section).key
            and (step.item, step.change) in self._told
        ):
            self._named[step.item, step.field] = step.after
            return stood
        said = self._said.get((step.item, step.field), ())
        if not _is_set(step):
            return step.after if step.after is not None and step.after in said else stood
        return amended(stood, None, _spoken(step.after, said))

    def _joined(self, step: Step, now: Json) -> Json:
        """What a join leaves of a field: what it moves from one item to another goes as it would be there by then."""
        place = (step.change, step.section, step.field)
        if step.after is None:
            self._leave(step, now)
            return None
        if section(step.section).fields[step.field].ref and set(_listed(step.before)) - set(_listed(step.after)):
            gone = set(_listed(step.before)) - set(_listed(step.after))
            return _after(step, now) if gone & set(_listed(now)) else now
        said = self._said.get((step.item, step.field), ())
        if _is_set(step):
            stay = {each for _, would in self._moved[place] for each in _listed(would)} | {*_listed(step.before)}
            lost = (
                {each for was, _ in self._moved[place] for each in _listed(was)} - stay - {*_spoken(step.after, said)}
            )
            after = amended(now, step.before, [each for each in step.after if each not in lost])
        else:
            moved = next((would for was, would in self._moved[place] if was == step.after), step.after)
            after = step.after if step.after in said else now if moved is None else moved
        if after != _after(step, now):
            self.touched.add((step.item, step.field))
        return after

    def _leave(self, step: Step, now: Json) -> None:
        self._moved[step.change, step.section, step.field].append((step.before, now))
        kind = section(step.section)
        if step.field in kind.key and "aliases" in kind.fields:  # the name of what was joined is another one's alias
            name = now or (self._named.get((step.item, step.field)) if step.item in self.there else None)
            self._moved[step.change, step.section, "aliases"].append((_listed(step.before), _listed(name)))


def _after(step: Step, before: Json) -> Json:
    """What a step leaves of what stood before it: its value; of a set, what it added and without what it took."""
    return amended(before, step.before, step.after) if _is_set(step) else step.after


def _is_set(step: Step) -> bool:
    shape = section(step.section).fields.get(step.field)
    return shape is not None and shape.is_set


def _spoken(value: Json, said: Sequence[Json]) -> list[Json]:
    """The elements of a set that others said."""
    return [each for each in _listed(value) if any(each in _listed(one) for one in said)]


def _listed(value: Json) -> list[Json]:
    return value if isinstance(value, list) else [] if value is None else [value]
