"""Quotes are found where they stand; what is not there, or was changed, is never proof."""

import random
import re
import time
import unicodedata
from pathlib import Path

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from evals.benchmarks.locate_cases import (
    MEANING_EDITS,
    SCENARIOS,
    SENTENCE,
    Corpus,
    edited_quotes,
    invented_corpus,
)
from pipeline.locate import Match, Quote, locate, locate_all, words_changed
from pipeline.locate.edges import is_cut
from pipeline.locate.folding import fold
from pipeline.records import Tier

NOTE = """\
Ilse Marten: We’ll go live at the Leeds plant in March — if the pilot is “well-
known” by then, and the main-
tenance team agrees.
Bea Lindqvist (CFO): The budget is $ 1.5 million, not $15 million; growth was -5 percent.
We can't sign a non-binding offer, and 10–12 users is the ﬁrst step.
- Oskar owns the rollout plan.
- Tomoko owns the training plan.
Oskar owns the rollout plan.
"""

JAPANESE = """\
田中部長：来年度の予算は十五億円で、クラウド移行
は四月に開始する予定です。
鈴木課長：ﾃﾞｰﾀ基盤の刷新も Azure で検討しています。
"""


def tier_of(text: str, quote: str | Quote) -> Tier:
    match = locate(text, quote)
    return match.tier if match else Tier.none


def found(text: str, quote: str) -> tuple[Tier, str]:
    match = locate(text, quote)
    assert match is not None
    return match.tier, text[match.start : match.end]


# Exact


def test_verbatim_words_are_exact() -> None:
    assert found(NOTE, "go live at the Leeds plant") == (Tier.exact, "go live at the Leeds plant")


def test_a_verbatim_quote_over_two_lines_is_exact() -> None:
    assert tier_of(NOTE, "“well-\nknown” by then") is Tier.exact


def test_a_single_word_or_name_is_found() -> None:
    assert found(NOTE, "Tomoko") == (Tier.exact, "Tomoko")


def test_nothing_is_found_for_an_empty_quote_or_in_an_empty_text() -> None:
    assert locate_all(NOTE, ["", "  ", "\u200b"]) == [None, None, None]
    assert locate("", "words that are here") is None


def test_a_quote_that_equals_the_text_is_exact() -> None:
    assert locate("yes", "yes") == Match(0, 3, Tier.exact, 1, ((0, 3),))


# Formatting


@pytest.mark.parametrize(
    ("quote", "words"),
    [
        ("We'll go live at the Leeds plant", "We’ll go live at the Leeds plant"),
        ("we'll GO LIVE at the leeds plant", "We’ll go live at the Leeds plant"),
        ("go  live at\nthe\u00a0Leeds\tplant", "go live at the Leeds plant"),
        ("in March - if the pilot", "in March — if the pilot"),
        ("in March—if the pilot", "in March — if the pilot"),
        ("in March -- if the pilot", "in March — if the pilot"),
        ('the pilot is "well-known" by then', "the pilot is “well-\nknown” by then"),
        ('the pilot is "wellknown" by then', "the pilot is “well-\nknown” by then"),
        ("the maintenance team agrees", "the main-\ntenance team agrees"),
        ("the main- tenance team agrees", "the main-\ntenance team agrees"),
        ('"well-known" by then, and the maintenance team', "“well-\nknown” by then, and the main-\ntenance team"),
        ("budget is $1.5 million", "budget is $ 1.5 million"),
        ("10-12 users is the first step", "10–12 users is the ﬁrst step"),
        ("growth was −5 percent", "growth was -5 percent"),
        ("go\u200b live at the Le\u00adeds plant", "go live at the Leeds plant"),
        ("ｇｏ ｌｉｖｅ at the Leeds plant", "go live at the Leeds plant"),
        ("Oskar owns the rollout plan. - Tomoko owns", "Oskar owns the rollout plan.\n- Tomoko owns"),
    ],
)
def test_a_difference_in_formatting_alone_is_proof(quote: str, words: str) -> None:
    assert found(NOTE, quote) == (Tier.formatting, words)


def test_a_hyphen_inside_a_line_is_not_dropped_because_another_line_ends_in_one() -> None:
    text = "The main-\ntenance contract: they will re-sign it."
    assert not tier_of(text, "The main-tenance contract: they will resign it").proof
    assert tier_of(text, "The main-tenance contract: they will re-sign it") is Tier.formatting


