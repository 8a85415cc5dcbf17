"""Reading: lines tile the text, offsets are true, the day, the people and their sides are found or left open."""

import contextlib
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.errors import Error, TooLarge, Unreadable
from pipeline.formats import choose
from pipeline.ingest import is_person_label, passages, read, sides
from pipeline.ingest.cut import MOST, tokens
from pipeline.records import Document, LineKind, Participant, Side, SourceKind
from pipeline.settings import Settings

SETTINGS = Settings(user="test")
TODAY = date(2026, 6, 30)
PIECES = st.sampled_from(
    [
        "Ann Lee: yes\n",
        "> quoted\n",
        "From: Ann Lee <a@x.example>\n",
        "Date: Tue, 2 Jun 2026\n",
        "On Tue, 2 Jun 2026, Bo wrote:\n",
        "-----Original Message-----\n",
        "Attendees: Ann, Bo (CFO)\n",
        "WEBVTT\n\n",
        "00:00:01.000 --> 00:00:02.000\n",
        "<v Ann>hi</v>\n",
        "<p>",
        "</p>",
        "<table><tr><td>x",
        "<div hidden>",
        '{"text":',
        "[",
        "Item 5.02 Departure\n",
        "<DOCUMENT>\n<TYPE>8-K\n<TEXT>\n",
        "FORM 8-K\n",
        "# Heading\n",
        "Best\n",
        "-- \n",
        "3/4 ",
        "年\n",
        *("\r\n", "\u200b", "\u202e", "\u2028", "\x0c", "\x00", " "),
    ]
)
TEXTS = st.lists(st.one_of(PIECES, st.text(max_size=40)), max_size=30).map("".join)
NAMES = st.sampled_from([None, "a.txt", "a.md", "a.html", "a.vtt", "a.srt", "a.eml", "a.json"])


def note(text: str, name: str | None = "note.txt", today: date | None = TODAY) -> Document:
    return read(text.encode(), name, SETTINGS, today=today)


def assert_true_offsets(document: Document) -> None:
    at = 0
    for number, line in enumerate(document.lines, start=1):
        assert line.number == number
        assert line.start == at
        assert "\n" not in document.words(line)
        at = line.end + 1
    assert at == len(document.text) + 1
    assert document.text.splitlines() == [document.words(line) for line in document.lines]


@settings(max_examples=150, deadline=None)
@given(TEXTS, NAMES)
def test_lines_tile_the_text_and_offsets_are_true(text: str, name: str | None):
    try:
        document = read(text.encode("utf-8", "surrogatepass"), name, SETTINGS, today=TODAY)
    except Error:
        return
    assert_true_offsets(document)


@settings(max_examples=150, deadline=None)
@given(TEXTS, NAMES)
def test_passages_are_slices_in_order_that_leave_out_only_footers(text: str, name: str | None):
    try:
        document = read(text.encode("utf-8", "surrogatepass"), name, SETTINGS, today=TODAY)
    except Error:
        return
    covered = set()
    before = 0
    for number, passage in enumerate(passages(document), start=1):
        assert passage.number == number
        assert passage.text == document.text[passage.start : passage.end]
        assert before <= passage.start < passage.end
        before = passage.end
        covered |= set(range(passage.start, passage.end))
    for line in document.lines:
        if line.kind is not LineKind.boilerplate:
            words = document.words(line)
            assert all(line.start + at in covered for at, char in enumerate(words) if not char.isspace())


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=400), st.sampled_from([None, "a.txt", "a.html", "a.vtt", "a.eml", "a.json", "a.md"]))
def test_arbitrary_bytes_raise_nothing_but_our_errors(data: bytes, name: str | None):
    with contextlib.suppress(Error):
        assert_true_offsets(read(data, name, SETTINGS))


@settings(max_examples=8, deadline=None)
@given(st.binary(max_size=300), st.sampled_from([b"PK\x03\x04word/", b"%PDF-1.4\n", b"\xd0\xcf\x11\xe0"]))
def test_arbitrary_bytes_behind_a_known_beginning_raise_nothing_but_our_errors(data: bytes, begin: bytes):
    with pytest.raises(Error):
        read(begin + data, "a.docx", SETTINGS)


