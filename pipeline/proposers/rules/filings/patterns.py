"""The patterns of data/filings/events.yaml, compiled."""

import re
from dataclasses import dataclass
from functools import cache

from pipeline.proposers.rules.filings.knowledge import table

WHO, WHOM = r"<P(?P<who>\d+)>", r"<P(?P<whom>\d+)>"
MORE = "as|a|an|the|from|of|on|its|our|his|her|each|member|position|positions|role|also|both|in|capacity|continuing"
CLAUSE = r"(?:[^<>;]|<[CDMBTO]\d*>|<R>)"


@dataclass(frozen=True)
class Pattern:
    """rule and event as named in events.yaml; `weak` ones need a person of whom nothing else is said."""

    rule: str
    event: str
    regex: re.Pattern[str]
    strength: int
    needs: re.Pattern[str] | None
    aside: bool
    titled: bool


def _role(small: str) -> str:
    """One or more titles or seats; whom somebody follows may stand before them."""
    small = small.replace("committee)", r"committee|will\b|would\b|shall\b)")
    follows = r"(?:[^<>;]{0,40}?\b(?:succeed|replac)(?:e|ing)?\s+<P\d+>,?)?"
    first = rf"(?:{small}{{0,14}}?\s+(?:<T\d+>|<R>|<B>)|<R>)"
    more = rf"(?:\s+(?:{MORE})|\s+<C>(?:[’']s)?){{0,6}}\s+(?:<T\d+>|<R>|<B>)"
    return rf"(?P<role>{follows}{first}(?:(?:,\s*and|\s+and|,|;?\s+as\s+well\s+as|;\s+and|\s+or){more})*)"


def _compiled(written: str) -> re.Pattern[str]:
    data = table("events")
    small = str(data["small"])
    filled = (
        written.replace("{who}", WHO)
        .replace("{whom}", WHOM)
        .replace("{role}", _role(small))
        .replace("{few}", rf"{small}{{0,5}}?")
        .replace("{some}", rf"(?:{small}|\s+<[TB]\d*>|\s+<R>|\s+[A-Z][\w-]*){{0,20}}?")
        .replace("{many}", rf"(?:['’]s)?{CLAUSE}{{0,170}}?")
        .replace("{be}", str(data["be"]))
        .replace("<APPOINT>", str(data["appoint"]))
    )
    return re.compile(filled)


@cache
def patterns() -> tuple[Pattern, ...]:
    """All of them, in the order of the file."""
    return tuple(
        Pattern(
            rule=each["rule"],
            event=each["event"],
            regex=_compiled(each["pattern"]),
            strength=2 if each.get("strong") else 0 if each.get("weak") else 1,
            needs=re.compile(each["needs"]) if "needs" in each else None,
            aside=bool(each.get("aside")),
            titled=bool(each.get("titled")),
        )
        for each in table("events")["events"]
    )


@cache
def cue(name: str) -> re.Pattern[str]:
    """A plain pattern of events.yaml: unreal, past, reported, pay."""
    return re.compile(re.sub(r"(?<=\|)\s+", "", str(table("events")[name]).strip()))


@cache
def succeeded() -> tuple[re.Pattern[str], ...]:
    """How a sentence says whom somebody follows."""
    return tuple(_compiled(each) for each in table("events")["succeeded"])