def test_composed_and_decomposed_letters_are_the_same() -> None:
    text = unicodedata.normalize("NFD", "Zoë Müller übernimmt die Führung in Orléans.")
    assert found(text, "Müller übernimmt die Führung") == (
        Tier.formatting,
        unicodedata.normalize("NFD", "Müller übernimmt die Führung"),
    )
    assert tier_of("Zoë Müller", unicodedata.normalize("NFD", "Müller")) is Tier.formatting


def test_marks_of_bold_type_may_be_left_out_or_put_in() -> None:
    assert found("The **sponsor is Bea** now.", "sponsor is Bea now") == (Tier.formatting, "sponsor is Bea** now")
    assert tier_of("The sponsor is Bea now.", "The sponsor is **Bea** now") is Tier.formatting


def test_a_single_star_stays_where_others_are_bold() -> None:
    text = "A **bold** word. See 10.9*\nForm of the plan."
    assert found(text, "See 10.9* Form of the plan") == (Tier.formatting, "See 10.9*\nForm of the plan")
    assert not tier_of(text, "See 10.9 Form of the plan").proof


@pytest.mark.parametrize(
    "quote",
    [
        '"Tomoko owns the training plan."',
        "“Tomoko owns the training plan”",
        "* Tomoko owns the training plan",
        "• Tomoko owns the training plan",
        "…Tomoko owns the training plan…",
        "[7] Tomoko owns the training plan",
        "L7: Tomoko owns the training plan",
        "2. Tomoko owns the training plan",
        "Tomoko owns the training plan,",
    ],
)
def test_marks_put_around_a_quote_do_not_hide_it(quote: str) -> None:
    assert found(NOTE, quote) == (Tier.formatting, "Tomoko owns the training plan")


def test_a_bullet_may_be_left_out() -> None:
    assert found(NOTE, "Tomoko owns the training plan.") == (Tier.exact, "Tomoko owns the training plan.")


def test_a_number_that_ends_the_sentence_before_is_not_numbering() -> None:
    text = "They booked 15. Revenue was never higher than then."
    assert not tier_of(text, "16. Revenue was never higher than then").proof


def test_a_speaker_label_may_be_copied_shortened_or_left_out() -> None:
    for quote in ("Bea Lindqvist (CFO): The budget is", "Bea: The budget is", "The budget is"):
        assert tier_of(NOTE, quote).proof, quote
    assert tier_of(NOTE, "Bea Lindqvist: We can't sign a non-binding offer") is Tier.formatting


def test_the_words_of_one_speaker_are_not_proof_of_another_saying_them() -> None:
    for quote in ("Oskar: The budget is $ 1.5 million", "Ilse Marten: We can't sign a non-binding offer"):
        assert not tier_of(NOTE, quote).proof, quote


def test_words_before_a_colon_are_a_label_only_where_the_text_has_them_as_one() -> None:
    text = "Designer: it would be good or does it really want to be so\nExpert: Mm.\nDesigner: They have gone big.\n"
    assert not tier_of(text, "would be good: want to be so").proof
    assert not tier_of(text, "really Designer: want to be so").proof
    assert not tier_of(text, "Expert: Designer: They have gone big").proof
    assert tier_of(text, "Designer: want to be so").proof


def test_a_speaker_known_from_elsewhere_may_stand_before_the_words() -> None:
    text = "We will sign in March.\n"
    assert not tier_of(text, "Bea: We will sign in March").proof
    assert not tier_of(text, Quote("Oskar: We will sign in March", speaker="Bea Lindqvist")).proof
    assert tier_of(text, Quote("Bea: We will sign in March", speaker="Bea Lindqvist")) is Tier.formatting


# Word and number edges


@pytest.mark.parametrize(
    ("text", "quote"),
    [
        ("a fresh start today", "art"),
        ("we can't do it", "we can"),
        ("a non-binding offer", "binding offer"),
        ("it cost 1.5 million", "5 million"),
        ("it cost 1,500 euros", "500 euros"),
        ("it cost 1,500 euros", "it cost 1"),
        ("growth was -5 percent", "5 percent"),
        ("growth was −5 percent", "5 percent"),
        ("about 10-12 users", "12 users"),
        ("about 10-12 users", "about 10"),
        ("予算は十五億円です", "五億円"),
        ("15年の計画", "5年の計画"),
        ("the cafe\u0301 opens", "the cafe"),
        ("the cafe\u200b\u0301 opens", "the cafe"),
        ("  ﬁ\u200b\u0301", "ﬁ"),
        ("  ำ\u200bᅡ", "ำ"),
        ("하\u11ab 번", "하"),
        ("we signed Baker-Hughes", "we signed Baker"),
        ("契約は日本㍿です", "会社です"),
        ("契約は日本㍿です", "日本株式"),
    ],
)
def test_a_quote_never_begins_or_ends_inside_a_word_or_number(text: str, quote: str) -> None:
    assert not tier_of(text, quote).proof