@settings(max_examples=150, deadline=None)
@given(
    st.text(
        alphabet=st.characters(exclude_categories=["Cc", "Cf", "Cs", "Zl", "Zp", "Co", "Cn"]), min_size=1, max_size=200
    )
)
def test_words_of_a_plain_note_are_kept_to_the_letter(text: str):
    try:
        document = note("note: " + text)
    except Error:
        return
    if document.format == "text" and not document.dropped:
        assert document.text == ("note: " + text)


@settings(max_examples=60, deadline=None)
@given(st.text(min_size=1, max_size=6_000))
def test_no_passage_is_much_longer_than_the_limit(text: str):
    try:
        found = passages(note("x " + text))
    except Error:
        return
    assert all(tokens(passage.text) <= MOST + 40 for passage in found)


def test_a_text_over_the_limit_is_refused_with_both_numbers():
    with pytest.raises(TooLarge, match=r"5,000 characters.*1,000"):
        read(b"a" * 5_000, "a.txt", Settings(user="test", max_text_chars=1_000))


def test_a_file_over_the_limit_is_refused_before_it_is_read():
    with pytest.raises(TooLarge, match=r"limit is 0\.001 MB"):
        read(b"%PDF-" + b"a" * 5_000, "a.pdf", Settings(user="test", max_file_mb=0.001))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252"])
def test_a_note_in_any_usual_encoding_reads_the_same(encoding: str):
    text = "Besuch bei Färberei Kollnau, Frau Größler möchte das Angebot bis Ende Mai – sagt sie."
    assert read(text.encode(encoding), "a.txt", SETTINGS).text == text


def test_old_windows_line_ends_and_page_breaks_become_lines():
    assert note("one\r\ntwo\rthree\x0cfour\u2028five").text == "one\ntwo\nthree\nfour\nfive"


def test_invisible_characters_are_taken_out_and_told():
    document = note("Approve\u200b this\u202e now\u2066 \U000e0041please\u00ad.")
    assert document.text == "Approve this now please."
    assert {lost.what for lost in document.dropped} == {
        "zero-width characters", "direction marks", "soft hyphens", "hidden tag characters",
    }  # fmt: skip


def test_joiners_that_writing_needs_are_kept():
    text = "می‌خواهم 👩‍👩‍👧 and क्‍ष"
    assert note(text).text == text


@pytest.mark.parametrize(
    ("text", "name", "found"),
    [
        ("WEBVTT\n\n00:01.000 --> 00:02.000\nhi", "a.txt", "vtt"),
        ("1\n00:00:01,000 --> 00:00:02,000\nhi", "a.txt", "srt"),
        ("<!doctype html><p>hi</p>", "a.txt", "html"),
        ("From: a@b.example\nTo: c@d.example\nMessage-ID: <1@b>\n\nhi", "a.txt", "eml"),
        ('{"transcript": [{"speaker": "Ann", "text": "hi"}]}', "a.txt", "json_transcript"),
        ("just words", "a.html", "text"),
        ("just words", "a.pdf", "text"),
    ],
)
def test_the_content_decides_the_format_not_the_name(text: str, name: str, found: str):
    document = note(text, name)
    assert document.format == found
    assert choose(text.encode(), name).name == found


def test_a_name_that_promises_another_format_is_told():
    assert any("ends in .pdf" in warning for warning in note("just words", "a.pdf").warnings)


@pytest.mark.parametrize(
    ("text", "name", "day"),
    [
        ("Acme - 3/3 call, Ann", None, date(2026, 3, 3)),
        ("Acme, Tue 2 June, phone", None, date(2026, 6, 2)),
        ("Trip report, 8-9 June", None, date(2026, 6, 9)),
        ("Acme visit\nDate: September 9, 2025\nwords", None, date(2025, 9, 9)),
        ("Acme 6/15 call\nsent 5/27, paid 6/13", None, date(2026, 6, 15)),
        ("Acme call 6/5\nsent 5/27, paid 6/13", None, date(2026, 6, 5)),
        (
            "Besuch bei Acme am 3.4., wir haben mit der Leitung gesprochen und sie will das nicht",
            None,
            date(2026, 4, 3),
        ),
        ("訪問メモ 令和8年5月14日\nAcme", None, date(2026, 5, 14)),
        ("Acme 4/16 (木) 訪問メモです。これはテストです。", None, date(2026, 4, 16)),
        ("words only, nothing else here", "acme_2026-05-14.txt", date(2026, 5, 14)),
        ("words only, nothing else here", "20260514 acme call.txt", date(2026, 5, 14)),
        ("Acme 3/4 call", "2026-04-03.txt", date(2026, 4, 3)),
        ("Acme weekly, recorded on 14 May 2026, all there", None, date(2026, 5, 14)),
        ("Acme 29 June", None, date(2026, 6, 29)),
        ("[14.04.26, 08:12] Ann: Morning\n[14.04.26, 08:13] Bo: They signed", None, date(2026, 4, 14)),
        ("#acme\n\n[14.04.26, 08:12] Ann: Morning\n[14.04.26, 08:13] Bo: They signed", None, date(2026, 4, 14)),
    ],
)
def test_the_day_of_the_meeting_is_found(text: str, name: str | None, day: date):
    document = read(text.encode(), name, SETTINGS, today=TODAY)
    assert document.said_on == day
    assert document.said_on_from
    assert document.said_on_sure


