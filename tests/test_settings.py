"""Settings: one place reads the environment, and says what is wrong with it."""

import pytest

from pipeline import settings
from pipeline.errors import BadSetting


def test_without_any_variable_every_setting_has_a_default() -> None:
    loaded = settings.load({})
    assert loaded.chosen_proposer == "rules"
    assert loaded.host == "127.0.0.1"


def test_a_variable_sets_its_setting_and_an_option_wins_over_it() -> None:
    assert settings.load({"NOTES2PLAN_PORT": "9000"}).port == 9000
    assert settings.load({"NOTES2PLAN_PORT": "9000"}, port=9001).port == 9001


def test_an_empty_variable_means_the_default() -> None:
    assert settings.load({"NOTES2PLAN_PORT": ""}).port == settings.Settings.model_fields["port"].default


def test_a_model_is_used_when_one_is_configured() -> None:
    told = {"NOTES2PLAN_MODEL_URL": "http://127.0.0.1:1/v1", "NOTES2PLAN_MODEL": "some"}
    assert settings.load(told).chosen_proposer == "model"
    assert settings.load({**told, "NOTES2PLAN_PROPOSER": "rules"}).chosen_proposer == "rules"


@pytest.mark.parametrize(
    ("name", "value"), [("NOTES2PLAN_PORT", "often"), ("NOTES2PLAN_PARSE_SECONDS", "-1"), ("NOTES2PLAN_PROT", "9000")]
)
def test_what_cannot_be_used_is_named_by_its_variable(name: str, value: str) -> None:
    with pytest.raises(BadSetting, match=name):
        settings.load({name: value})


def test_a_key_is_never_printed() -> None:
    assert "secret" not in repr(settings.load({"NOTES2PLAN_MODEL_KEY": "secret"}))
