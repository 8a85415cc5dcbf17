"""Who and what the plan knows, with every way of writing each: people, departments, offerings, the two companies."""

import re
from collections import defaultdict
from dataclasses import dataclass, field

from pipeline.proposers.rules.lexicon import Lexicon, language, languages
from pipeline.records import Context, Item

IN_BRACKETS = re.compile(r"[（(]([^）)]+)[）)]")
CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
CJK = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]")


@dataclass
class Entity:
    """Somebody or something the plan knows."""

    id: str
    kind: str
    name: str
    variants: set[str] = field(default_factory=set)
    weak: set[str] = field(default_factory=set)
    department: str | None = None
    title: str = ""
    values: dict[str, object] = field(default_factory=dict)


class Roster:
    """The entities of a context's plan, by id, and the index of their ways of writing."""

    def __init__(self, context: Context, lexicon: Lexicon) -> None:
        """Reads people, departments and offerings from `context.plan`."""
        self.lexicon, self.customer = lexicon, context.account
        self.entities: dict[str, Entity] = {}
        self.index: dict[str, list[tuple[str, bool]]] = defaultdict(list)
        self._known_as: dict[str, Entity | None] = {}
        self.honorifics = lexicon.words("honorifics")
        for item in context.plan.items.values():
            entity = self._entity(item)
            if entity:
                self.entities[entity.id] = entity
        self.author = self._author(context.author)
        self._short_terms()
        for entity in self.entities.values():
            self._add(entity)
        self.account = company_words(context.account)
        self.vendor = company_words(context.vendor)

    def _entity(self, item: Item) -> Entity | None:
        values = dict(item.values)
        name = str(values.get("name") or "")
        kind = {"stakeholders": "person", "team": "ours", "departments": "department", "offerings": "offering"}.get(
            item.section
        )
        if not kind or not name:
            return None
        aliases = [str(alias) for alias in values.get("aliases") or ()]
        entity = Entity(item.id, kind, name, values=values, department=values.get("department"))
        entity.title = str(values.get("title") or values.get("role") or "")
        for written in (name, *aliases):
            if kind in ("person", "ours"):
                entity.variants |= person_variants(written, self.honorifics)
            else:
                entity.variants |= self._term_variants(written)
        return entity

    def _author(self, name: str | None) -> str | None:
        """The id of whoever writes, added to our people when the plan does not list them."""
        if not name:
            return None
        for entity in self.entities.values():
            if entity.kind in ("ours", "person") and same_words(entity.name, name):
                return entity.id
        variants = person_variants(name, self.honorifics)
        self.entities["author"] = Entity("author", "ours", name, variants)
        return "author"

    def _term_variants(self, name: str) -> set[str]:
        bare = IN_BRACKETS.sub("", name).strip()
        found = {name, bare, CAMEL.sub(" ", bare), bare.replace(" ", ""), bare.replace("-", " "), bare.replace("-", "")}
        found |= {inside.strip() for inside in IN_BRACKETS.findall(name)}
        found |= {bare.replace("&", "and"), bare.replace(" and ", " & ")}
        short = self.lexicon.mapping("department_short")
        words = bare.split()
        for long, brief in short.items():
            for swap in brief.split("/"):
                if long in [word.lower() for word in words]:
                    found.add(" ".join(swap if word.lower() == long else word for word in words))
        groups = [group for name_ in languages() for group in language(name_).words("department_synonyms") or ()]
        return {each for each in found if each} | {word for ours in _synonyms(groups, bare.lower()) for word in ours}

    def _short_terms(self) -> None:
        """Initials ("CS") and telling single words ("Harwell" of "Harwell plant"), where they mean one thing only."""
        generic = self.lexicon.words("generic_terms") | self.lexicon.words("small") | company_words(self.customer)
        for kind in ("department", "offering"):
            owners: dict[str, set[str]] = defaultdict(set)
            for entity in self.entities.values():
                if entity.kind != kind:
                    continue
                words = [word for word in re.split(r"[\s/&-]+", IN_BRACKETS.sub("", entity.name)) if word]
                if len(words) > 1:
                    initials = "".join(word[0] for word in words if word.lower() not in ("and", "of")).upper()
                    owners[initials].add(entity.id)
                    for word in words:
                        if len(word) > 3 and word.lower() not in generic:
                            owners[word].add(entity.id)
            for word, ids in owners.items():
                if len(ids) == 1:
                    self.entities[next(iter(ids))].weak.add(word)

    def _add(self, entity: Entity) -> None:
        strong = {variant.lower() for variant in entity.variants}
        for variant in strong:
            self.index[variant].append((entity.id, False))
        for variant in {variant.lower() for variant in entity.weak} - strong:
            self.index[variant].append((entity.id, True))

    def add_stranger(self, name: str, key: str) -> None:
        """Somebody new, so that a given name or surname alone is understood further on."""
        entity = Entity(key, "stranger", name, person_variants(name, self.honorifics))
        self.entities[key] = entity
        self._known_as.clear()
        for variant in entity.variants:
            known = self.index.get(variant.lower())
            if not known:
                self.index[variant.lower()].append((key, False))

    def people(self, *kinds: str) -> list[Entity]:
        """The people of the given kinds (person, ours, stranger)."""
        return [entity for entity in self.entities.values() if entity.kind in kinds]

    def find_person(self, name: str) -> Entity | None:
        """The known person of exactly that name, or whose name has all these words."""
        if name not in self._known_as:
            self._known_as[name] = self._named(name)
        return self._known_as[name]

    def _named(self, name: str) -> Entity | None:
        low = name.lower()
        for entity in self.people("person", "ours", "stranger"):
            if same_words(entity.name, name) or any(variant.lower() == low for variant in entity.variants):
                return entity
        return None