@pytest.mark.parametrize(
    "text",
    [
        "Acme 3/4 call\nnothing else",
        "Ann sends the draft by 14 May 2026.",
        "Quote due until 3 June",
        "Called twice, nobody there.\nThe proposal is due on 20 Nov.",
        "Room 3.4 is open 24/7, 12-15 people, 1/2 day, v1.2.3",
        "Acme, Wed 2 June, phone",
    ],
)
def test_a_day_that_is_unsure_is_left_open_and_told(text: str):
    document = note(text)
    assert document.said_on is None
    assert not document.said_on_sure
    assert any("day is unclear" in warning for warning in document.warnings)


def test_a_day_without_a_year_stays_open_when_the_day_of_delivery_is_unknown():
    assert note("Acme - 3/3 call", today=None).said_on is None


def test_a_day_given_with_the_text_wins():
    document = read(b"Date: 3 May 2026\nwords", "a.txt", SETTINGS, said_on=date(2026, 5, 9))
    assert (document.said_on, document.said_on_from) == (date(2026, 5, 9), "given with the text")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("The budget is with Ines now and we will not get it", "en"),
        ("Das Budget liegt nicht mehr bei ihr, sondern bei Herrn Pohl", "de"),
        ("Le budget est chez la directrice et nous ne l'avons pas", "fr"),
        ("El presupuesto no está con ella sino con el director de la planta", "es"),
        ("予算は田中さんが決裁します。来週また連絡する。", "ja"),
        ("Het budget ligt niet bij haar maar bij de directeur van de fabriek", "nl"),
        ("WISMO 42", "en"),
    ],
)
def test_the_language_is_told_by_script_and_common_words(text: str, code: str):
    assert note(text).language == code


@pytest.mark.parametrize(
    "label",
    ["Speaker 1", "SPEAKER_00", "Unknown", "Conference Room B", "iPhone", "Sprecher 2", "+1 415 555 0100", "会議室A"],
)
def test_a_room_or_a_number_is_not_a_person(label: str):
    assert not is_person_label(label)
    text = "".join(
        f"00:0{n}.000 --> 00:0{n + 1}.000\n<v {who}>words</v>\n\n" for n, who in enumerate([label, "Ann", label])
    )
    assert not note(f"WEBVTT\n\n{text}", "a.vtt").speakers_trusted


@pytest.mark.parametrize(
    "label", ["Ann Lee", "Ōta Kenji", "Brooke Broome", "Project Manager", "Herr Raumer", "O'Neill"]
)
def test_a_name_or_a_role_is_a_person(label: str):
    assert is_person_label(label)


def test_one_label_on_everything_is_not_trusted():
    cues = "".join(f"00:0{n}.000 --> 00:0{n + 1}.000\n<v Ann Lee>words</v>\n\n" for n in range(5))
    document = note(f"WEBVTT\n\n{cues}", "a.vtt")
    assert not document.speakers_trusted
    assert any("everything is under Ann Lee" in warning for warning in document.warnings)


def test_minutes_with_times_are_no_transcript():
    text = (
        "Acme, Feb 11\n\n10:00 Start. Ann has the budget.\n10:10 Legal: wants 40 seats.\n"
        "10:20 Correction from Ann: 25 seats."
    )
    assert note(text).kind is SourceKind.note


def test_a_list_of_labelled_facts_is_no_transcript():
    text = "Customer: Acme\nStage: open\nAmount: 5\nNext step: call Ann\nOwner: Bo\nRisk: none"
    assert note(text).kind is SourceKind.note


