"""One real meeting is one occasion, however many records of it arrive; two meetings are two, however alike."""

from datetime import date, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from pipeline.occasions import Known, Match, same_occasion
from pipeline.records import Document, Line, LineKind, Participant, Side, SourceKind

DAY = date(2026, 9, 10)
ROSA = Participant(name="Rosa Keller", email="rosa@weston.example", side=Side.theirs)
DEV = Participant(name="Dev Anand", side=Side.theirs)
JO = Participant(name="Jo Hale", side=Side.ours)
TALK = """Rosa: We put the pumps of hall four on the new sensors last Thursday and nothing tripped all weekend.
Jo: Good. Then the second hall could follow in October, before the audit.
Rosa: The audit is moved to November. But procurement wants three references from plants of our size.
Jo: I can bring Halden and the dairy in Moss, both run more than two hundred pumps with us.
Rosa: Halden would convince them. Send me the contact by Friday, please, and the updated quotation too.
Jo: You have both by Friday. Who signs for the second hall, still Dev?
Rosa: Dev signs up to eighty thousand, above that it is the board in December."""
OTHER = """Rosa: Today only about the training. Twelve operators need the course, six of them in the night shift.
Jo: We have two dates, the fourteenth and the twenty-eighth; the trainer comes to you.
Rosa: The twenty-eighth suits, if she brings the exercises in Polish as well.
Jo: She has them in Polish and Czech. I book her and send the invitation to all twelve.
Rosa: And please ask whether the certificates can carry the name of our academy."""


def text(words: str, kind: SourceKind = SourceKind.transcript, day: date | None = DAY, **more: Any) -> Document:
    lines, start = [], 0
    for number, line in enumerate(words.split("\n"), 1):
        quoted = LineKind.quoted if line.startswith(">") else LineKind.body
        lines.append(Line(number=number, start=start, end=start + len(line), kind=quoted))
        start += len(line) + 1
    told = {"participants": (ROSA, JO), **more}
    return Document(kind=kind, format="text", text=words, lines=tuple(lines), said_on=day, **told)


def known(*documents: Document) -> list[Known]:
    return [Known(f"src-{number}", f"occ-{number}", each) for number, each in enumerate(documents)]


def match(new: Document, *there: Document) -> Match | None:
    return same_occasion(new, known(*there))


def heard_otherwise(words: str, every: int = 9) -> str:
    """The same talk as another tool hears it: a word in so many is another one."""
    return " ".join("hmm" if at % every == 4 else word for at, word in enumerate(words.split()))


def test_the_same_talk_by_two_tools_is_one_occasion_and_says_why() -> None:
    found = match(text(heard_otherwise(TALK), title="Recording 7"), text(TALK, title="Weston weekly"))
    assert found is not None
    assert (found.occasion, found.source) == ("occ-0", "src-0")
    assert "%" in found.reasons[0]


def test_a_re_export_with_another_name_is_the_same_occasion() -> None:
    assert match(text(TALK, title="export (2)"), text(TALK, title="Weston weekly")) is not None


def test_two_weekly_meetings_of_the_same_people_under_one_title_are_two() -> None:
    week = {"title": "Weston weekly", "attributes": {"icaluid": "series-1"}}
    assert match(text(OTHER, day=DAY + timedelta(days=7), **week), text(TALK, **week)) is None


def test_two_calls_on_one_day_with_the_same_person_and_title_are_two() -> None:
    assert match(text(OTHER, title="Call with Rosa"), text(TALK, title="Call with Rosa")) is None


def test_two_short_notes_of_one_day_are_two() -> None:
    one = text("Rosa called back. She wants the quotation by Friday.", SourceKind.note, title="Call with Rosa")
    other = text("Rosa again: the budget is approved.", SourceKind.note, title="Call with Rosa")
    assert match(other, one) is None