@pytest.mark.parametrize(
    ("said", "quoted"),
    [
        ("1.5 million", "15 million"),
        ("1.5 million", "1,5 million"),
        ("-5 percent", "5 percent"),
        ("- 5 percent", "-5 percent"),
        ("10-12 users", "1012 users"),
        ("10-\n12 users", "1012 users"),
        ("1 2 users", "12 users"),
        ("1 .5 users", "1.5 users"),
        ("$5 million", "€5 million"),
        ("10² units", "102 units"),
        ("1½ units", "11/2 units"),
        ("① unit", "1 unit"),
        ("re-sign now", "resign now"),
        ("re- sign now", "resign now"),
        ("theirs — sign now", "theirssign now"),
        ("10ᵐ units", "10m units"),
        ("2**3 units", "23 units"),
    ],
)
def test_what_changes_a_number_or_a_word_is_never_formatting(said: str, quoted: str) -> None:
    text = f"In the end the figure they gave us was {said}, as Bea said."
    assert not tier_of(text, f"the figure they gave us was {quoted}, as Bea").proof
    swapped = f"the figure they gave us was {quoted}, as Bea said"
    assert not tier_of(swapped, f"the figure they gave us was {said}, as Bea").proof


def test_a_question_does_not_prove_a_statement() -> None:
    assert not tier_of("You will sign in March?", "You will sign in March.").proof
    assert tier_of("You will sign in March, right?", "You will sign in March.").proof


# Scripts without spaces


def test_a_japanese_quote_needs_no_word_edges_and_ignores_line_ends() -> None:
    assert found(JAPANESE, "クラウド移行は四月に開始") == (Tier.formatting, "クラウド移行\nは四月に開始")
    assert found(JAPANESE, "四月に開始する") == (Tier.exact, "四月に開始する")
    assert found(JAPANESE, "データ基盤の刷新もAzureで検討") == (Tier.formatting, "ﾃﾞｰﾀ基盤の刷新も Azure で検討")


def test_a_changed_japanese_quote_is_altered_and_an_invented_one_is_not_found() -> None:
    assert tier_of(JAPANESE, "来年度の予算は十三億円で、クラウド移行は四月に開始") is Tier.altered
    assert tier_of(JAPANESE, "来年度の人員は増やさず、工場の自動化を優先します") is Tier.none


def test_japanese_pieces_are_stitched_from_six_characters_on() -> None:
    assert tier_of(JAPANESE, "来年度の予算は…四月に開始する") is Tier.stitched
    assert not tier_of(JAPANESE, "来年度…四月").proof


# Stitched


@pytest.mark.parametrize("joint", ["...", " ... ", "…", " [...] ", " (…) ", " [ … ] ", " . . . "])
def test_pieces_joined_by_an_ellipsis_are_stitched(joint: str) -> None:
    match = locate(NOTE, f"go live at the Leeds plant{joint}the maintenance team agrees")
    assert match is not None
    assert match.tier is Tier.stitched
    assert [NOTE[start:end] for start, end in match.pieces] == [
        "go live at the Leeds plant",
        "the main-\ntenance team agrees",
    ]
    assert (match.start, match.end) == (match.pieces[0][0], match.pieces[-1][1])


@pytest.mark.parametrize(
    "quote",
    [
        "the maintenance team agrees ... go live at the Leeds plant",  # out of order
        "go live at the Leeds plant ... team agrees",  # a piece of two words
        "go live at the Leeds plant ... the maintenance team refuses",  # a piece that is not there
    ],
)
def test_pieces_that_do_not_hold_are_not_stitched(quote: str) -> None:
    assert not tier_of(NOTE, quote).proof


def test_pieces_far_apart_are_not_stitched() -> None:
    text = f"We will sign the contract. {'Nothing else was said. ' * 80}It starts on Monday morning."
    assert not tier_of(text, "We will sign the contract ... starts on Monday morning").proof


def test_an_ellipsis_that_stands_in_the_text_is_exact() -> None:
    assert tier_of("We will ... maybe sign it.", "We will ... maybe sign it") is Tier.exact


