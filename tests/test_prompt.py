"""Prompt files: closed inputs, stamps that follow every change, and texts that stay data."""

import importlib.resources
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jinja2 import UndefinedError

from pipeline import prompt

FILE = """---
id: greet
version: 2
purpose: To greet.
inputs: [name, mood]
output: tests.Nothing
max_tokens: 50
---
## system
Be {{ mood }}.

## user
Hello {{ name }}.{% if mood %}

Yes.
{% endif %}
"""


def test_every_prompt_of_the_project_loads_and_says_what_it_is_for() -> None:
    names = [each.name for each in importlib.resources.files("prompts").iterdir() if each.name.endswith(".md")]
    assert names
    for name in names:
        loaded = prompt.load(name.removesuffix(".md"))
        assert loaded.id == name.removesuffix(".md")
        assert loaded.purpose
        module, _, shape = loaded.output.rpartition(".")
        assert hasattr(importlib.import_module(module), shape)


def test_a_prompt_is_filled_with_exactly_its_inputs() -> None:
    loaded = prompt.parse(FILE)
    assert loaded.fill({"name": "Ada", "mood": "kind"}) == ("Be kind.", "Hello Ada.\nYes.")
    for wrong in ({"name": "Ada"}, {"name": "Ada", "mood": "kind", "more": "x"}):
        with pytest.raises(TypeError, match="greet"):
            loaded.fill(wrong)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("inputs: [name, mood]", "inputs: [name]"),
        ("inputs: [name, mood]", "inputs: [name, mood, more]"),
        ("purpose: To greet.\n", ""),
        ("## user", "## anything"),
        ("version: 2", "version: 2\nextra: 1"),
    ],
)
def test_a_malformed_prompt_is_refused_when_it_is_loaded(old: str, new: str) -> None:
    assert old in FILE
    with pytest.raises(ValueError, match=r"."):
        prompt.parse(FILE.replace(old, new))


def test_what_a_value_lacks_is_a_mistake_and_no_empty_word() -> None:
    loaded = prompt.parse(FILE.replace("{{ mood }}", "{{ mood.deep }}"))
    with pytest.raises(UndefinedError):
        loaded.fill({"name": "Ada", "mood": "kind"})


def test_the_stamp_follows_every_change_of_the_file_and_of_its_examples() -> None:
    stamps = {
        prompt.parse(FILE).stamp,
        prompt.parse(FILE.replace("kind", "kinder").replace("Hello", "Hi")).stamp,
        prompt.parse(FILE, ("{}",)).stamp,
        prompt.parse(FILE, ('{"a": 1}',)).stamp,
        prompt.parse(FILE, ("{}", "{}")).stamp,
    }
    assert len(stamps) == 5
    assert all(re.fullmatch(r"greet/2/[0-9a-f]{16}", stamp) for stamp in stamps)


def test_a_value_is_never_read_as_a_template() -> None:
    filled = prompt.parse(FILE).fill({"name": "{{ 7 * 7 }}{% raw %}", "mood": "{{ mood }}"})
    assert "{{ 7 * 7 }}{% raw %}" in filled[1]
    assert "{{ mood }}" in filled[0]


@given(st.text())
def test_a_text_stands_whole_between_words_that_its_author_could_not_know(text: str) -> None:
    nonce = prompt.new_nonce(text)
    fenced = prompt.fenced(text, nonce)
    assert nonce not in text
    assert fenced.count(nonce) == 2
    assert text in fenced


def test_a_fence_is_refused_when_its_word_stands_in_the_text() -> None:
    with pytest.raises(ValueError, match="nonce"):
        prompt.fenced("say f00d", "f00d")


def test_no_two_questions_share_a_word() -> None:
    assert len({prompt.new_nonce("") for _ in range(50)}) == 50
