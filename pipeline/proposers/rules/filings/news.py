"""What a filing says of the company beyond its people: results, deals, reorganisations, plans, competitors."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache

from pipeline import names
from pipeline.proposers.rules.filings.knowledge import table
from pipeline.proposers.rules.filings.text import Sentence
from pipeline.records import Context, Draft, Item, Json, Op

MOST_NEWS, LONGEST = 4, 420
OPENING = re.compile(r"^\s*(?:\([a-z]\)\s*)?")
TITLE_CUT = re.compile(r"\s+(?:that|which|including|under|pursuant|to\s+be|designed|intended|with)\b")


@dataclass(frozen=True)
class Told:
    """One sentence worth keeping, and what for."""

    kind: str
    sentence: Sentence
    words: str


def changes(context: Context, sentences: Sequence[Sentence]) -> Iterator[Draft]:
    """Drafts of overview, agenda and competitors from the filing's sentences."""
    told = list(_told(sentences, context.document.attributes.get("form", "")))
    yield from _overview(context, told)
    yield from _agenda(context, told)
    yield from _competitors(context, told)


def cue(name: str) -> re.Pattern[str]:
    """A pattern of news.yaml."""
    return _compiled()[name]


@cache
def _compiled() -> dict[str, re.Pattern[str]]:
    found = table("news")
    return {
        name: re.compile(re.sub(r"(?<=[|?+])\s+", "", str(text).strip()))
        for name, text in found.items()
        if isinstance(text, str)
    }


def _told(sentences: Sequence[Sentence], form: str) -> Iterator[Told]:
    """The sentences that are news, at most one of a kind from each paragraph."""
    seen: set[tuple[str, int]] = set()
    current = form.startswith(("8-K", "6-K", "EX"))
    for sentence in sentences:
        kind = _kind(sentence, current)
        if kind and (kind, sentence.block) not in seen:
            seen.add((kind, sentence.block))
            yield Told(kind, sentence, OPENING.sub("", " ".join(sentence.text.split())))


def _kind(sentence: Sentence, current: bool) -> str | None:
    words = sentence.text
    if not current:
        return "headcount" if cue("headcount").search(words) and len(words) < LONGEST else None
    if sentence.item in table("news")["silent"] or not sentence.item or len(words) > LONGEST * 2:
        return None
    exhibit = sentence.item.upper().startswith("EX")
    if exhibit and sentence.heading and 30 < len(words) < 200 and cue("headline").search(words):
        return "headline"
    if sentence.heading or cue("boilerplate").search(words) or words.lower().startswith("item"):
        return None
    if sentence.item == "2.02" or exhibit:
        return "earnings" if cue("earnings").search(words) and "\t" not in words else _plain(words)
    if sentence.item in {"2.05", "2.06"}:
        return "reorganisation"
    return _plain(words) or (
        "news" if sentence.item in table("news")["called"] and sentence.item not in {"7.01", "8.01"} else None
    )


def _plain(words: str) -> str | None:
    for kind in ("reorganisation", "strategy", "deal"):
        if cue(kind).search(words):
            return kind
    return None


def _overview(context: Context, told: Sequence[Told]) -> Iterator[Draft]:
    """The overview's fields: sets are given in full, with what they hold already."""
    item = next(iter(context.plan.section("overview")), None)
    values = dict(item.values) if item else {}
    news = _first_of_each_item([each for each in told if each.kind in {"deal", "news", "headline"}])[:MOST_NEWS]
    parts: list[tuple[dict[str, Json], list[Told], str]] = []
    if news:
        parts.append(({"news": _grown(values.get("news"), news, context)}, news, "news"))
    moves = _first_of_each_item([each for each in told if each.kind == "reorganisation"])[:2]
    if moves:
        parts.append(
            ({"reorganisations": _grown(values.get("reorganisations"), moves, context)}, moves, "reorganisation")
        )
    results = [each for each in told if each.kind == "earnings"][:2]
    if results:
        parts.append(({"earnings": " ".join(_short(each.words) for each in results)}, results, "earnings"))
    for each in [each for each in told if each.kind == "headcount"][:1]:
        count = cue("headcount").search(each.words)
        if count:
            parts.append(({"headcount": count["count"]}, [each], "headcount"))
    parts = [part for part in parts if any(values.get(name) != value for name, value in part[0].items())]
    if item is None and len(parts) > 1:
        # An overview that is still to be made can only be added once.
        fields = {name: value for part in parts for name, value in part[0].items()}
        parts = [(fields, [each for part in parts for each in part[1]], "overview")]
    for fields, proof, what in parts:
        yield _draft(context, item, fields, proof, what)