# Several occurrences


def test_the_first_of_several_places_wins_and_they_are_counted() -> None:
    match = locate(NOTE, "Oskar owns the rollout plan.")
    assert match is not None
    assert (match.occurrences, match.start) == (2, NOTE.index("Oskar owns"))


def test_a_hint_names_the_place_among_several() -> None:
    last = NOTE.rindex("Oskar owns")
    for match in (
        locate(NOTE, "oskar owns the rollout plan", near=(last, last + 5)),
        locate(NOTE, Quote("Oskar owns the rollout plan.", (last, len(NOTE)))),
    ):
        assert match is not None
        assert (match.start, match.occurrences) == (last, 2)


def test_a_hint_moves_nothing_that_stands_in_one_place_only() -> None:
    assert locate(NOTE, "go live at the Leeds plant", near=(300, 320)) == locate(NOTE, "go live at the Leeds plant")


def test_an_exact_place_goes_before_one_with_other_formatting() -> None:
    assert found("THE PLAN IS SET. Later: the plan is set.", "the plan is set") == (Tier.exact, "the plan is set")


def test_a_hint_also_decides_between_altered_and_stitched_places() -> None:
    text = "We meet Bea on Monday at noon in Leeds. " + "Filler words stand here. " * 9
    text += text
    half = len(text) // 2
    for quote in ("We meet Oskar on Monday at noon in Leeds", "We meet Bea on ... at noon in Leeds"):
        first, second = locate(text, quote), locate(text, quote, near=(half, half + 40))
        assert first is not None
        assert second is not None
        assert (first.start, second.start) == (0, half)


# Altered and invented


@pytest.mark.parametrize(("kind", "said", "quoted"), MEANING_EDITS, ids=[edit[0] for edit in MEANING_EDITS])
def test_an_edit_that_changes_the_meaning_is_marked_as_altered(kind: str, said: str, quoted: str) -> None:
    assert said in SENTENCE
    text = f"Good morning all, and thank you for coming. {SENTENCE} That is all for today."
    tier, words = found(text, SENTENCE.replace(said, quoted, 1))
    assert tier is Tier.altered
    assert words == SENTENCE.rstrip(".")


def test_the_edits_are_of_28_kinds() -> None:
    assert len({kind for kind, _, _ in MEANING_EDITS}) == 28


def test_a_quote_of_two_words_is_verbatim_or_nothing() -> None:
    assert locate(NOTE, "Leeds factory") is None
    assert locate(NOTE, "training costs") is None
    assert locate("The go live date is set.", "go-live-date") is None


@pytest.mark.parametrize(
    "quote",
    [
        "The customer asked for a discount of twenty percent on every licence",
        "Bea Lindqvist approved the contract and will inform the works council",
        "the of in and is by the team then not and the plan",
    ],
)
def test_invented_words_are_not_found(quote: str) -> None:
    assert locate(NOTE, quote) is None


SAID_ONCE = "Tomoko will bring the signed works agreement to our next steering meeting in Leeds early next week"


def test_a_quote_with_every_other_word_changed_is_not_found() -> None:
    words = SAID_ONCE.split()
    words[1::2] = ["never", "any", "old", "loose", "about", "any", "budget", "from", "after"][: len(words[1::2])]
    assert locate(SAID_ONCE, " ".join(words)) is None


def test_a_quote_that_is_half_padding_is_not_found() -> None:
    text = f"{'One of us, one of them. ' * 40}{SAID_ONCE}."
    assert locate(text, " of ".join(SAID_ONCE.split())) is None


def test_the_beginning_of_a_sentence_with_another_ending_is_not_found() -> None:
    assert locate(SAID_ONCE, f"{' '.join(SAID_ONCE.split()[:9])} next door because nobody objected") is None


def test_common_words_alone_lead_nowhere() -> None:
    names = ("Bea", "Oskar", "Ilse", "Tomoko") * 12
    text = " ".join(f"It is in the hands of {name} and of the team." for name in names)
    assert locate(text, "It is in the harbour of Rostock and of the lighthouse") is None


def test_words_changed_shows_what_was_altered() -> None:
    changes = words_changed("The budget is $2 million, says Bea", "the budget is\n$1.5 million, not more, says Bea")
    changed = [(change.quoted, change.found) for change in changes if not change.same]
    assert changed == [("$2", "$1.5"), ("", "not more,")]
    assert " ".join(filter(None, (change.quoted for change in changes))) == "The budget is $2 million, says Bea"


