"""Documents of the card's collection, each with a grade: 1 and more for relevant ones, the higher the better."""

from typing import ClassVar

import polars as pl

from registry.annotation.spec import Form
from registry.errors import UserError
from registry.target import filled, read_list, refuse_type, spelled_list

JUDGED = pl.Struct({"document": pl.String, "grade": pl.Int64})


class Relevant:
    closed: ClassVar[bool] = False
    forms: ClassVar[tuple[Form, ...]] = ()
    beside: ClassVar[str] = ""

    def spelled(self, column: pl.Series) -> pl.Series:
        """An id, or ids without grades, are relevant in grade 1; judged and found not relevant (0 and less) says
        nothing and goes. Where nothing is relevant there is no answer: no ranking could be told from another by it.
        UserError for other types, for a document twice, and for grades that are no whole numbers.
        """
        lists = self._lists(column)
        judged = pl.DataFrame({"v": lists}).with_row_index("row").explode("v").drop_nulls("v").unnest("v")
        whole = judged["grade"].cast(pl.Int64, strict=False)
        if judged["document"].is_null().any() or not (whole.cast(pl.Float64) == judged["grade"].cast(pl.Float64)).all():
            what = f'the column "{column.name}" has a document without an id, or a grade that is no whole number'
            raise UserError(what, do="Grades are 0, 1, 2 ...; round them in `select:`.")
        twice = judged.filter(judged.select("row", "document").is_duplicated())
        if twice.height:
            raise UserError(f'the column "{column.name}" names {twice["document"][0]!r} twice for one query')
        kept = pl.col("v").list.eval(
            pl.element().filter(pl.element().struct.field("grade").cast(pl.Int64) >= 1).cast(JUDGED).sort()
        )
        found = pl.DataFrame({"v": lists}).select(v=kept)
        return spelled_list(found.select(pl.when(pl.col("v").list.len() > 0).then("v")).to_series())

    def read(self, spelled: pl.Series) -> pl.Series:
        return read_list(spelled, JUDGED)

    def _lists(self, column: pl.Series) -> pl.Series:
        """Lists of document and grade, whatever the column holds."""
        dtype = column.dtype
        inner = dtype.inner if isinstance(dtype, pl.List) else None
        if isinstance(inner, pl.Struct) and {field.name for field in inner.fields} == {"document", "grade"}:
            both = pl.struct(pl.element().struct.field("document").cast(pl.String), pl.element().struct.field("grade"))
            return pl.DataFrame({"v": column}).select(pl.col("v").list.eval(both)).to_series()
        if inner is not None and not inner.is_nested():
            ids = column.cast(pl.List(pl.String))
        elif dtype.is_nested() or dtype == pl.Binary:
            do = "For example list({'document': doc, 'grade': grade} ORDER BY doc) AS relevant."
            raise refuse_type(column, "an id, a list of ids, or a list of {document, grade}", do)
        else:
            one = pl.DataFrame({"v": filled(column)})
            ids = one.select(pl.when(pl.col("v").is_not_null()).then(pl.concat_list("v"))).to_series()
        graded = pl.struct(pl.element().alias("document"), pl.lit(1, dtype=pl.Int64).alias("grade"))
        return pl.DataFrame({"v": ids}).select(pl.col("v").list.eval(graded)).to_series()
