"""How well the tokens of a text and of its reference find each other among an encoder's vectors (BERTScore)."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from harness.device import Device
from harness.metric import FloatArray, Reads
from harness.statistics.confusion import no_rows, ratio

if TYPE_CHECKING:
    import polars as pl


class Bertscore:
    """The mean of F1 over lines, without idf weights and without rescaling.

    Source: Zhang et al. 2020, "BERTScore: Evaluating Text Generation with BERT". Precision is the mean over the tokens
    of the text of their highest cosine to a token of the reference, recall the same from the reference; as in the
    authors' package, the special tokens at the ends can be found but do not count. The vectors are those of the last
    layer of a small English encoder, so values compare with each other only, not with those of larger ones. A text or
    a reference without tokens scores 0.
    """

    version: ClassVar[int] = 1
    reads: ClassVar[Reads] = "measured"
    lowest: ClassVar[float] = 0.0
    highest: ClassVar[float] = 1.0
    higher_is_better: ClassVar[bool] = True
    is_proportion: ClassVar[bool] = False
    weights_of: ClassVar[str] = "minilm-probe"
    """The model card whose weights measure."""
    examples: ClassVar[tuple[dict[str, Any], ...]] = (
        {"gold": [0.0, 0.0], "predicted": [0.5, 1.0], "classes": 0, "value": 0.75},
        {"gold": [0.0], "predicted": [0.0], "classes": 0, "value": 0.0},
    )

    def measure(self, lines: "pl.DataFrame", weights: Path, device: Device) -> FloatArray:
        """(n,): F1 of `predicted` against `gold` line by line. UserError where the weights cannot be used."""
        from harness.training.bertscore import greedy_f1

        return greedy_f1(lines["predicted"].to_list(), lines["gold"].to_list(), weights, device)

    def obstacle(self, gold: FloatArray, labels: Sequence[str]) -> str | None:  # noqa: ARG002 - the contract's signature
        """Only an empty split."""
        return no_rows(gold)

    def contributions(self, gold: FloatArray, predicted: FloatArray, classes: int) -> FloatArray:  # noqa: ARG002
        """(n, 2): the F1 of a line, and 1 for being there."""
        return np.column_stack([predicted, np.ones(len(predicted))])

    def value(self, totals: FloatArray) -> FloatArray:
        """(..., 2) -> (...); nan where there is no line."""
        return ratio(totals[..., 0], totals[..., 1])
