"""What a filing would change in the plan."""

from datetime import date
from pathlib import Path
from typing import Any

from pipeline import ingest
from pipeline.proposers.rules import filings
from pipeline.records import Context, Draft, Item, Op, Plan, SourceClass
from pipeline.settings import Settings

CASES = Path(__file__).resolve().parents[2] / "cases" / "proposers" / "rules" / "filings"
HEAD = (
    "<html><body><p>SECURITIES AND EXCHANGE COMMISSION</p><p>FORM 8-K</p>"
    "<p>Date of Report (Date of earliest event reported): March 4, 2025</p>"
    "<p>HOLLOWAY FREIGHT SYSTEMS, INC.<br>(Exact name of registrant as specified in its charter)</p>"
    "<p>Item 5.02 Departure of Directors or Certain Officers</p>"
)


def person(name: str, title: str, **more: Any) -> Item:
    ident = "stk_" + name.partition(" ")[0].lower()
    return Item(id=ident, section="stakeholders", values={"name": name, "title": title, **more})


def drafts(content: bytes, name: str, *items: Item) -> tuple[Draft, ...]:
    read = ingest.read(content, name, Settings())
    plan = Plan(account="acc", items={item.id: item for item in items})
    return filings.drafts(
        Context(
            document=read,
            plan=plan,
            account="Holloway Freight Systems",
            said_on=read.said_on or date(2025, 3, 7),
            source_class=SourceClass.public,
        )
    )


def case(name: str, *items: Item) -> tuple[Draft, ...]:
    path = CASES / name
    return drafts(path.read_bytes(), path.name, *items)


def paragraph(text: str, *items: Item) -> tuple[Draft, ...]:
    return drafts(f"{HEAD}<p>{text}</p><p>SIGNATURES</p></body></html>".encode(), "report.html", *items)


def test_who_leaves_is_removed_with_the_day_and_the_successor_gets_the_department() -> None:
    leaves, comes = case(
        "finance-chief-leaves-8k.html",
        person("Bea Colquhoun", "CFO", department="dep_finance", aliases=["Beatrix Colquhoun"]),
    )
    assert (leaves.op, leaves.item, leaves.effective) == (Op.remove, "stk_bea", date(2025, 4, 11))
    assert leaves.fields == {"leaving_on": "2025-04-11"}
    assert comes.op is Op.add
    assert comes.fields == {"name": "Anselm Dreyer", "title": "Chief Financial Officer", "department": "dep_finance"}
    assert comes.effective == date(2025, 4, 14)
    assert "after Bea Colquhoun" in comes.reason
    assert comes.rule == "filing.5_02.appointed.active"


def test_every_draft_quotes_its_line() -> None:
    for name in ("finance-chief-leaves-8k.html", "results-and-closure-8k.html", "executives-with-ages-10k.html"):
        read = ingest.read((CASES / name).read_bytes(), name, Settings())
        for draft in case(name):
            assert draft.quotes
            for words, line in draft.quotes:
                assert line is not None
                assert read.text.find(words) == read.lines[line - 1].start or words in read.words(read.lines[line - 1])


def test_who_the_plan_does_not_know_is_not_removed() -> None:
    assert [draft.op for draft in case("finance-chief-leaves-8k.html")] == [Op.add]


def test_who_moves_to_another_post_gets_its_title() -> None:
    (draft,) = paragraph(
        "Effective April 1, 2025, Odile Marchetti will transition from General Counsel to the role of "
        "Chief Risk Officer.",
        person("Odile Marchetti", "General Counsel"),
    )
    assert (draft.op, draft.fields) == (Op.update, {"title": "Chief Risk Officer"})


def test_who_takes_on_a_post_besides_keeps_the_other() -> None:
    (draft,) = paragraph(
        "On March 4, 2025, Odile Marchetti, General Counsel, was appointed interim Chief Financial Officer.",
        person("Odile Marchetti", "General Counsel"),
    )
    assert draft.fields == {"title": "General Counsel, interim Chief Financial Officer"}


