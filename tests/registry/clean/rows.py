"""Rows as row ops see them."""

import polars as pl


def rows(*texts, pairs=None, reasons=None):
    columns = {"text": texts} if pairs is None else {"text": texts, "text_pair": pairs}
    found = {"id": [str(number) for number in range(len(texts))], **columns, "_reason": reasons or [None] * len(texts)}
    return pl.DataFrame(found, schema=dict.fromkeys(found, pl.String))


def fates(op, *texts):
    """The reason of each text; None where it stays."""
    return op.apply(rows(*texts))["_reason"].to_list()


def texts_after(op, *texts):
    return op.apply(rows(*texts))["text"].to_list()