def test_words_changed_takes_formatting_for_the_same() -> None:
    assert all(change.same for change in words_changed('the "maintenance" team', "The “main-\ntenance” team"))


def test_words_changed_compares_characters_where_words_have_no_spaces() -> None:
    changed = [(each.quoted, each.found) for each in words_changed("予算は十三億円", "予算は十五億円") if not each.same]
    assert changed == [("三", "五")]


# For any text

UNHURRIED = settings(deadline=None)
CHARACTERS = st.characters(exclude_categories=["Cs", "Co", "Cn"])
ODD = st.sampled_from(
    [
        *" \n\t-–—…ﬁßİΣςé§½²・。、のデﾃﾞ漢กำ한각ก\u0301\u0308\u200b\u00ad\u2060\u1161\u11a8\ufe0f",
        *("...", "**", "*", "1.5", "-\n", "(", "$ ", "plan", "Bea", "the", "42", "über"),
    ]
)
TEXTS = st.lists(st.one_of(ODD, CHARACTERS), max_size=60).map("".join)
SAID = "Bea Oskar the plan go-live in März 42 1.5 -5 “pilot” don’t 10–12 café offer—then, first (new) budget."
WORDS = st.lists(st.sampled_from(SAID.split()), min_size=6, max_size=60)
NEVER_SAID = st.sampled_from(["Klara", "not", "43", "15", "5", "1012", "reject"])


@UNHURRIED
@given(TEXTS, st.integers(0, 999), st.integers(0, 999))
@example("  ﬁ\u200b\u0301", 2, 3)
@example("  ำ\u200bᅡ", 2, 3)
@example("\ufe0f İﾞ", 1, 3)
@example("\ufe0f ﬁ\u03010", 2, 3)
def test_any_slice_that_cuts_no_word_is_found_exactly(text: str, one: int, other: int) -> None:
    edges = [at for at in range(len(text) + 1) if not is_cut(text, at)]
    start, end = sorted((edges[one % len(edges)], edges[other % len(edges)]))
    quote = text[start:end].strip()
    assume(fold(quote).text.strip())
    assume(not is_cut(text, start + text[start:end].find(quote)))
    assume(not is_cut(text, start + text[start:end].find(quote) + len(quote)))
    match = locate(text, quote)
    assert match is not None
    assert match.tier is Tier.exact
    assert text[match.start : match.end] == quote


@UNHURRIED
@given(TEXTS, TEXTS)
def test_offsets_never_leave_the_text(text: str, quote: str) -> None:
    match = locate(text, quote)
    if match is not None:
        assert 0 <= match.start < match.end <= len(text)
        assert all(match.start <= start < end <= match.end for start, end in match.pieces)
        assert match.occurrences >= 1
        assert match.tier is not Tier.none


@UNHURRIED
@given(TEXTS)
def test_folding_maps_every_character_back(text: str) -> None:
    folded = fold(text)
    last = 0
    for at in range(len(folded.text)):
        source = folded.source(at)
        assert last <= source < len(text)
        last = source
    if folded.text:
        assert folded.span(0, len(folded.text)) is not None


@UNHURRIED
@given(TEXTS)
def test_folding_twice_changes_nothing_more_in_plain_letters(text: str) -> None:
    assert fold(text).text.casefold() == fold(text).text


REWRITES = (
    lambda quote: quote.replace(" ", "\n"),
    lambda quote: quote.replace(" ", " \u00a0"),
    lambda quote: quote.replace("—", "-").replace("–", "-"),
    lambda quote: quote.replace("-", "\u2011"),
    lambda quote: quote.replace("“", '"').replace("”", '"').replace("’", "'"),
    str.upper,
    lambda quote: unicodedata.normalize("NFD", quote),
    lambda quote: quote.replace("fi", "ﬁ"),
    lambda quote: quote.replace("e", "e\u200b"),
    lambda quote: re.sub(r"(?<=[a-z]{2})(?=[a-z]{2})", "-\n", quote, count=1),
)


@UNHURRIED
@given(WORDS, st.data())
def test_rewriting_the_formatting_leads_back_to_the_same_words(words: list[str], data: st.DataObject) -> None:
    text = " ".join(words)
    first = data.draw(st.integers(0, len(words) - 1))
    last = data.draw(st.integers(first + 1, len(words)))
    quote = " ".join(words[first:last])
    rewritten = quote
    for rewrite in data.draw(st.lists(st.sampled_from(REWRITES), max_size=3)):
        rewritten = rewrite(rewritten)
    match = locate(text, rewritten)
    assert match is not None
    assert match.tier.proof
    assert fold(text[match.start : match.end]).text == fold(quote).text


