"""Marks: whatever two entries are taken for one share at least one, so that an index misses none."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.names import marks, same_person, same_statement, same_term
from pipeline.sections import Section, section, sections
from tests.test_names import ONE_PERSON


def parted(words: str) -> tuple[str, ...]:
    return tuple(words.split())


NAMES = parted(
    "Robert Bob Rosa Katherine Catherine Müller Mueller Philipp Filip Lindqvist Jj O'Brien van Damme Vandamme M. Q "
    "森春香 -san Dr. Ms jr (Bert) , Ø Quuade"
)
TERMS = parted(
    "Human Resources HR H.R. and & Field Service Fields Productoin Production the Department Research Development R D "
    "RFS Plant 1 2 Information Technology IT"
)
SAID = parted(
    "send sent the questionnaire questionaire kuestionnaire quote to Rosa not 3 12,5 plans plan review draft offers "
    "contract contracts site visit sitevisit rollout"
)


@st.composite
def alike(draw: st.DrawFn, words: tuple[str, ...], most: int) -> tuple[str, str]:
    """Two ways of writing: the second is the first with a few words or letters changed, or another one."""
    one = draw(st.lists(st.sampled_from(words), min_size=1, max_size=most))
    other = list(one)
    for _ in range(draw(st.integers(0, 2))):
        at = draw(st.integers(0, len(other)))
        do = draw(st.sampled_from(("put", "drop", "swap", "letter", "order")))
        if do == "put":
            other.insert(at, draw(st.sampled_from(words)))
        elif do == "drop" and len(other) > 1:
            other.pop(at % len(other))
        elif do == "swap" and other:
            other[at % len(other)] = draw(st.sampled_from(words))
        elif do == "letter" and other:
            word, place = other[at % len(other)], draw(st.integers(0, 12))
            other[at % len(other)] = word[:place] + draw(st.sampled_from(("", "e", "k", "s"))) + word[place + 1 :]
        else:
            other = draw(st.permutations(other))
    return " ".join(one), " ".join(other)


@given(alike(NAMES, 4))
def test_two_ways_of_writing_one_person_share_a_mark(pair: tuple[str, str]) -> None:
    one, other = pair
    assert not same_person([one], [other]) or marks.of_people([one]) & marks.of_people([other])


@pytest.mark.parametrize(("one", "other"), ONE_PERSON)
def test_everybody_known_by_two_ways_of_writing_is_found_by_either(one: str, other: str) -> None:
    assert marks.of_people([one]) & marks.of_people([other])


@given(alike(TERMS, 5))
def test_two_ways_of_writing_one_term_share_a_mark(pair: tuple[str, str]) -> None:
    one, other = pair
    assert not same_term([one], [other]) or marks.of_terms([one]) & marks.of_terms([other])


@given(alike(SAID, 15))
def test_two_statements_that_say_the_same_share_a_mark(pair: tuple[str, str]) -> None:
    one, other = pair
    assert not same_statement(one, other) or marks.of_statement(one) & marks.of_statement(other)


def _value(kind: Section, name: str) -> st.SearchStrategy[Any]:
    shape = kind.fields[name]
    if shape.choices and not shape.is_set:
        return st.sampled_from((*shape.choices, None))
    if shape.ref:
        return st.sampled_from(("one", "two", None))
    if shape.kind == "date":
        return st.sampled_from(("2026-01-01", "2026-02-02", None))
    words = st.sampled_from(("Rosa Keller", "Rosa Kellar", "Send the quote", "Send a quote", "HR", "Human Resources"))
    return st.lists(words, max_size=2) if shape.is_set else words


@pytest.mark.parametrize("kind", list(sections().values()), ids=lambda kind: kind.name)
@given(data=st.data())
def test_entries_of_every_section_that_are_the_same_share_a_mark(kind: Section, data: st.DataObject) -> None:
    asked = {*kind.key, *({"aliases", "target", "status", "department"} & {*kind.fields})}
    made = st.fixed_dictionaries({name: _value(kind, name) for name in sorted(asked)})
    one, other = data.draw(made), data.draw(made)
    assert not kind.same(one, other) or set(kind.marks(one)) & set(kind.marks(other))


def test_marks_tell_most_of_those_apart_that_are_not_the_same() -> None:
    kind = section("stakeholders")
    one, other = ({"name": name} for name in ("Rosa Keller", "Dev Anand"))
    assert not set(kind.marks(one)) & set(kind.marks(other))
    send, book = (marks.of_statement(words) for words in ("Send the quote to Rosa", "Send the visit plan to Dev"))
    assert not send & book
