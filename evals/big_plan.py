"""A large plan around a real one: other entries that are easily taken for its own, for measuring retrieval.

Surnames, first names, departments, products, aliases and the wording of actions are shared or all but shared with the
real entries: "Marta Lindqvist" gets a Marta Ostrander and a Per Lindqvist, "RouteIQ" a "RouteIQ Plus". The real entries
keep their ids and their own order, and lie scattered among the others.

    python -m evals.big_plan CASE_FOLDER --others 1600 > plan.json
"""

import argparse
import json
import random
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TypeVar

from evals.dataset import Case
from pipeline.imports import json_plan
from pipeline.records import Item, Json, Plan
from pipeline.sections import stored


def _parted(words: str) -> tuple[str, ...]:
    return tuple(words.split())


GIVEN = _parted(
    "Agnes Alba Anders Bao Bruna Callum Carys Dario Delphine Edda Emeka Farid Fenna Goran Hana Henrik Ilse Ingrid "
    "Jamal Jorun Kaveh Keiko Lennart Lourdes Mads Mirela Nadia Niall Odile Oskar Petra Quentin Ramona Ruben "
    "Saskia Silvan Tamsin Teodor Ulrike Vikram Wanda Xenia Yorick Zora"
)
SURNAMES = _parted(
    "Abendroth Achterberg Balogun Bjornstad Castellano Dragomir Eastwick Fairweather Galanis Hoffstead Iverson "
    "Jankovic Kirchner Lachance Mbeki Nakashima Ostrander Pemberton Quaresma Rautio Sandoval Thackeray Ueland "
    "Vandermeer Whitlock Xiong Yardley Zielinski"
)
AREAS = _parted(
    "Warehouse Treasury Legal Procurement Quality Logistics Payroll Facilities Compliance Marketing Research "
    "Audit Engineering Dispatch Billing Underwriting Pharmacy Maintenance Admissions Archives"
)
PLACES = _parted("Aldermoor Brackwater Corrinth Dunvale Estermark Fallowby Grenholm Harrowgate")
PRODUCTS = _parted("Tallow Sprocket Mirador Kestrel Fathom Junction Parapet Quillon Rampart Sextant")
TAILS = ("Plus", "Lite", "Classic", "Go", "Cloud", "Archive", "Mobile", "2")
REALMS = ("East", "West", "Shared Services", "Projects", "Planning", "Support")
TITLES = ("Director", "Manager", "Head", "VP", "Analyst", "Team Lead", "Controller", "Coordinator")
VERBS = ("Send", "Schedule", "Review", "Draft", "Prepare", "Confirm", "Collect", "Update")
THINGS = ("quote", "security questionnaire", "pricing", "site visit", "sample data", "training plan", "contract draft")
STATUSES = ("deployed", "in_negotiation", "need_identified", "need_unknown", "untouched", "out_of_scope")
GROUNDS = ("Asked for an offer in the spring", "Runs an own solution", "Nobody has asked yet", "Trial went well")
MOVES = ("Call the head of the department", "Wait for the budget round", "Show the new release", "Bring a reference")

NAMESAKES = 6
"""How many others share one name with a real person, or nearly all words with a real action (three times as many)."""

ALIASES = 0.1
"""How many of the other departments and offerings go by the very alias of a real one."""

Values = dict[str, Json]
T = TypeVar("T")


def grown(plan: Plan, others: int, seed: int = 7) -> Plan:
    """`plan` with so many other entries between its own. The same seed makes the same plan."""
    made = _Making(plan, random.Random(seed))
    items = {item.id: item for item in made.entries(others)}
    places = sorted(made.random.sample(range(others + len(plan.items)), len(plan.items)))
    mixed = list(items.values())
    for place, item in zip(places, plan.items.values(), strict=True):
        mixed.insert(place, item)
    return plan.model_copy(update={"items": {item.id: item for item in mixed}})


