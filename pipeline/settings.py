"""The only reader of the environment: every setting, its variable, its default, and what it is for."""

import getpass
import os
from collections.abc import Mapping
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from pipeline.errors import BadSetting

PREFIX = "NOTES2PLAN_"
ROOT = Path(__file__).resolve().parent.parent
"""Where the packages lie, in a checkout and in an installed wheel alike."""


class Settings(BaseModel):
    """All settings. The variable of a field is NOTES2PLAN_ and its name in capitals."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    home: Path = Field(default_factory=lambda: Path.home() / ".notes2plan", description="The data folder.")
    user: str = Field(default_factory=getpass.getuser, description="Who acts, until people sign in.")
    database_url: str = Field("", description="PostgreSQL URL; empty means one SQLite file in the data folder.")
    chroma_url: str = Field("", description="Chroma server, host:port; empty means an embedded one in the data folder.")
    proposer: str = Field("", description="rules or model; empty means model when one is configured, else rules.")
    model_url: str = Field("", description="Base URL of an OpenAI-compatible server, e.g. http://127.0.0.1:11434/v1.")
    model_key: str = Field("", repr=False, description="Key for that server, if it needs one.")
    model: str = Field("", description="Model name at that server.")
    model_deadline: float = Field(120.0, gt=0, description="Seconds for one model call, retries and all.")
    model_retries: int = Field(2, ge=0, description="Further tries after a failed call.")
    model_context_tokens: int = Field(16_000, ge=2_000, description="Context size of the model.")
    model_max_tokens: int = Field(4_000, ge=256, description="Longest answer asked for.")
    model_tokens_per_day: int = Field(0, ge=0, description="Token budget per account and day; 0 means none.")
    model_cache: bool = Field(True, description="Whether equal questions are answered from the own cache.")
    examples: bool = Field(False, description="Whether past decisions of the account are shown to the model.")
    embeddings: str = Field("local", description="local, off, or the base URL of an embeddings server.")
    embeddings_model: str = Field("all-MiniLM-L6-v2", description="Model name at the embeddings server.")
    embeddings_key: str = Field("", repr=False, description="Key for that server, if it needs one.")
    threads: int = Field(0, ge=0, description="Threads for embeddings; 0 lets the library choose.")
    max_file_mb: float = Field(25.0, gt=0, description="Largest file taken, in megabytes.")
    max_text_chars: int = Field(2_000_000, gt=0, description="Longest text taken, in characters.")
    parse_seconds: float = Field(60.0, gt=0, description="Longest time for parsing one file.")
    parse_memory_mb: int = Field(1_500, gt=0, description="Most memory for parsing one file.")
    slice_tokens: int = Field(2_500, gt=0, description="Budget for the slice of the plan that a note is set beside.")
    filing_tokens: int = Field(12_000, gt=0, description="Budget for the passages of a long filing that a model reads.")
    host: str = Field("127.0.0.1", description="Address that `serve` binds; the loopback until people sign in.")
    port: int = Field(8770, ge=0, lt=65536, description="Port that `serve` binds; 0 picks a free one.")

    @property
    def has_model(self) -> bool:
        """Whether a model server is configured."""
        return bool(self.model_url and self.model)

    @property
    def chosen_proposer(self) -> str:
        """The proposer to use when nobody asks for another."""
        return self.proposer or ("model" if self.has_model else "rules")


def variable(field: str) -> str:
    """The environment variable of a setting."""
    return PREFIX + field.upper()


def load(environment: Mapping[str, str] | None = None, **overrides: object) -> Settings:
    """Settings from the environment, with `overrides` (None means not given) on top.

    Raises BadSetting naming the variable that can't be used, also for a NOTES2PLAN_ variable that does not exist.
    """
    env = os.environ if environment is None else environment
    known = {variable(field): field for field in Settings.model_fields}
    given: dict[str, object] = {}
    for name, value in env.items():
        if name.startswith(PREFIX) and value != "":
            if name not in known:
                raise BadSetting(name, "There is no such setting; `notes2plan settings` lists them all.")
            given[known[name]] = value
    given |= {name: value for name, value in overrides.items() if value is not None}
    try:
        return Settings.model_validate(given)
    except ValidationError as error:
        first = error.errors()[0]
        raise BadSetting(f"{variable(str(first['loc'][0]))}: {first['msg']}") from None