def _synonyms(groups: list[list[str]], name: str) -> list[list[str]]:
    return [[str(word) for word in group] for group in groups if name in {str(word).lower() for word in group}]


def person_variants(name: str, honorifics: set[str]) -> set[str]:
    """Every usual way of writing a person: full, swapped, given or family name alone, initials, what is in brackets."""
    found = {inside.strip() for inside in IN_BRACKETS.findall(name)}
    bare = IN_BRACKETS.sub("", name).strip()
    words = [word for word in bare.replace(",", " ").split() if word.lower().strip(".") not in honorifics]
    if not words:
        return found | {bare}
    found |= {bare, " ".join(words), " ".join(reversed(words)), f"{words[-1]}, {words[0]}"}
    found |= {word for word in (words[0], words[-1]) if len(word) > 1}
    if len(words) > 1:
        found |= {
            f"{words[0][0]}. {words[-1]}",
            f"{words[0][0]} {words[-1]}",
            f"{words[0][0]}.{words[-1]}",
            f"{words[0]} {words[-1]}",
        }
        found |= {f"{words[0]} {words[-1][0]}", f"{words[0]} {words[-1][0]}."}
        if "-" in words[-1]:
            found |= {part for part in words[-1].split("-") if len(part) > 3}
    return {each for each in found if len(each) > 1 or CJK.search(each)}


def same_words(one: str, other: str) -> bool:
    """Whether two names hold the same words, in any order."""
    return bool(one) and set(one.lower().split()) == set(other.lower().split())


def company_words(name: str) -> set[str]:
    """The telling words of a company's name."""
    forms = {
        "inc",
        "ltd",
        "llc",
        "llp",
        "gmbh",
        "ag",
        "group",
        "the",
        "and",
        "of",
        "co",
        "corp",
        "company",
        "kg",
        "se",
        "plc",
        "stadtwerke",
        "city",
        "bank",
        "foods",
        "media",
        "energy",
        "health",
        "logistics",
        "systems",
        "holding",
    }
    words = {word.lower() for word in re.findall(r"[^\W\d_]+", name)}
    return {word for word in words if word not in forms and len(word) > 2} or words
