"""Values: each name, day, number, amount, department, offering and status of a change must be borne out by its words.

Looked for in the quotes first, then in their sentences, in what leads to them, in their paragraph. Words that say
another value of the same kind, and not this one, speak against it; so does a value that nothing speaks of.
"""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from pipeline.checks import Case, Check
from pipeline.checks._reading import PEOPLE, Stretch
from pipeline.checks._stance import denied
from pipeline.checks._stated import status_finding
from pipeline.checks._terms import about, hints, person_gap, term_gap
from pipeline.checks._wording import wording
from pipeline.language.days import Day
from pipeline.records import Effect, Finding, Json
from pipeline.sections import FieldShape, section

TODAY = ("as_of", "signed_on", "live_on", "effective")
"""Fields that may hold the day of the text without a word about it."""
REACH = 160
"""How far from a quote, in characters, a day of the same sentence still belongs to it."""
CURRENCIES = {
    "$": "USD",
    "€": "EUR",
    "£": "GBP",
    "¥": "JPY",
    "₹": "INR",
    "euro": "EUR",
    "yen": "JPY",
    "pound": "GBP",
    "円": "JPY",
}


def run(case: Case) -> Iterator[Finding]:
    """A flag for each value that its words do not bear out."""
    if not case.proven:
        return
    for message in about(case):
        yield _flag(message)
    for name, value in case.claims.items():
        shape = section(case.change.section).fields.get(name)
        if shape is not None:
            for message in _field(case, shape, value):
                yield _flag(message, name)
    if case.change.effective is not None:
        effective = case.change.effective.isoformat()
        gap = _day(case, "effective", effective) if effective != case.claims.get("leaving_on") else None
        if gap:
            yield _flag(gap)


def _flag(message: str, field: str | None = None) -> Finding:
    return Finding(check="values", effect=Effect.flag, message=message, field=field)


def _field(case: Case, shape: FieldShape, value: Json) -> Iterator[str]:
    messages: Iterator[str | None]
    if shape.kind == "date":
        messages = iter([_day(case, shape.name, str(value))])
    elif shape.kind == "money":
        messages = _money(case, value)
    elif shape.kind == "number":
        messages = iter([_number(case, str(value))])
    elif shape.kind in ("ref", "refs"):
        messages = (_reference(case, key) for key in (value if isinstance(value, list) else [value]))
    elif shape.kind in ("choice", "choices", "splits"):
        messages = status_finding(case, shape, value)
    else:
        messages = wording(case, shape.name, value)
    yield from filter(None, messages)


def _reference(case: Case, key: str) -> str | None:
    kind = case.reading.kind(key)
    if kind == "departments" and case.change.section in PEOPLE:
        named = _named_places(case)
        if named and key not in named | hints(case, case.quoted, kind, through=False):
            return term_gap(case, key, kind)
        around = (case.lines, case.near)
        return None if any(key in hints(case, level, kind) for level in around) else term_gap(case, key, kind)
    if kind == "stakeholders":
        return person_gap(case, key)
    return term_gap(case, key, kind) if kind in ("departments", "offerings") else None


def _named_places(case: Case) -> set[str]:
    """The departments that the quotes name, those left out that a "not" stands before."""
    reading = case.reading
    sure = reading.named(case.quoted, ("departments",), sure=True)
    return {key for each in sure if not denied(reading.flat, each.start, reading.words) for key in each.keys}


# Days


def _day(case: Case, name: str, value: str) -> str | None:
    """None when the words can mean the day; else what speaks against it."""
    try:
        day = date.fromisoformat(value)
    except ValueError:
        return None
    if name in TODAY and day == case.context.said_on:
        return None
    reading = case.reading
    spoken: list[Day] = []
    for level in (case.quoted, case.said, case.near, case.lines):
        days = [said for said in reading.days_in(level) if _close(case, said, level)]
        sure = [said for said in days if not (spoken and said.vague)]
        if any(_means(case, said, day, days, name) for said in sure):
            return None
        spoken = spoken or [said for said in days if not said.vague and said.spans]
        if spoken and level is not case.quoted:
            break
    if spoken:
        heard = " / ".join(
            dict.fromkeys(case.context.document.text[said.start : said.end].strip() for said in spoken[:3])
        )
        return f'The words say "{heard}"; {_shown(day)} is not a day they can mean.'
    if any(said.may_be(day) and not said.vague for said in reading.days):
        return None
    return f"Nothing near the quote speaks of {_shown(day)}."


def _close(case: Case, said: Day, level: Stretch) -> bool:
    """Whether a day of the quotes' sentence is near them, should that sentence never end."""
    spans = case.quoted.spans
    return level is not case.said or any(
        start - REACH <= said.start and said.end <= end + REACH for start, end in spans
    )


def _means(case: Case, said: Day, day: date, around: list[Day], name: str) -> bool:
    if said.may_be(day):
        return True
    if said.shift is None and said.weekday is None:
        return False
    bases = {span[0] for other in around for span in other.spans if span[0] == span[1]} | {case.context.said_on}
    before = case.now.get(name)
    if isinstance(before, str):
        bases.add(date.fromisoformat(before))
    if said.shift is not None and any(abs(abs((day - base).days) - said.shift) <= said.shift // 30 for base in bases):
        return True
    return said.weekday == day.weekday() and any(0 < abs((day - base).days) <= 7 for base in bases)


def _shown(day: date) -> str:
    return f"{day:%A}, {day.day} {day:%B %Y}"


# Numbers and money


def _number(case: Case, value: str) -> str | None:
    wanted = Decimal(value).normalize()
    if any(wanted in case.reading.numbers(level) for level in (case.near, case.lines)):
        return None
    return f"Nothing near the quote says {value}."


def _money(case: Case, value: Json) -> Iterator[str | None]:
    amount, currency = Decimal(str(value["amount"])), str(value["currency"])
    said = set(case.reading.numbers(case.near)) | set(case.reading.numbers(case.lines))
    scaled = {(amount / scale).normalize() for scale in (1, 1_000, 1_000_000)}
    if not scaled & said:
        yield f"Nothing near the quote says {value['amount']}."
    heard = _currencies(case.said) or _currencies(case.near) or _currencies(case.reading.whole) or _of_plan(case)
    if heard and currency not in heard:
        yield f"The words speak of {', '.join(sorted(heard))}, not of {currency}."


def _of_plan(case: Case) -> set[str]:
    values = (value for item in case.context.plan.items.values() for value in item.values.values())
    return {str(value["currency"]) for value in values if isinstance(value, dict) and "currency" in value}


def _currencies(stretch: Stretch) -> set[str]:
    found = {code for sign, code in CURRENCIES.items() if sign in stretch.flat}
    return found | {code for code in ("USD", "EUR", "GBP", "JPY", "CHF") if code in stretch.text.split()}


CHECK = Check("values", 20, run)
