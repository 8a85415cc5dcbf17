"""What people decided of a proposal as a case with gold: each edit and each refusal measures proposers from then on.

Approved and edited changes are the gold, the edited ones with the reviewer's values; rejected ones are traps, with the
reviewer's reason. What nobody decided is in neither.
"""

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from evals.matching import asserts
from pipeline.exports import plain
from pipeline.records import Change, Source, Verdict
from pipeline.review import review
from pipeline.views.cases import Reviewed

AXES = ("departments", "offerings")
SUFFIX = re.compile(r"\.[a-z0-9]{1,8}", re.IGNORECASE)
FORMS = ("changes", "more")
"""The two parts of the plain form: core sections in their short form, and the others."""

SAID = ("target", "section", "op", "key", "fields", "quote", "extra_quotes")
"""What a gold change says."""


def write(given: Reviewed, folder: Path) -> Path:
    """Writes the case into a folder of its own below `folder`, and returns that."""
    here = folder / f"{_day(given.source)}-{given.proposal.id}"
    here.mkdir(parents=True)
    (here / note_name(given)).write_bytes(given.content)
    for name, told in (("plan", plan_of(given)), ("gold", gold_of(given))):
        (here / f"{name}.json").write_text(json.dumps(told, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return here


def note_name(given: Reviewed) -> str:
    """What the note's file is called: only the ending tells how it was delivered, for that decides how it is read."""
    ending = Path(given.filename).suffix
    return f"note{ending.lower() if SUFFIX.fullmatch(ending) else '.txt'}"


def plan_of(given: Reviewed) -> dict[str, Any]:
    """plan.json: the plan that the proposal was made against, in the plain form, and the note's day and author."""
    told: dict[str, Any] = json.loads(plain.write(given.account, given.plan))
    whole = plain.plain_plan(given.plan)
    axes = {name: [_axis(entry) for entry in whole.get(name, ())] for name in AXES}
    author = given.source.document.author
    return told | axes | {"note_meta": {"file": note_name(given), "date": _day(given.source), "author": author}}


def gold_of(given: Reviewed) -> dict[str, Any]:
    """gold.json: `changes`, `more` and `must_not`, and the sections they are about."""
    said = {each.change: each for each in given.decisions}
    approvals = review(given.proposal, given.decisions, given.plan.items)
    approved = {each.change.id: _added(each.change) for each in approvals}
    words = _words({each.id: each for each in given.proposal.changes} | approved, given)
    gold = {
        form: [
            _gold(word, said[ident].why)
            for ident, (place, word) in words.items()
            if place == form and ident in approved
        ]
        for form in FORMS
    }
    refused = [ident for ident, each in said.items() if each.verdict is Verdict.reject and ident in words]
    traps = [_trap(words[ident][1], said[ident].why) for ident in refused]
    wanted = [change for changes in gold.values() for change in changes]
    return {
        "id": given.proposal.id,
        "note_date": _day(given.source),
        "point": sorted({each.section for each in given.proposal.changes if each.id in said}),
        **gold,
        "must_not": [each for each in traps if each and not any(asserts(each, change) for change in wanted)],
    }


def _words(changes: Mapping[str, Change], given: Reviewed) -> dict[str, tuple[str, dict[str, Any]]]:
    """Each change in the plain form, by its id, and in which part of it. All at once, for they name one another.

    No check holds one back: a person decided.
    """
    bare = [each.model_copy(update={"findings": (), "rule": each.id}) for each in changes.values()]
    told = plain.plain_changes(bare, given.plan)
    return {word["rule"]: (form, word) for form in FORMS for word in told[form]}


def _added(change: Change) -> Change:
    """The change with what its sets gain, as gold says it; roles are told whole."""
    fields = [
        each.model_copy(update={"new": [one for one in each.new if one not in (each.old or ())] or each.new})
        if isinstance(each.new, list) and not each.field.endswith("roles")
        else each
        for each in change.fields
    ]
    return change.model_copy(update={"fields": tuple(fields)})


def _gold(word: Mapping[str, Any], why: str) -> dict[str, Any]:
    told = {name: word[name] for name in SAID if name in word}
    return told | ({"why": why} if why else {})


def _trap(word: Mapping[str, Any], why: str) -> dict[str, Any]:
    """What must not be proposed again: an entry that comes or goes at all, or these values; {} when it has none."""
    fields = {name: value for name, value in word["fields"].items() if value is not None and name != "effective"}
    whole = word["op"] != "update" and word["key"]
    told = {"target": word.get("target") or word["section"], "key": word["key"]}
    fields = {"op": word["op"]} if whole else fields
    return {**told, "fields": fields, "why": why} if fields else {}


def _axis(entry: Mapping[str, Any]) -> Any:
    """A department or an offering: by its name alone when there is no more to it."""
    return entry["name"] if entry.keys() <= {"id", "name"} else entry


def _day(source: Source) -> str:
    return (source.document.said_on or source.read_at.date()).isoformat()
