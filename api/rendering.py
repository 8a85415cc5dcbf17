"""Templates into pages: everything is escaped, and what every page shows is added here."""

import json
import unicodedata
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse

from pipeline import embed
from pipeline.settings import Settings
from pipeline.views.proposal import ChangeView, FieldView
from pipeline.views.words import title_of, words

TEMPLATES = Path(__file__).with_name("templates")

VERDICTS = {"approve": "approved", "edit": "edited", "reject": "rejected", "ask": "asked"}
OPS = {"add": "New", "update": "Change", "remove": "Remove", "join": "Join"}
TIERS = {
    "exact": "word for word",
    "formatting": "word for word, apart from formatting",
    "stitched": "put together from nearby words",
    "altered": "the text says it in other words",
    "none": "not in the text",
}
STANDINGS = {
    "conflict": "The plan has changed here since this was proposed. Approve takes the proposed value all the same, "
    "edit another one, reject keeps what stands.",
    "already_true": "The plan says so by now.",
    "challenge": "It contradicts what a person entered: never approved in bulk.",
    "older": "It is older than what the plan says.",
    "refused": "The same was rejected before.",
}

NEXT = {
    "unknown_account": ("See the accounts", "/accounts"),
    "unknown_source": ("See what waits", "/"),
    "unknown_proposal": ("See what waits", "/"),
    "unknown_change": ("See what waits", "/"),
    "not_found": ("See what waits", "/"),
    "conflicted": ("See the accounts", "/accounts"),
}
"""Error code -> where a person goes on; the errors' own advice speaks of commands."""


@cache
def environment() -> Environment:
    """The template environment; a name that a template misses is an error, not an empty string."""
    made = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters |= {"day": day, "visible": visible, "count": count}
    made.filters |= {"beyond_heading": beyond_heading, "as_json": json.dumps, "words": words, "title_of": title_of}
    made.globals |= {"VERDICTS": VERDICTS, "OPS": OPS, "TIERS": TIERS, "STANDINGS": STANDINGS}
    return made


def render(request: Request, template: str, status: int = 200, **context: Any) -> HTMLResponse:
    """One page. Templates know `actor`, `proposed_by` (which proposer answers, and why) and `path` beside `context`."""
    desk = request.app.state.desk
    told = {"actor": desk.actor, "proposed_by": proposer_line(desk.settings), "path": request.url.path}
    told["search_line"] = search_line(desk.settings)
    return HTMLResponse(environment().get_template(template).render(**told, **context), status)


def error_page(request: Request, status: int, code: str, message: str, advice: str, **context: Any) -> HTMLResponse:
    """What went wrong and what to do next. A step of NEXT stands in for advice that speaks of commands."""
    step = NEXT.get(code)
    said = "" if step and "`" in advice else advice
    return render(request, "error.html", status, code=status, message=message, advice=said, step=step, **context)


def proposer_line(settings: Settings) -> str:
    """Which proposer answers, in words."""
    if settings.chosen_proposer == "model":
        return f"Changes are proposed by the model {settings.model}."
    why = "as NOTES2PLAN_PROPOSER says" if settings.has_model else "no model is configured"
    return f"Changes are proposed by rules: {why}."


@cache
def search_line(settings: Settings) -> str:
    """Why search is by words alone, if it is."""
    return embed.why_missing(settings)


def day(value: date | datetime | str | None) -> str:
    """A day as people read it, e.g. "3 Nov 2026"; "" for none. Words that are no day stay as they are."""
    if not value:
        return ""
    try:
        found = date.fromisoformat(value[:10]) if isinstance(value, str) else value
    except ValueError:
        return str(value)
    return f"{found.day} {found:%b %Y}"


def count(number: int, one: str, many: str = "") -> str:
    """A number with its noun: "1 change", "3 changes"."""
    return f"{number} {one if number == 1 else many or one + 's'}"


def beyond_heading(change: ChangeView) -> tuple[FieldView, ...]:
    """The fields that say more than the heading does: of a new entry not those that name it."""
    named = change.label.split(" × ") if change.op == "add" else ()
    return tuple(field for field in change.fields if field.new not in named or field.old)


def visible(text: str | None) -> str:
    """Text with marks for what would not show or would turn its order around: zero widths, direction controls."""
    return "".join(_shown(each) for each in text or "")


def _shown(character: str) -> str:
    if character in "\n\t" or unicodedata.category(character) not in ("Cf", "Cc"):
        return character
    return "" if character in "\r\u00ad" else f"⟨U+{ord(character):04X}⟩"