def test_a_conversation_with_names_above_the_words_is_a_transcript():
    text = "Ann Lee  0:03\nHello there.\nHow are you?\n\nBo Ek  0:09\nFine.\n\nAnn Lee  0:12\nGood."
    document = note(text)
    assert document.kind is SourceKind.transcript
    assert [(line.speaker, line.cue) for line in document.lines if line.kind is LineKind.body and line.speaker][:2] == [
        ("Ann Lee", "0:03"), ("Ann Lee", "0:03"),
    ]  # fmt: skip
    assert document.speakers == ("Ann Lee", "Bo Ek")


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("Attendees: Ann Lee (CFO), Bo Ek, and Cy Orr (joined late)", ["Ann Lee", "Bo Ek", "Cy Orr"]),
        ("Present: Ann Lee <ann@x.example>; Bo Ek + Cy Orr", ["Ann Lee", "Bo Ek", "Cy Orr"]),
        ("Teilnehmer: Frau Dr. Ebner, Herr Pohl (entschuldigt)", ["Frau Dr. Ebner"]),
        ("出席: 田中さん (情シス)、佐藤部長、当社 = Fujii, Emma", ["田中さん", "佐藤部長", "Fujii", "Emma"]),
        ("**Participants:** Ann Lee - Head of Sales, me", ["Ann Lee"]),
        ("Apologies: Ann Lee", []),
    ],
)
def test_people_of_an_attendance_line_are_participants(line: str, names: list[str]):
    assert [who.name for who in note(f"Acme\n{line}\n\nwords").participants] == names


def test_a_title_in_brackets_belongs_to_the_person():
    assert note("Acme\nAttendees: Ann Lee (CFO), Bo").participants[0].title == "CFO"


def people(*given: tuple[str, str | None]) -> Document:
    document = note("words")
    return document.model_copy(
        update={"participants": tuple(Participant(name=name, email=mail) for name, mail in given)}
    )


def test_sides_follow_mail_domains_and_the_team():
    document = people(
        ("Ann Lee", "ann@eu.acme.example"), ("Bo Ek", "bo@seller.example"), ("Cy Orr", "cy@seller.example"),
        ("Di Ott", None), ("Eve", "eve@other.example"), ("Bo", None),
    )  # fmt: skip
    settled = sides(document, ["acme.example"], ["Bo Ek (AE)", "Di Ott"])
    assert [who.side for who in settled.participants] == [
        Side.theirs, Side.ours, Side.ours, Side.ours, Side.unknown, Side.ours,
    ]  # fmt: skip


def test_a_domain_that_only_ends_alike_is_not_theirs():
    settled = sides(people(("Ann", "ann@notacme.example")), ["acme.example"], [])
    assert settled.participants[0].side is Side.unknown


def test_a_first_name_that_two_people_have_has_no_side():
    settled = sides(people(("Bo", None), ("Bo Rask", "bo@acme.example")), ["acme.example"], ["Bo Ek"])
    assert [who.side for who in settled.participants] == [Side.unknown, Side.theirs]


def test_a_stakeholder_of_the_plan_is_theirs_unless_somebody_of_ours_has_the_name():
    document = people(("Rosa Keller", None), ("Rosa", None), ("Jo Hale", None), ("Tim Ost", None))
    settled = sides(document, [], ["Jo Hale (AE)"], ["Rosa Keller", "Jo Hale"])
    assert [who.side for who in settled.participants] == [Side.theirs, Side.theirs, Side.ours, Side.unknown]


def test_passages_keep_to_the_item_of_a_filing_and_to_who_spoke():
    turns = "".join(f"{who}: {'words about the budget ' * 14}\n" for who in ["Ann Lee", "Bo Ek"] * 4)
    found = passages(note(turns))
    assert len(found) == 8
    assert {passage.speaker for passage in found} == {"Ann Lee", "Bo Ek"}


def test_quoted_words_are_never_in_a_passage_with_new_ones():
    text = (
        "I call her on Thursday.\n\nOn Fri, 12 Jun 2026 at 16:40, Bo Ek <bo@x.example> wrote:\n"
        "> Does the trial end in July?\n"
    )
    found = passages(note(text))
    assert [passage.said_on for passage in found][-1] == date(2026, 6, 12)
    assert not any("Thursday" in passage.text and "July" in passage.text for passage in found)


def test_a_damaged_file_says_what_it_was_read_as():
    with pytest.raises(Unreadable, match="damaged"):
        read(b"%PDF-1.7\n", "a.pdf", SETTINGS)
