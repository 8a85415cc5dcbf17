"""What reviewers of an account decided before on words like those of a text, told to a model as examples."""

from collections.abc import Mapping

from pipeline.desk import Desk
from pipeline.records import Change, Json, Op, Plan, Source, Verdict
from pipeline.retrieve.words import Vocabulary, spans, together
from pipeline.sections import UNSEEN, Section, section
from pipeline.store import AccountStore
from pipeline.views.cases import Lesson, lessons
from pipeline.views.words import label, words

MOST = 3
"""Examples shown for one text."""

LOOKED_AT = 30
"""Corrected proposals looked at, the newest ones."""

ALIKE = 0.35
"""The share of an old quote's words, by weight, that the text must say in one place."""

LONGEST = 160


def examples(desk: Desk, here: AccountStore, source: Source) -> tuple[str, ...]:
    """A line for each past decision of this account whose quote is most like the text; none unless switched on."""
    if not desk.settings.examples:
        return ()
    with here.read() as tx:
        known, plan = lessons(tx, LOOKED_AT), tx.plan()
    return tuple(told(each, plan) for each in alike(known, source))


def alike(known: list[Lesson], source: Source) -> list[Lesson]:
    """The lessons whose quotes the text comes nearest to, best first; of equals the newest first."""
    newest = {each.change.id: each for each in reversed(known)}
    quotes = Vocabulary({key: [piece.words for piece in each.change.evidence] for key, each in newest.items()})
    text = source.document.text
    said = quotes.said([text[start:end] for start, end in spans(source.document)])
    near = {key: together(said[key]) for key in newest if key in said}
    best = sorted((key for key in near if near[key] >= ALIKE), key=lambda key: -near[key])
    return [newest[key] for key in best[:MOST]]


def told(lesson: Lesson, plan: Plan) -> str:
    """One line: the words, what was proposed of them, and what the reviewer made of it."""
    change, decision = lesson.change, lesson.decision
    names = _names(lesson.beside, plan)
    kind = section(change.section)
    item = plan.get(change.item)
    what = label(kind, {**(item.values if item else {}), **change.new_values()}, plan, names)
    fields = _fields(kind, change.new_values(), plan, names) if change.op in (Op.add, Op.update) else ""
    proposed = f"{change.op} {kind.name} {_short(what)}" + (f" ({fields})" if fields else "")
    quote = " … ".join(piece.words for piece in change.evidence)
    if decision.verdict is Verdict.edit:
        ending = f"changed it to {_fields(kind, decision.fields, plan, names)}"
    else:
        ending = "rejected it"
    why = f": {_short(decision.why)}" if decision.why else ""
    return f'- "{_short(quote)}": proposed {proposed}; the reviewer {ending}{why}'


def _names(changes: tuple[Change, ...], plan: Plan) -> dict[str, str]:
    """What entries are called that were proposed too, and may not be in the plan."""
    added = [each for each in changes if each.op is Op.add]
    return {each.item: label(section(each.section), each.new_values(), plan, {}) for each in added}


def _fields(kind: Section, values: Mapping[str, Json], plan: Plan, names: Mapping[str, str]) -> str:
    """Fields with their values: what is chosen from a list as a model must write it, references by name."""
    chosen = {name for name, shape in kind.fields.items() if shape.choices}
    said = {
        name: ", ".join(value if isinstance(value, list) else [str(value)])
        if name in chosen and value
        else words(value, plan, names)
        for name, value in values.items()
    }
    return "; ".join(f"{name}={_short(value) or 'nothing'}" for name, value in said.items())


def _short(said: str) -> str:
    """Words on one line, without marks that nobody sees, cut where they get long."""
    flat = " ".join(UNSEEN.sub("", " ".join(said.split())).split())
    return flat if len(flat) <= LONGEST else flat[:LONGEST].rsplit(" ", 1)[0] + " …"