def _draft(context: Context, item: Item | None, fields: dict[str, Json], proof: Sequence[Told], what: str) -> Draft:
    number = proof[0].sentence.item
    called = table("news")["called"].get(number, "the company")
    where = f"item {number}" if re.match(r"\d", number) else f"exhibit {number.removeprefix('EX-')}"
    return Draft(
        section="overview",
        op=Op.update if item else Op.add,
        item=item.id if item else None,
        fields=fields if item else {"company": context.account, **fields},
        quotes=tuple((each.sentence.text, each.sentence.line) for each in proof),
        reason=f"The filing tells of {called} under {where}.",
        rule=f"filing.{number.replace('.', '_')}.{what}",
    )


def _first_of_each_item(told: Sequence[Told]) -> list[Told]:
    """One sentence of each item: the first says what it is about."""
    found: dict[str, Told] = {}
    for each in told:
        found.setdefault(each.sentence.item, each)
    return list(found.values())


def _grown(before: Json, told: Sequence[Told], context: Context) -> list[str]:
    """A set with the new sentences in it, each with its day."""
    day = _day(context)
    added = [f"{day.isoformat()}: {_short(each.words)}" for each in told]
    return sorted({*(before or []), *added})


def _day(context: Context) -> date:
    reported = context.document.attributes.get("report_date")
    return date.fromisoformat(reported) if reported else context.document.said_on or context.said_on


def _short(words: str) -> str:
    return words if len(words) <= LONGEST else words[: words.rfind(" ", 0, LONGEST)] + " …"


def _agenda(context: Context, told: Sequence[Told]) -> Iterator[Draft]:
    """Plans and programmes become topics of the customer's agenda."""
    topics: list[str] = [str(item.values.get("topic") or "") for item in context.plan.section("agenda")]
    for each in [each for each in told if each.kind in {"strategy", "reorganisation"}][:3]:
        found = cue(each.kind).search(each.words)
        topic = _topic(each.words, found) if found else None
        if not topic or any(names.same_statement(topic, known) for known in topics):
            continue
        topics.append(topic)
        yield Draft(
            section="agenda",
            op=Op.add,
            fields={"topic": topic, "kind": "initiative", "detail": _short(each.words)},
            quotes=((each.sentence.text, each.sentence.line),),
            reason=f"The filing names an undertaking of the company: {topic}.",
            rule=f"filing.{each.sentence.item.replace('.', '_')}.{each.kind}",
            optional=each.kind == "strategy",
        )


def _topic(words: str, found: re.Match[str]) -> str:
    """The words around the cue, from the noun phrase's beginning to its end."""
    before = words[: found.start()].split()[-3:]
    while before and not re.match(
        r"[A-Z“\"][\w“”\"-]+$|(?:global|multi-year|new|major|broad|company-wide)$", before[0]
    ):
        before.pop(0)
    after = TITLE_CUT.split(words[found.end() :], maxsplit=1)[0]
    after = re.split(r"[,.;:(]", after, maxsplit=1)[0]
    return " ".join([*before, found.group(), *after.split()[:8]]).strip()


def _competitors(context: Context, told: Sequence[Told]) -> Iterator[Draft]:
    """A competitor the plan knows, named in the news."""
    for item in context.plan.section("competitors"):
        name = str(item.values.get("name") or "")
        for each in told:
            if name and re.search(rf"(?<!\w){re.escape(name)}(?!\w)", each.words):
                yield Draft(
                    section="competitors",
                    op=Op.update,
                    item=item.id,
                    fields={"standing": _short(each.words)},
                    quotes=((each.sentence.text, each.sentence.line),),
                    reason=f"The filing names {name}, a competitor of ours.",
                    rule="filing.competitor",
                    optional=True,
                )
                break
