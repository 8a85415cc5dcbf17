"""What every record is: frozen, closed to unknown fields, compared by value."""

from pydantic import BaseModel, ConfigDict


class Record(BaseModel):
    """Base of all nouns. Instances never change; `model_copy(update=...)` makes the next one."""

    model_config = ConfigDict(frozen=True, extra="forbid")