@UNHURRIED
@given(WORDS, st.data())
def test_a_quote_with_a_word_replaced_by_one_never_said_is_not_proof(words: list[str], data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(words) - 1))
    quote = [*words[:at], data.draw(NEVER_SAID), *words[at + 1 :]]
    assert not tier_of(" ".join(words), " ".join(quote)).proof


@UNHURRIED
@given(st.integers(0, 10_000), st.data())
def test_a_quote_with_a_word_left_out_is_not_proof(seed: int, data: st.DataObject) -> None:
    words = random.Random(seed).sample([f"{a}{b}" for a in "bdfgklm" for b in ("an", "ot", "ir", "us")], 14)
    at = data.draw(st.integers(1, len(words) - 2))
    match = locate(" ".join(words), " ".join(words[:at] + words[at + 1 :]))
    assert match is not None
    assert match.tier is Tier.altered


@UNHURRIED
@given(st.lists(st.text("abcdefgh", min_size=2, max_size=7), min_size=3, max_size=20))
def test_words_that_were_never_said_are_nothing(words: list[str]) -> None:
    assert locate(NOTE.translate(str.maketrans("abcdefgh", "stuvwxyz")).lower(), " ".join(words)) is None


# Many quotes


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_goals_of_quality_hold_on_texts_from_a_seed(seed: int) -> None:
    corpus = invented_corpus(seed, 6_000)
    tiers: dict[str, list[Tier]] = {}
    for name, make in SCENARIOS.items():
        asked = make(random.Random(seed), corpus, 50)
        matches = locate_all(corpus.text, [each.quote for each in asked])
        tiers[name] = [match.tier if match else Tier.none for match in matches]
    assert tiers["in order"].count(Tier.exact) == 50
    assert tiers["shuffled"].count(Tier.exact) == 50
    assert sum(tier.proof for tier in tiers["formatting"]) >= 49
    assert tiers["paraphrase"].count(Tier.altered) >= 48
    assert tiers["ellipsis"].count(Tier.stitched) >= 45
    assert tiers["invented"].count(Tier.none) == 50


def test_meaning_edits_are_marked_in_a_long_text() -> None:
    text, asked = edited_quotes(invented_corpus(4, 6_000))
    matches = locate_all(text, [each.quote for each in asked])
    assert [match.tier for match in matches if match] == [Tier.altered] * 28


def test_the_time_grows_with_the_text_and_no_faster() -> None:
    def seconds(words: int) -> float:
        corpus = invented_corpus(5, words)
        quotes = [each.quote for each in SCENARIOS["paraphrase"](random.Random(5), corpus, 20)]
        times = []
        for _ in range(3):
            begun = time.process_time()
            locate_all(corpus.text, quotes)
            times.append(time.process_time() - begun)
        return min(times)

    assert seconds(64_000) < 30 * seconds(8_000)


def test_hostile_texts_take_no_long_time() -> None:
    begun = time.process_time()
    for unit in ("a ", "-", "\u0301", "e\u0301", ". ", "\u00ad \n", "x: ", "- ", "の", "a-", "a-\n", "Bea: yes ... "):
        text = unit * (50_000 // len(unit))
        locate_all(text, ["a a a a a ... a a a a", "plan - plan", "a b c d e f g", text[:300], text[:300] + "b"])
    assert time.process_time() - begun < 20


def test_many_quotes_at_once_are_found_as_each_alone() -> None:
    quotes = ["go live at the Leeds plant", "the budget is 2 million not 15 million growth", "nothing of that kind"]
    quotes += [
        "Leeds factory",
        "Tomoko owns the rollout plan",
        "go live at the Leeds plant ... in the maintenance team",
    ]
    assert [locate(NOTE, quote) for quote in quotes] == locate_all(NOTE, quotes)


def test_quotes_of_real_notes_are_found_exactly(shared: Path) -> None:
    for path in sorted(shared.glob("data/meetings/ami/*.txt"))[:3]:
        corpus = Corpus.of(path.read_text(encoding="utf-8"))
        asked = SCENARIOS["shuffled"](random.Random(path.name), corpus, 50)
        matches = locate_all(corpus.text, [each.quote for each in asked])
        assert [match.tier for match in matches if match] == [Tier.exact] * 50
