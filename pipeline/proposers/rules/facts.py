"""What one sentence says of the plan, before facts are set against each other and against the plan."""

from dataclasses import dataclass, field
from datetime import date

from pipeline.proposers.rules.tokens import Sentence

Quotes = tuple[tuple[str, int | None], ...]


@dataclass(frozen=True)
class Said:
    """Where a fact stands: its sentence, its quotes, and the rule that found it."""

    sentence: Sentence
    quotes: Quotes
    rule: str

    @property
    def order(self) -> tuple[bool, int]:
        """Later words win; what a person wrote wins over what a machine summed up."""
        return (self.sentence.part != "summary", self.sentence.number)


@dataclass(frozen=True)
class RoleFact:
    """Somebody has a role, or has it no more."""

    person: str
    role: str
    gained: bool
    said: Said


@dataclass(frozen=True)
class PersonFact:
    """Something about a person: new, retitled, moved, or gone."""

    person: str
    kind: str
    """"title", "department", "gone", "replaced", "met"."""
    said: Said
    title: str | None = None
    department: str | None = None
    on: date | None = None


@dataclass(frozen=True)
class CellFact:
    """How far an offering is in a department."""

    department: str
    offering: str
    status: str
    said: Said
    fields: dict[str, object] = field(default_factory=dict)
    own: bool = True
    """Whether somebody of that department says it."""


@dataclass(frozen=True)
class ActionFact:
    """A task: new (`item` None), or what became of one of the plan."""

    said: Said
    item: str | None = None
    action: str = ""
    owner: str | None = None
    owner_side: str | None = None
    target: str | None = None
    deadline: date | None = None
    status: str | None = None
    extra: Quotes = ()
    optional: bool = False
    words: frozenset[str] = frozenset()


@dataclass(frozen=True)
class OtherFact:
    """A statement for any other section."""

    section: str
    fields: dict[str, object]
    said: Said
    item: str | None = None
    op: str = "add"
