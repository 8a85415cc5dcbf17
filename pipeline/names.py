"""How people, departments and products are written, and when two ways of writing mean one."""

from collections.abc import Mapping, Sequence

from pipeline.records import Json


def written(values: Mapping[str, Json]) -> tuple[str, ...]:
    """Every way an entry's name is written: its name, then its aliases."""
    return (str(values.get("name") or ""), *(values.get("aliases") or ()))


def same_person(one: Sequence[str], other: Sequence[str]) -> bool:
    """Whether two people's ways of writing mean one person."""
    return bool({name.casefold() for name in one} & {name.casefold() for name in other})


def same_term(one: Sequence[str], other: Sequence[str]) -> bool:
    """Whether two departments', offerings' or competitors' ways of writing mean one."""
    return bool({name.casefold() for name in one} & {name.casefold() for name in other})


def same_statement(one: object, other: object) -> bool:
    """Whether two sentences say the same."""
    return bool(one and other) and str(one).casefold().strip(" .") == str(other).casefold().strip(" .")
