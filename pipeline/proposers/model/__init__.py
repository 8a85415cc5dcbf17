"""The proposer that asks a language model: one question for a usual text, several for a long one."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from pipeline import llm, prompt
from pipeline.errors import BadValue
from pipeline.proposers import Proposer, Tools
from pipeline.proposers.model import filings, wire
from pipeline.proposers.model.asking import Asked, ask, frame
from pipeline.proposers.model.parts import halves
from pipeline.proposers.model.purse import Purse
from pipeline.proposers.model.reading import draft, reconciled
from pipeline.records import Answer, Context, Draft, Line, Outcome, Usage

SMALLEST_PART = 500
AT_ONCE = 4
DEEPEST = 3
"""How often a part is halved when its answer does not fit."""

ADVICE = {
    "refused": "The model refused to answer. Review the note by hand, or try another model.",
    "truncated": "The answer did not fit. Raise NOTES2PLAN_MODEL_MAX_TOKENS, then propose again.",
    "filtered": "The server's content filter held the answer back. Review the note by hand, or try another model.",
    "empty": "The model answered without a word. Propose again, or try another model.",
    "bad_json": "The model did not answer in JSON. Propose again; `notes2plan doctor` checks the server.",
    "bad_schema": "The model did not keep to the form asked for. Propose again; `notes2plan doctor` checks the server.",
    "rate_limited": "The model server is asked too often. Wait a little, then propose again.",
    "quota": "The account at the model server is used up. Top it up, then propose again.",
    "timeout": "The model did not answer in time. Propose again, or raise NOTES2PLAN_MODEL_DEADLINE.",
    "unavailable": "The model server can't be reached or has trouble. Check NOTES2PLAN_MODEL_URL, then propose again.",
    "auth": "The model server refuses the key. Check NOTES2PLAN_MODEL_KEY, then propose again.",
    "no_model": "The server knows no such model or address. Check NOTES2PLAN_MODEL and NOTES2PLAN_MODEL_URL.",
    "too_long": "The note exceeds the model's context. Lower NOTES2PLAN_MODEL_CONTEXT_TOKENS, then propose again.",
    "bad_request": "The server does not take the question. `notes2plan doctor` checks the server.",
    "protocol": "What answers there is no model server. Check NOTES2PLAN_MODEL_URL, then propose again.",
    "over_budget": "The token budget of the account is used up for today. Propose again tomorrow, or raise "
    "NOTES2PLAN_MODEL_TOKENS_PER_DAY.",
}
"""What to do about each ending that brings no answer. The note is kept whatever happens."""

NO_MODEL = "No model is configured. Set NOTES2PLAN_MODEL_URL and NOTES2PLAN_MODEL, or use `--proposer rules`."
SHORTENED = "The model server seems to read only part of the question: raise its context size."


@dataclass(frozen=True)
class Read:
    """What came of one part: drafts, or the ending that kept them away."""

    lines: Sequence[Line]
    drafts: tuple[Draft, ...] = ()
    nothing: str = ""
    ending: str = "ok"
    usage: tuple[Usage, ...] = ()
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True)
class Errand:
    """What all parts of one proposal share."""

    context: Context
    tools: Tools
    purse: Purse


def propose(context: Context, tools: Tools) -> Answer:
    """The model's drafts for a text. Never raises for what the text holds or the server does."""
    settings, document = tools.settings, context.document
    if not settings.has_model:
        return Answer(outcome=Outcome.unavailable, why=NO_MODEL)
    room = settings.model_context_tokens - settings.model_max_tokens - frame(document)
    chosen = filings.reading(document, tools, max(SMALLEST_PART, room))
    if not chosen.pieces:
        return Answer(outcome=Outcome.nothing, why="There are no words in it.", model=settings.model)
    errand = Errand(context, tools, Purse(tools.budget, filings.MOST_CALLS if filings.is_filing(document) else None))
    errand.purse.take(len(chosen.pieces))
    note = filings.part(document, chosen.said)
    with ThreadPoolExecutor(max_workers=min(AT_ONCE, len(chosen.pieces))) as pool:
        found = list(pool.map(lambda piece: _read(errand, piece, len(chosen.pieces) > 1, note), chosen.pieces))
    return _answer(errand, [each for several in found for each in several], chosen.told)


def _read(errand: Errand, lines: Sequence[Line], partial: bool, note: str, depth: int = 0) -> list[Read]:
    """One part asked; halved and asked again when it or its answer is too long. Its call is taken already."""
    document, stamp = errand.context.document, filings.stamp(errand.context.document)
    part = (
        f"This is lines {lines[0].number} to {lines[-1].number} of a longer text. {note}".strip() if partial else note
    )
    asked = ask(errand.context, lines, part, errand.tools.narrow)
    reply = _called(errand, asked)
    if reply.outcome in ("truncated", "too_long") and depth < DEEPEST:
        smaller = halves(document, lines)
        if smaller and errand.purse.take(len(smaller)):
            failed = [Read(lines, usage=reply.usage)]
            return failed + [one for half in smaller for one in _read(errand, half, True, note, depth + 1)]
    if reply.value is None:
        return [Read(lines, ending=reply.outcome, usage=reply.usage)]
    drafts: list[Draft] = []
    warnings = [SHORTENED] if reply.shortened else []
    warnings += [f"A change was left out: it has another shape ({where})." for where in reply.value.lost]
    for change in reply.value.changes:
        try:
            made, told = draft(change, asked.known, stamp)
        except BadValue as error:
            warnings.append(f"A change was left out: {error.detail}.")
            continue
        drafts.append(filings.weighed(made, document))
        warnings += told
    nothing = reply.value.nothing_because or ""
    return [Read(lines, tuple(drafts), nothing, "ok", reply.usage, tuple(warnings))]


def _called(errand: Errand, asked: Asked) -> llm.Reply[wire.Answer]:
    till = errand.purse.call()
    reply = llm.call(
        asked.messages,
        wire.Answer,
        errand.tools.settings,
        max_tokens=prompt.load("propose").max_tokens,
        account=errand.context.account_id or errand.context.account,
        nonce=asked.nonce,
        cache=errand.tools.cache,
        budget=till,
    )
    till.settle(reply.usage)
    return reply


def _answer(errand: Errand, found: Sequence[Read], told: str = "") -> Answer:
    drafts = reconciled(each.drafts for each in found)
    failed = [each for each in found if each.ending != "ok"]
    warnings = [told] if told else []
    warnings += [warning for each in found for warning in each.warnings]
    if len(found) > 1:
        warnings += [
            f"Lines {each.lines[0].number} to {each.lines[-1].number} were not read: {each.ending}." for each in failed
        ]
    why = "" if drafts else " ".join(dict.fromkeys(each.nothing for each in found if each.nothing))
    outcome = Outcome.changes if drafts else Outcome.nothing
    if failed and (not drafts or len(failed) == len(found)):
        outcome = Outcome.unavailable
        why = ADVICE[failed[0].ending]
    elif not drafts and not why:
        why = "The model found nothing to change."
    return Answer(
        outcome=outcome,
        drafts=drafts,
        why=why,
        usage=tuple(entry for each in found for entry in each.usage),
        stamp=filings.stamp(errand.context.document),
        model=errand.tools.settings.model,
        warnings=tuple(dict.fromkeys(warnings)),
    )


PROPOSER = Proposer("model", propose)
