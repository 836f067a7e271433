"""The shares of the three splits, as a card writes them under `ratios`."""

import math
from typing import Self

from pydantic import Field, model_validator

from registry.frozen import Frozen


class Ratios(Frozen):
    """Shares that add up to 1. One that is not written is its default."""

    train: float = Field(0.8, ge=0, le=1)
    validation: float = Field(0.1, ge=0, le=1)
    test: float = Field(0.1, ge=0, le=1)

    @model_validator(mode="after")
    def _add_up(self) -> Self:
        total = self.train + self.validation + self.test
        if not math.isclose(total, 1, abs_tol=1e-9):
            unwritten = [f"{name} {share:g}" for name, share in self if name not in self.model_fields_set]
            defaults = f" with {' and '.join(unwritten)}, the default of what is not written" if unwritten else ""
            raise ValueError(f"the ratios add up to {total:.9g}{defaults}; they must add up to 1")
        return self

    @property
    def promised(self) -> tuple[str, ...]:
        """The splits that get a share."""
        return tuple(name for name, share in self if share > 0)
