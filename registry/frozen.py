"""The base of every typed value that is written in a card: immutable, and unknown keys are refused."""

from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict


class Frozen(BaseModel):
    """A value that cannot change after it was checked. Its numbers are finite."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=False, allow_inf_nan=False)


def as_written(value: Any) -> Any:
    """The text of a YAML number, so that a version 4.10 does not become 4.1."""
    return getattr(value, "written", value)


Text = Annotated[str, BeforeValidator(as_written)]
"""A string; a plain YAML number is taken as it was written."""
