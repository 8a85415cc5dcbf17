"""One proposal for its reviewer: each change beside the words that prove it, and the text with those words marked."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from pipeline.records import (
    Change,
    Decision,
    Document,
    Effect,
    Evidence,
    FieldChange,
    Finding,
    Item,
    Json,
    Op,
    Plan,
    Proposal,
    Record,
    Source,
    Standing,
    Verdict,
)
from pipeline.sections import FieldShape, section
from pipeline.store import Pending, ProposalOutline, SourceOutline, called
from pipeline.views.marked import LineView, lines
from pipeline.views.twins import Question, in_own_words
from pipeline.views.words import label, title_of, words


class FieldView(Record):
    """One field of a change: `old` and `new` in words, `value` as it is edited; in a conflict `now` is the value that
    stands meanwhile, and `current` the same as stored.
    """

    name: str
    title: str
    kind: str
    choices: tuple[str, ...] = ()
    old: str = ""
    new: str = ""
    value: Json = None
    now: str | None = None
    current: Json = None


class QuoteView(Record):
    """The words of one piece of evidence: where they stand, who said them, how exactly they were found.

    `title` and `said_on` are the source's where that is not the proposal's own.
    """

    source: str
    words: str
    quote: str | None
    tier: str
    line: int
    start: int
    end: int
    speaker: str | None
    occurrences: int
    title: str = ""
    said_on: str | None = None


class AlsoView(Record):
    """A change of another waiting proposal, or another of this one, that claims the same; with its words."""

    proposal: str
    change: str
    title: str
    said_on: str | None
    quotes: tuple[QuoteView, ...] = ()


class ChangeView(Record):
    """One change as shown. `bulk` says whether "approve all" covers it; `decision` who said what of it, if anybody.

    `waits` says whether a person may decide: not when it is decided or closed, the plan says so by now, or another
    change asks the same (`asked_in`); nobody is asked for what a check `refuted`. `also` are those that it asks for,
    said in so many different `notes`; `answered_in` is the proposal by whose decision this one was answered.
    """

    id: str
    number: int
    section: str
    section_title: str
    op: str
    label: str
    fields: tuple[FieldView, ...]
    quotes: tuple[QuoteView, ...]
    findings: tuple[Finding, ...]
    standing: Standing
    held_back: bool
    bulk: bool
    reason: str
    rule: str
    strength: str
    effective: str | None
    decision: Decision | None = None
    waits: bool = False
    notes: int = 1
    also: tuple[AlsoView, ...] = ()
    refuted: bool = False
    asked_in: AlsoView | None = None
    answered_in: str | None = None


@dataclass(frozen=True)
class Together:
    """The questions that changes ask together, by change; the sources, by id, that any words shown are of; the changes
    that were closed undecided; and what to call entries that left the plan, by id.
    """

    questions: Mapping[str, Question] = field(default_factory=dict)
    sources: Mapping[str, SourceOutline] = field(default_factory=dict)
    closed: frozenset[str] = frozenset()
    gone: Mapping[str, str] = field(default_factory=dict)


class ProposalView(Record):
    """Everything the review page, `show` and the API tell of a proposal; `day_asked` says that its text stands, but
    the day it was said is unsure.
    """

    id: str
    account: str
    account_name: str
    title: str
    outcome: str
    why: str
    proposer: str
    model: str
    base_revision: int
    said_on: str | None
    day_asked: bool
    created_by: str
    changes: tuple[ChangeView, ...]
    support: tuple[ChangeView, ...]
    lines: tuple[LineView, ...]
    warnings: tuple[str, ...]
    open: int
    tokens: int


def proposal_view(
    proposal: Proposal,
    account_name: str,
    plan: Plan,
    source: Source | None,
    decisions: Mapping[str, Decision],
    standings: Mapping[str, Standing],
    *,
    strengths: Mapping[str, str] | None = None,
    together: Together | None = None,
) -> ProposalView:
    """The view of `proposal` against `plan` as it is now; `strengths` tell in words what each change rests on,
    `together` which changes are asked together with others.
    """
    said = together or Together()
    others = {key: outline for key, outline in said.sources.items() if key != proposal.source}
    names = {**said.gone, **names_of(proposal, plan)}
    shown = _Shown(plan, names, decisions, standings, strengths or {}, said.questions, others, said.closed)
    in_bulk = {change.id for change in bulk(proposal, _challenges(standings))}
    views = tuple(
        _change(number, change, shown, in_bulk=change.id in in_bulk) for number, change in enumerate(proposal.news, 1)
    )
    known = tuple(_change(0, each, shown, in_bulk=False) for each in proposal.changes if each.confirms)
    document = source.document if source else None
    return ProposalView(
        id=proposal.id,
        account=proposal.account,
        account_name=account_name,
        title=title_of_source(source) if source else proposal.origin.capitalize(),
        outcome=str(proposal.outcome),
        why=proposal.why,
        proposer=proposal.proposer,
        model=proposal.model,
        base_revision=proposal.base_revision,
        said_on=document.said_on.isoformat() if document and document.said_on else None,
        day_asked=source is not None and not source.withdrawn and not source.document.said_on_sure,
        created_by=proposal.created_by,
        changes=views,
        support=known,
        lines=lines(document, spans(views, source)) if document and source else (),
        warnings=_warnings(document),
        open=sum(1 for view in views if view.decision is None and view.waits and not view.refuted),
        tokens=sum(use.prompt_tokens + use.completion_tokens for use in proposal.usage),
    )


def bulk(proposal: Proposal, challenges: frozenset[str] = frozenset()) -> tuple[Change, ...]:
    """The changes that "approve all" may cover: none held back, no role, removal, join or goal, no challenge."""
    return tuple(
        change
        for change in proposal.changes
        if not change.demoted
        and change.op in (Op.add, Op.update)
        and change.section != "goals"
        and not (section(change.section).careful & {each.field for each in change.fields})
        and change.id not in challenges
    )


def needs_a_person(change: Change) -> bool:
    """Whether an undecided change is waited for: not when a check refuted it, or when the plan says it already."""
    return not (change.dropped or change.confirms)


def undecided(outline: ProposalOutline) -> int:
    """How many changes of a proposal wait for a person."""
    settled = {Effect.drop, Effect.support}
    return sum(1 for state, effects in outline.changes if state in ("pending", "asked") and not effects & settled)


def title_of_source(source: Source) -> str:
    """What to call a source: its title, else its first words."""
    return called(source.document) or "Untitled"


def _challenges(standings: Mapping[str, Standing]) -> frozenset[str]:
    return frozenset(change for change, standing in standings.items() if standing is Standing.challenge)


def names_of(proposal: Proposal, plan: Plan) -> dict[str, str]:
    """What to call the entries that a proposal would add, by id."""
    added = [change for change in proposal.changes if change.op is Op.add]
    names: dict[str, str] = {}
    for change in sorted(added, key=lambda each: len(section(each.section).key)):
        names[change.item] = label(section(change.section), change.new_values(), plan, names)
    return names


@dataclass(frozen=True)
class _Shown:
    """What the changes of one proposal are shown against."""

    plan: Plan
    names: Mapping[str, str]
    decisions: Mapping[str, Decision]
    standings: Mapping[str, Standing]
    strengths: Mapping[str, str]
    questions: Mapping[str, Question]
    others: Mapping[str, SourceOutline]
    closed: frozenset[str]


def _change(number: int, change: Change, shown: _Shown, *, in_bulk: bool) -> ChangeView:
    kind = section(change.section)
    item = shown.plan.get(change.item)
    values = {**change.new_values(), **(item.values if item else {})}
    decision, standing = shown.decisions.get(change.id), shown.standings.get(change.id, Standing.applies)
    question = shown.questions.get(change.id)
    asks = question is None or question.asks.change.id == change.id
    waits = asks and change.id not in shown.closed and standing is not Standing.already_true
    waits = waits and (decision is None or decision.verdict is Verdict.ask)
    answered, told = in_own_words(decision) if decision else (None, None)
    return ChangeView(
        id=change.id,
        number=number,
        section=change.section,
        section_title=kind.title,
        op=str(change.op),
        label=(None if item else shown.names.get(change.item)) or label(kind, values, shown.plan, shown.names),
        fields=tuple(_field(kind.fields[each.field], each, shown, item) for each in _news(change)),
        quotes=tuple(_quote(piece, shown.others) for piece in change.evidence),
        findings=beside(change, question),
        standing=Standing.decided if decision else standing,
        held_back=change.demoted,
        bulk=in_bulk and standing is Standing.applies and waits,
        reason=change.reason,
        rule=change.rule,
        strength=shown.strengths.get(change.id, ""),
        effective=change.effective.isoformat() if change.effective else None,
        decision=told,
        waits=waits,
        refuted=change.dropped,
        notes=len({each.source or each.proposal for each in question.members}) if question else 1,
        also=tuple(_also(each, shown.others) for each in question.others) if question and asks else (),
        asked_in=_also(question.asks, shown.others) if question and not asks else None,
        answered_in=answered,
    )


def beside(change: Change, question: Question | None) -> tuple[Finding, ...]:
    """What was found of a change, without the remark that others claim the same where these are shown with it."""
    if question is None:
        return change.findings
    return tuple(each for each in change.findings if (each.check, each.effect) != ("duplicate", Effect.flag))


def _also(each: Pending, others: Mapping[str, SourceOutline]) -> AlsoView:
    source = others.get(each.source or "")
    return AlsoView(
        proposal=each.proposal,
        change=each.change.id,
        title=source.title if source else "",
        said_on=source.said_on.isoformat() if source and source.said_on else None,
        quotes=tuple(_quote(piece, others) for piece in each.change.evidence),
    )


def _news(change: Change) -> Iterable[FieldChange]:
    """The fields; where they only confirm, without an old value that would read as one that changes."""
    return (each.model_copy(update={"old": None}) if change.confirms else each for each in change.fields)


def _field(shape: FieldShape, change: FieldChange, shown: _Shown, item: Item | None) -> FieldView:
    current = section(item.section).values(item).get(shape.name) if item is not None else None
    moved = not shape.is_set and item is not None and current not in (change.old, change.new)
    return FieldView(
        name=shape.name,
        title=title_of(shape.name),
        kind=shape.kind,
        choices=shape.choices,
        old=words(change.old, shown.plan, shown.names),
        new=words(change.new, shown.plan, shown.names),
        value=change.new,
        now=(words(current, shown.plan, shown.names) or "nothing") if moved else None,
        current=current if moved else None,
    )


def _quote(piece: Evidence, others: Mapping[str, SourceOutline]) -> QuoteView:
    source = others.get(piece.source)
    day = piece.said_on or (source.said_on if source else None)
    return QuoteView(
        source=piece.source,
        words=piece.words,
        quote=piece.quote,
        tier=str(piece.tier),
        line=piece.line,
        start=piece.start,
        end=piece.end,
        speaker=piece.speaker,
        occurrences=piece.occurrences,
        title=source.title if source else "",
        said_on=day.isoformat() if source and day else None,
    )


def _warnings(document: Document | None) -> tuple[str, ...]:
    if document is None:
        return ()
    return (*document.warnings, *(f"Left out: {each.what} ({each.count})." for each in document.dropped))


def spans(changes: Iterable[ChangeView], source: Source) -> list[tuple[int, int, int]]:
    """Where words of a source prove something: start, end, and the number of the change."""
    quotes = ((quote, change.number) for change in changes for quote in change.quotes if quote.source == source.id)
    return [(quote.start, quote.end, number) for quote, number in quotes if quote.end > quote.start]