def test_who_gives_up_a_post_and_stays_is_kept() -> None:
    (draft,) = paragraph(
        "On March 4, 2025, Odile Marchetti stepped down as General Counsel. Ms. Marchetti will remain with the "
        "Company as Senior Adviser.",
        person("Odile Marchetti", "General Counsel", notes="Likes trains."),
    )
    assert draft.op is Op.update
    assert draft.fields["title"] == "Senior Adviser"
    assert draft.fields["notes"].startswith("Likes trains. Gave up the post of General Counsel")


def test_a_director_is_offered_only_where_the_plan_follows_the_board() -> None:
    text = "On March 4, 2025, the Board elected Philippa Nwosu as a director."
    assert paragraph(text, person("Odile Marchetti", "General Counsel")) == ()
    (draft,) = paragraph(text, person("Sven Ostrander", "Chairman of the Board"))
    assert draft.fields["name"] == "Philippa Nwosu"
    assert draft.optional


def test_a_post_the_plan_has_already_is_no_change() -> None:
    text = "On March 4, 2025, the Board appointed Anselm Dreyer as Treasurer."
    assert paragraph(text, person("Anselm Dreyer", "Treasurer")) == ()


def test_a_list_of_executives_updates_titles_and_offers_unknown_people() -> None:
    found = case("executives-with-ages-10k.html", person("Anselm Dreyer", "Controller"), person("Cyrus Penhale", "CEO"))
    people = {draft.fields.get("name", draft.item): draft for draft in found if draft.section == "stakeholders"}
    assert set(people) == {"stk_anselm", "Odile Marchetti", "J. Tobias van der Meulen, Jr."}
    assert people["stk_anselm"].fields == {"title": "Chief Financial Officer"}
    assert people["Odile Marchetti"].optional
    assert not people["stk_anselm"].optional


def test_results_deals_and_closures_become_overview_and_agenda() -> None:
    overview = Item(id="ovw_1", section="overview", values={"news": ["2024-05-01: Opened a depot in Lyme."]})
    found = case("results-and-closure-8k.html", overview)
    fields = {name: value for draft in found if draft.section == "overview" for name, value in draft.fields.items()}
    assert fields["earnings"].startswith("Net sales for the quarter ended December 31, 2024 rose 4.1% to $812 million")
    assert fields["news"][0] == "2024-05-01: Opened a depot in Lyme."
    assert fields["news"][1].startswith("2025-02-03: On February 3, 2025, Holloway Freight Systems, Inc. entered into")
    assert "close the Dunmore terminal" in fields["reorganisations"][0]
    (topic,) = [draft for draft in found if draft.section == "agenda"]
    assert "restructuring plan" in topic.fields["topic"]
    assert topic.rule == "filing.2_05.reorganisation"


def test_an_overview_still_to_be_made_is_added_once() -> None:
    found = [draft for draft in case("results-and-closure-8k.html") if draft.section == "overview"]
    assert [draft.op for draft in found] == [Op.add]
    assert {"earnings", "news", "reorganisations"} <= set(found[0].fields)


def test_a_competitor_of_the_plan_in_the_news_is_told() -> None:
    rival = Item(id="cmp_1", section="competitors", values={"name": "Castlemark Rail"})
    (draft,) = [draft for draft in case("results-and-closure-8k.html", rival) if draft.section == "competitors"]
    assert (draft.op, draft.item, draft.optional) == (Op.update, "cmp_1", True)


def test_the_number_of_employees_is_read_from_an_annual_report() -> None:
    (draft,) = [draft for draft in case("executives-with-ages-10k.html") if draft.section == "overview"]
    assert draft.fields["headcount"] == "12,400"


def test_pay_and_votes_propose_nothing() -> None:
    assert case("only-pay-8k.html", person("Cyrus Penhale", "CEO")) == ()
