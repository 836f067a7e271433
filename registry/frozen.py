"""The base of every typed value that is written in a card: immutable, and unknown keys are refused."""

import math
from typing import Annotated, Any, Literal, get_args

from pydantic import BaseModel, BeforeValidator, ConfigDict, ValidationInfo, field_validator
from pydantic_core import PydanticKnownError


class Frozen(BaseModel):
    """A value that cannot change after it was checked. Its numbers are finite, and written as numbers."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=False, allow_inf_nan=False)

    @field_validator("*", mode="before")
    @classmethod
    def _neither_true_nor_text_is_a_number(cls, value: Any, info: ValidationInfo) -> Any:
        if isinstance(value, bool) or (isinstance(value, str) and _reads_as_number(value)):
            declared = cls.model_fields[info.field_name or ""].annotation
            taken = {getattr(one, "__origin__", one) for one in (declared, *get_args(declared))}
            if not taken & {bool, str, Literal} and taken & {int, float}:
                raise PydanticKnownError("int_type" if int in taken else "float_type")
        return value


def _reads_as_number(text: str) -> bool:
    """Whether a text would be taken for a number; one that would not has an error of its own."""
    try:
        return math.isfinite(float(text))
    except ValueError:
        return False


def as_written(value: Any) -> Any:
    """The text of a YAML number, so that a version 4.10 does not become 4.1."""
    return getattr(value, "written", value)


Text = Annotated[str, BeforeValidator(as_written)]
"""A string; a plain YAML number is taken as it was written."""