def test_the_same_few_words_of_two_days_are_two_occasions() -> None:
    words = "Called Rosa, no answer."
    assert match(text(words, SourceKind.note, DAY + timedelta(days=1)), text(words, SourceKind.note)) is None
    assert match(text(words, SourceKind.note), text(words, SourceKind.note)) is not None


def test_a_forwarded_copy_days_later_is_the_same_occasion() -> None:
    forward = text(f"FYI, please file this.\n\n{TALK}", SourceKind.email, DAY + timedelta(days=3), title="Fwd: Weston")
    assert match(forward, text(TALK, SourceKind.email, title="Weston")) is not None


def test_a_reply_that_quotes_the_whole_is_an_occasion_of_its_own() -> None:
    quoted = "\n".join(f"> {line}" for line in TALK.splitlines())
    reply = text(f"Dev signs it himself now.\n\n{quoted}", SourceKind.email, title="Re: Weston")
    assert match(reply, text(TALK, SourceKind.email, title="Weston")) is None


def test_our_recap_of_the_call_that_names_its_day_is_the_same_occasion() -> None:
    recap = text(
        "Hi Rosa, here is a recap of our call on 10 September.\nReferences by Friday, quotation too.",
        SourceKind.email,
        DAY + timedelta(days=1),
        title="Next steps",
    )
    assert match(recap, text(TALK)) is not None


def test_a_recap_of_another_day_or_with_other_people_is_not_that_call() -> None:
    words = "A recap of our call on 9 September.\nReferences by Friday."
    assert match(text(words, SourceKind.email), text(TALK)) is None
    elsewhere = text("A recap of our call on 10 September.", SourceKind.email, participants=(DEV, JO))
    assert match(elsewhere, text(TALK)) is None


def test_a_recap_that_fits_two_calls_of_the_day_alike_is_left_alone() -> None:
    recap = text("Recap of our call today: all fine.", SourceKind.email)
    assert match(recap, text(TALK), text(OTHER)) is None


def test_one_calendar_entry_of_one_day_is_one_occasion() -> None:
    entry = {"attributes": {"icaluid": "uid-9"}}
    assert match(text(OTHER, SourceKind.summary, **entry), text(TALK, **entry)) is not None


def test_the_same_start_with_the_same_people_is_one_occasion_and_another_start_is_two() -> None:
    ours = text("Start: 14:00\nShe wants references.", SourceKind.note)
    theirs = text("2026-09-10 14:05 call\nOperators need courses.", SourceKind.note)
    later = text("Start: 16:30\nOperators need courses.", SourceKind.note)
    assert match(theirs, ours) is not None
    assert match(later, ours) is None


def test_a_tools_summary_belongs_to_the_talk_it_sums_up() -> None:
    words = """Second hall follows in October before the audit, which moved to November.
Procurement wants references from plants of similar size: Halden and the dairy.
Jo sends contact and updated quotation by Friday. Signs: Dev up to eighty thousand, else the board in December."""
    assert match(text(words, SourceKind.summary), text(TALK), text(OTHER)) is not None
    assert match(text(words, SourceKind.summary), text(OTHER)) is None


def test_nothing_known_is_no_match_and_a_text_without_a_day_matches_only_its_own_words() -> None:
    assert match(text(TALK)) is None
    assert match(text(OTHER, day=None), text(TALK)) is None
    assert match(text(TALK, day=None), text(TALK)) is not None


@given(
    st.lists(st.sampled_from([TALK, OTHER, "Short note.", "Recap of our call today."]), max_size=4), st.integers(0, 9)
)
def test_a_match_is_always_one_of_the_known_and_does_not_hang_on_their_order(words: list[str], days: int) -> None:
    there = known(*(text(each) for each in words))
    new = text(TALK, day=DAY + timedelta(days=days))
    found, turned = same_occasion(new, there), same_occasion(new, there[::-1])
    assert (found is None) == (turned is None)
    if found is not None and turned is not None:
        assert found.occasion in {each.occasion for each in there}
        assert found.weight == turned.weight
