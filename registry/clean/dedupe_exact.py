"""One row per text: equal after NFKC, lower case and white space are folded.

The row in the strictest split stays, the one with the smallest id among those, so that neither row order nor
growth of the data moves a text from test to train.
"""

from typing import Any, ClassVar

import polars as pl

from registry.clusters import Conflict, reduced
from registry.frozen import Frozen
from registry.op import Links, staying
from registry.text import marks, same


class DedupeExact(Frozen):
    """`conflict` says what happens where equal texts bear different labels.

    `drop`: all of them leave. `pool`: their votes are put together, or, without votes, the most frequent label
    wins and a tie leaves. `refuse`: the build stops.
    """

    conflict: Conflict = "drop"

    version: ClassVar[int] = 2
    libraries: ClassVar[tuple[str, ...]] = ()
    examples: ClassVar[tuple[tuple[dict[str, Any], str, str | None], ...]] = (({}, "alone", "alone"),)

    def keys(self, rows: pl.DataFrame) -> pl.DataFrame:
        return marks(rows)

    def links(self, keys: pl.DataFrame) -> Links:
        return {"same": same(keys).to_frame()}

    def settle(self, rows: pl.DataFrame, links: Links) -> pl.DataFrame:
        after = reduced(rows, links["same"]["place"], self.conflict, "dedupe_exact")
        new = rows.select(staying()).to_series() & after["_duplicate_of"].is_not_null()
        return after.with_columns(_similarity=pl.when(new).then(1.0).otherwise("_similarity"))
