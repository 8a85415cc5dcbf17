"""Who is new and as what, who plays which part and no more, who goes: in many wordings, and what says nothing of it."""

import pytest

from tests.proposers.rules.heard import Fields, added, roles


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("Joris Almeida, who spent ten years at the port, is the new customs coordinator.", "Customs Coordinator"),
        ("There is a new data steward over in Fulfilment, Rufina Okafor.", "Data Steward"),
        ("The woman on my left was Halina Drost, the returns specialist.", "Returns Specialist"),
        ("Sat next to Wilma Ostrow. Warehouse director, twenty years in the house.", "Warehouse Director"),
        ("Wilma Ostrow, our host for the day, started in March as head of facilities.", "Head of Facilities"),
        ("Their chief buyer is a man called Ruud Kessel.", "Chief Buyer"),
        ("Nerys Pugh, demand forecaster in Fulfilment, will write to us.", "Demand Forecaster"),
        ("Met Agathe Brunner for the first time, she is the customs compliance lead.", "Customs Compliance Lead"),
    ],
)
def test_a_title_is_found_behind_an_aside_in_the_next_sentence_and_for_any_trade(
    fields: Fields, text: str, title: str
) -> None:
    assert added(fields, text).get("title") == title


@pytest.mark.parametrize(
    "text",
    [
        "We talked about their customer Helga Prinz for a while.",
        "Had dinner with my brother-in-law, Tony Marsh, a plumber.",
        "The former finance director, Rolf Bender, retired years ago.",
        "At Kestrel Post, Vera Lind, the operations manager, threw theirs out.",
        "The lawyer at Pellmark, Greta Moll, signs everything there.",
    ],
)
def test_who_was_who_once_or_elsewhere_is_nobody_new(fields: Fields, text: str) -> None:
    assert added(fields, text) == {}


def test_who_runs_a_department_is_its_head_in_both_languages(fields: Fields) -> None:
    assert added(fields, "Since May Treasury has been in the hands of Corwin Haas.")["title"] == "Head of Treasury"
    assert added(fields, "Die Leitung von Treasury hat seit März Wiebke Harms.")["title"] == "Leiterin Treasury"


@pytest.mark.parametrize(
    ("text", "role"),
    [
        ("Testing is in Hector's hands from now on.", "evaluator"),
        ("Hector is going to spend the next fortnight poking holes in PackPilot.", "evaluator"),
        ("It is Hector who will judge whether CashLens does what we promise.", "evaluator"),
        ("Hector has been asked to put CashLens on the bench.", "evaluator"),
        ("Hector has been round all the depot heads telling them they'd be mad not to take PackPilot.", "champion"),
        ("Hector is doing half our selling for us in there.", "champion"),
        ("Hector got two of his fellow managers to come out in favour of PackPilot.", "champion"),
        ("Hector won't put his signature under CashLens as long as the data leaves the country.", "blocker"),
        ("Hector gibt CashLens nicht frei, solange die Daten im Ausland liegen.", "blocker"),
        ("Hector refuses to give CashLens access to his servers.", "blocker"),
    ],
)
def test_what_somebody_does_gives_the_part(fields: Fields, text: str, role: str) -> None:
    assert set(roles(fields, text, "stk2") or []) == {"economic_buyer", role}


@pytest.mark.parametrize(
    "text",
    [
        "Nothing above ten thousand is bought unless Olga says yes to it.",
        "They moved the whole investment budget to Olga in March.",
        "The purse strings have passed from Hector to Olga.",
        "Alles über 10.000 Euro geht über den Tisch von Olga.",
        "Ohne Olgas Unterschrift wird nichts bestellt.",
    ],
)
def test_whoever_must_agree_to_what_is_bought_holds_the_money(fields: Fields, text: str) -> None:
    assert "economic_buyer" in (roles(fields, text) or [])


@pytest.mark.parametrize(
    ("text", "item"),
    [
        ("Olga has dropped out of the evaluation, she's on another project now.", "stk1"),
        ("They took Olga off the pilot.", "stk1"),
        ("Olga won't have a say in PackPilot any more.", "stk1"),
        ("Olga hat mit dem Test nichts mehr zu tun.", "stk1"),
        ("Hector has nothing to say about money any more.", "stk2"),
        ("Money is out of Hector's hands now.", "stk2"),
    ],
)
def test_whoever_is_out_of_it_loses_the_part(fields: Fields, text: str, item: str) -> None:
    assert roles(fields, text, item) == []


@pytest.mark.parametrize(
    "text",
    [
        "Hector knocked back PackPilot two years ago and would not sign it.",
        "At his last firm Hector ran the tests for a system like this.",
        "Hector asked who tests PackPilot at other customers.",
        "Hector asked us to test PackPilot with his data.",
        "Hector used to run the tests.",
        "Olga handed over the test report on Monday.",
        "Olga signs off the test protocol.",
        "Hector says it is too dear but he will not stop it.",
        "I have a feeling Hector will become our champion in there.",
        "Hector told us that Legal won't sign this before May.",
        "According to Olga he is no longer part of the evaluation.",
    ],
)
def test_what_is_past_asked_felt_or_about_a_thing_gives_and_takes_nothing(fields: Fields, text: str) -> None:
    assert roles(fields, text) is None
    assert roles(fields, text, "stk2") is None


def test_he_and_she_are_told_apart_by_names_courtesy_and_what_was_said_before(fields: Fields) -> None:
    assert roles(fields, "Olga saw Hector and told him to wait. She is out of the test.") == []
    assert roles(fields, "Hector sprach mit Frau Brandt. Sie testet nicht mehr.") == []


@pytest.mark.parametrize("name", ["Olga Brant", "Mrs Brandtt", "OB", "Frau Brandt"])
def test_a_name_may_be_misheard_short_or_two_letters(fields: Fields, name: str) -> None:
    assert roles(fields, f"{name} has dropped out of the evaluation.") == []


@pytest.mark.parametrize(
    "text",
    [
        "Olga is off to a shipping line, last day 29 May. who follows? nobody knows",
        "Olga has thrown in the towel, she goes on 8 May.",
        "Olga isn't there any more, her mailbox bounces.",
        "Olga hat zum 30. Juni gekündigt.",
    ],
)
def test_whoever_goes_is_gone(fields: Fields, text: str) -> None:
    assert [each["item"] for each in fields(text, "stakeholders")] == ["stk1"]