class _Making:
    """Entries that resemble those of one plan."""

    def __init__(self, plan: Plan, chance: random.Random) -> None:
        self.random = chance
        self.real: dict[str, list[Mapping[str, Json]]] = {}
        for item in plan.items.values():
            self.real.setdefault(item.section, []).append(item.values)
        self.ids: dict[str, list[str]] = {"departments": [], "offerings": [], "stakeholders": []}
        self.own = {name: [item.id for item in plan.section(name)] for name in self.ids}
        self.people: list[str] = []
        self.names = {str(values.get("name", "")).casefold() for each in self.real.values() for values in each}
        forms = [form for each in self.real.values() for values in each for form in values.get("aliases", ())]
        self.names |= {str(form).casefold() for form in forms}
        self.alike: Counter[str] = Counter()
        self.pairs: set[tuple[str, str]] = set()

    def entries(self, count: int) -> Iterator[Item]:
        """The other entries, what others refer to first."""
        shares: tuple[tuple[str, float, Callable[[], Values]], ...] = (
            ("departments", 0.05, self.department),
            ("offerings", 0.02, self.offering),
            ("stakeholders", 0.26, self.stakeholder),
            ("cells", 0.33, self.cell),
            ("actions", 0.22, self.action),
            ("goals", 0.03, self.goal),
            ("opportunities", 0.05, self.opportunity),
            ("needs", 0.04, self.need),
        )
        left = count
        for number, (name, share, make) in enumerate(shares):
            wanted = left if number == len(shares) - 1 else min(left, max(1, round(count * share)))
            left -= wanted
            for at in range(wanted):
                key = f"other_{name}_{at}"
                if name in self.ids:
                    self.ids[name].append(key)
                yield stored(key, name, make())

    def department(self) -> Values:
        """A department named all but like a real one, now and then with initials of its own."""
        real = self._some("departments", "name", AREAS)
        words = real.split()
        name = self._fresh(
            lambda: self.random.choice(
                (
                    f"{real} {self.random.choice((*REALMS, *PLACES))}",
                    f"{self.random.choice(PLACES)} {real}",
                    f"{words[0]} {self.random.choice(AREAS)}",
                    f"{self.random.choice(AREAS)} {words[-1]}",
                    f"{self.random.choice(AREAS)} {self.random.choice(PLACES)}",
                )
            )
        )
        values: Values = {"name": name, "kind": self.random.choice(("department", "site"))}
        letters = "".join(word[0] for word in name.split()).upper()
        if aliases := self._alias("departments"):
            values["aliases"] = aliases
        elif len(letters) > 1 and self.random.random() < 0.4 and letters.casefold() not in self.names:
            values["aliases"] = [letters]
        return values

    def offering(self) -> Values:
        """A product named like a real one with a suffix, with the start of the real name as its alias at times."""
        real = self._some("offerings", "name", PRODUCTS)
        name = self._fresh(
            lambda: self.random.choice(
                (
                    f"{real} {self.random.choice(TAILS)}",
                    f"{real.split()[0]} {self.random.choice(PRODUCTS)}",
                    f"{self.random.choice(PRODUCTS)} {real.split()[-1]}",
                    f"{self.random.choice(PRODUCTS)} {self.random.choice(TAILS)}",
                )
            )
        )
        values: Values = {"name": name, "description": f"{name} for {self.random.choice(AREAS).lower()} teams"}
        return values | ({"aliases": aliases} if (aliases := self._alias("offerings")) else {})

    def _alias(self, name: str) -> list[str]:
        """Now and then the alias of a real entry."""
        real = [str(form) for values in self.real.get(name, ()) for form in values.get("aliases", ())]
        return [self._pick(real)] if real and self.random.random() < ALIASES else []

    def stakeholder(self) -> Values:
        """Somebody who shares a first name or surname with a real person, or with nobody."""
        real = self._some("stakeholders", "name", [f"{self._pick(GIVEN)} {self._pick(SURNAMES)}"])
        words = re.sub(r"\([^)]*\)|\b\w+\.", " ", real).split() or [real]
        shared = self._pick(words) if self.random.random() < 0.5 else ""
        self.alike[shared] += bool(shared)
        if not shared or self.alike[shared] > NAMESAKES:
            name = self._fresh(lambda: f"{self._pick(GIVEN)} {self._pick(SURNAMES)}{self._pick(('', 'son', 'berg'))}")
        elif shared == words[0] and len(words) > 1:
            name = self._fresh(lambda: f"{shared} {self._pick(SURNAMES)}")
        else:
            name = self._fresh(lambda: f"{self._pick(GIVEN)} {self._pick(('', f'{self._pick(SURNAMES)}-'))}{shared}")
        self.people.append(name)
        area = self._department()
        values: Values = {"name": name, "title": f"{self._pick(TITLES)} {self._pick(AREAS)}", "department": area}
        if self.random.random() < 0.3:
            values["roles"] = [self._pick(("champion", "evaluator", "blocker", "economic_buyer"))]
        if self.random.random() < 0.3:
            values["warmth"] = self._pick(("strong", "medium", "weak", "no_contact"))
        return values

    def cell(self) -> Values:
        """A pair that no real cell has: at least one of the two axes is another one's."""
        for _ in range(200):
            pair = self._pair()
            if pair not in self.pairs:
                break
        self.pairs.add(pair)
        values: Values = {"department": pair[0], "offering": pair[1], "status": self._pick(STATUSES)}
        if self.random.random() < 0.4:
            values["grounds"] = self._pick(GROUNDS)
        if self.random.random() < 0.4:
            values["next_move"] = self._pick(MOVES)
        return values

    def action(self) -> Values:
        """A task worded like a real one, for another product or person."""
        real = self._some("actions", "action", [f"{self._pick(VERBS)} {self._pick(THINGS)}"])
        words = real.split()
        self.alike[real] += 1
        product = f"{self._some('offerings', 'name', PRODUCTS)} {self._pick(TAILS)}"
        near = (
            f"{self._pick(VERBS)} {' '.join(words[1:])} for {product}",
            f"{real} ({self._pick(PLACES)})",
            f"{' '.join(words[:2])} {self._pick(THINGS)} {product}",
        )
        far = (
            f"{self._pick(VERBS)} {product} {self._pick(THINGS)}",
            f"{self._pick(VERBS)} the {self._pick(THINGS)} of {self._pick(PLACES)}",
        )
        told = self._pick((*near, *far) if self.alike[real] <= 3 * NAMESAKES else far)
        return {
            "action": told,
            "deadline": f"2026-{self.random.randint(1, 12):02d}-{self.random.randint(1, 28):02d}",
            "target": self._pick(self.people),
            "owner": self._some("team", "name", ["Robin Vale"]),
            "status": self._pick(("not_started", "not_started", "in_progress", "done")),
        }

    def goal(self) -> Values:
        """A goal about another department."""
        return {"statement": f"Win {self._pick(AREAS)} in {self._pick(PLACES)} for {self._pick(PRODUCTS)}"}

    def opportunity(self) -> Values:
        """A deal of another department."""
        area, product = self._pair()
        name = f"{self._pick(PRODUCTS)} rollout {self._pick(PLACES)} {self.random.randint(2, 99)}"
        return {"name": name, "department": area, "offering": product, "stage": self._pick(("open", "won", "lost"))}

    def need(self) -> Values:
        """A need of another department."""
        need = f"{self._pick(THINGS)} for {self._pick(PLACES)} takes too long".capitalize()
        return {"need": need, "department": self._department()}

    def _pair(self) -> tuple[str, str]:
        real, other = self.own, self.ids
        left, right = self.random.choice(((real, other), (other, real), (other, other)))
        areas = left["departments"] or other["departments"]
        products = right["offerings"] or other["offerings"]
        return self._pick(areas), self._pick(products)

    def _department(self) -> str:
        return self._pick(self.own["departments"] * 3 + self.ids["departments"])

    def _some(self, name: str, field: str, otherwise: Sequence[str]) -> str:
        """A word of the real plan, or one of those made up when it has none."""
        found = [str(values[field]) for values in self.real.get(name, ()) if values.get(field)]
        return self._pick(found or otherwise)

    def _fresh(self, make: Callable[[], str]) -> str:
        """A name that nobody has yet."""
        name = make()
        for tries in range(2, 60):
            if name.casefold() not in self.names:
                break
            name = make() if tries < 40 else f"{make()} {tries}"
        self.names.add(name.casefold())
        return name

    def _pick(self, among: Sequence[T]) -> T:
        return self.random.choice(among)


def main() -> None:
    """Writes the large plan of a case, in the form that `notes2plan propose --plan` takes."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("case", type=Path, help="a folder with a plan.json")
    parser.add_argument("--others", type=int, default=1600)
    parser.add_argument("--seed", type=int, default=7)
    asked = parser.parse_args()
    told = Case(asked.case).plan
    given = json_plan.plan_of(told)
    plan = grown(given.plan, asked.others, asked.seed)
    whole = {
        "account": {"name": given.account, "vendor": given.vendor},
        "as_of": told.get("as_of"),
        "items": [item.model_dump(mode="json") for item in plan.items.values()],
    }
    print(json.dumps(whole, ensure_ascii=False, indent=1))


if __name__ == "__main__":
    main()
