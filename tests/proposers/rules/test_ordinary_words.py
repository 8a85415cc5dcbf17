"""Ordinary ways of telling who is new, who left, who lost a role and how far a cell is; and what a text takes back."""

from collections.abc import Callable
from typing import Any

import pytest

from pipeline.proposers.rules.reader import spoken
from tests.proposers.rules.heard import Fields, added, roles, statuses


@pytest.mark.parametrize(
    "text",
    [
        "I told everybody that Treasury wants CashLens. Scratch that, I mixed them up with another firm.",
        "Olga holds the budget for all this. That is not so.",
        "We always thought that Olga holds the budget.",
        "Abe voiced a suspicion that Olga will oppose us.",
        "What Olga decides on in terms of money is anybody's guess.",
        "I asked who would sign for CashLens in Treasury.",
        "Treasury will CashLens testen. Kommando zurück, das war falsch.",
    ],
)
def test_what_is_taken_back_supposed_or_unknown_changes_nothing(fields: Fields, text: str) -> None:
    assert fields(text, "stakeholders") == []
    assert fields(text, "cells") == []


@pytest.mark.parametrize(
    "text",
    [
        "He asked how Marrow Biologics are getting on with CashLens in Treasury. Live since March, I said.",
        "With her came a man from Aldwick Hall who uses CashLens. They went live in Treasury at Easter.",
        "**Quarrow Clinics**\n\nCashLens went live in Treasury on Monday.\n\n**Tolland Parcel Group**\n\nAll quiet.",
    ],
)
def test_news_of_another_company_changes_nothing(fields: Fields, text: str) -> None:
    assert fields(text, "cells") == []


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("We met Ida Varga, head of internal freight in Treasury.", "Head of Internal Freight"),
        ("Ida Varga, who is since two weeks the head of Treasury, sat in.", "Head of Treasury"),
        ("Neu ist Ida Varga, seit Oktober Leiterin Einkauf.", "Leiterin Einkauf"),
        ("They announced a new finance director. Ida Varga will take up the post in May.", "Finance Director"),
    ],
)
def test_a_new_person_has_the_title_as_it_is_told(fields: Fields, text: str, title: str) -> None:
    found = added(fields, text)
    assert (found.get("name"), found.get("title", "").lower()) == ("Ida Varga", title.lower())


@pytest.mark.parametrize(
    "text",
    [
        "Olga is finishing there on 30 April.",
        "Brandt - gone since Friday.",
        "Frau Brandt hat sich zum 1. April in den Ruhestand verabschiedet.",
    ],
)
def test_who_is_gone_is_removed(propose: Callable[..., Any], text: str) -> None:
    assert [(draft.item, draft.op) for draft in propose(text) if draft.section == "stakeholders"] == [
        ("stk1", "remove")
    ]


def test_who_is_stood_in_for_keeps_their_roles(fields: Fields) -> None:
    assert roles(fields, "Ida Varga stands in for Hector until June.", "stk2") is None


@pytest.mark.parametrize(
    "text",
    [
        "Hector does not sign any more.",
        "Hector may only recommend purchases now, but Ida Varga has to release the money.",
        "Seit Mai kann Hector gar nichts mehr freigeben.",
        "Bei Hector brauchen wir fürs Budget nicht mehr vorzusprechen.",
    ],
)
def test_who_no_longer_releases_money_is_no_economic_buyer(fields: Fields, text: str) -> None:
    assert roles(fields, text, "stk2") == []


def test_who_had_done_something_before_does_not_do_it_again(fields: Fields) -> None:
    assert roles(fields, "Hector has stopped recommending us after he had put his name to PackPilot.", "stk2") is None


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("Treasury asked us in writing last Wednesday for a CashLens pilot.", "need_identified"),
        ("Treasury would like to give CashLens a go.", "need_identified"),
        ("The CashLens order form for Treasury carries both signatures.", "in_negotiation"),
        ("CashLens for Treasury: the works council voted it down.", "out_of_scope"),
        ("CashLens wird in der Treasury seit vier Wochen in allen Schichten benutzt.", "deployed"),
        ("Treasury hätte CashLens gern zur Probe.", "need_identified"),
    ],
)
def test_plain_words_tell_how_far_a_cell_is(fields: Fields, text: str, status: str) -> None:
    assert statuses(fields, text) == [("cell2", status)]


def test_what_somebody_will_vote_against_is_not_lost_yet(fields: Fields) -> None:
    assert statuses(fields, "Put CashLens to the Treasury board and I will vote it down.") == []


@pytest.mark.parametrize(
    "text", ["Brandt verlässt uns.", "Vertrag unterschrieben.", "Petra Klein leitet jetzt Einkauf"]
)
def test_a_lone_short_sentence_is_heard_in_its_language(text: str) -> None:
    assert "de" in spoken(text, "en")


def test_english_of_few_words_is_no_german() -> None:
    assert spoken("Send quote", "en") == spoken("Pilot in Production", "") == ("en",)
