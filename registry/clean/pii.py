"""Personal data: e-mail addresses, phone, card, account and identity numbers, IP addresses, checked by their checksums.

What is found is taken out of the text of every row, also of those that leave or left before: the ledger shows texts.
"""

from typing import Annotated, Any, ClassVar, Literal

import polars as pl
from pydantic import Field, field_validator

from registry.frozen import Frozen
from registry.text import inputs
from registry.texts.pii import POSSIBLE, Kind, redacted


class Pii(Frozen):
    """`redact` puts `<EMAIL>`, `<PHONE>` and so on in place of what is found. `drop` lets such rows leave, too.

    Put it after `unescape_html`, `strip_html`, `control_characters` and `fix_unicode`: they uncover what entities,
    tags and unseen characters hide. A row that left before is redacted as well.
    """

    kinds: Annotated[tuple[Kind, ...], Field(min_length=1)] = (
        "email", "phone", "ip", "payment_card", "iban", "resident_id",
    )  # fmt: skip
    """`uscc`, the numbers of Chinese organisations, is no personal data as a rule."""
    regions: tuple[Annotated[str, Field(pattern="^[A-Z]{2}$")], ...] = ("CN", "US")
    """Where phone numbers may be written as they are dialled there (ISO 3166); those with + are found anyway."""
    action: Literal["redact", "drop"] = "redact"

    version: ClassVar[int] = 1
    libraries: ClassVar[tuple[str, ...]] = ("phonenumbers",)
    examples: ClassVar[tuple[tuple[dict[str, Any], str, str | None], ...]] = (
        ({}, "Mail me: jane.doe@example.org!", "Mail me: <EMAIL>!"),
        ({}, "电话13800138000，找王先生", "电话<PHONE>，找王先生"),
        ({}, "call +49 30 901820 or (202) 456-1111", "call <PHONE> or <PHONE>"),
        ({}, "from 192.0.2.7 with version 10.0.0.1", "from <IP> with version 10.0.0.1"),
        ({}, "4111 1111 1111 1111 but not 4111 1111 1111 1112", "<PAYMENT_CARD> but not 4111 1111 1111 1112"),
        ({}, "身份证号：11010519491231002X。", "身份证号：<RESIDENT_ID>。"),
        ({}, "to DE89 3704 0044 0532 0130 00 please", "to <IBAN> please"),
        ({"action": "drop"}, "jane.doe@example.org", None),
        ({"kinds": ["ip"], "action": "drop"}, "jane.doe@example.org", "jane.doe@example.org"),
    )

    @field_validator("regions")
    @classmethod
    def _known(cls, regions: tuple[str, ...]) -> tuple[str, ...]:
        from phonenumbers import SUPPORTED_REGIONS

        unknown = [region for region in regions if region not in SUPPORTED_REGIONS]
        if unknown:
            raise ValueError(f"{unknown[0]} is no region with phone numbers of its own")
        return regions

    def concealed(self, text: str) -> str:
        """A text without what this finds, to be shown to people."""
        return redacted(text, self.kinds, self.regions)[0]

    def apply(self, rows: pl.DataFrame) -> pl.DataFrame:
        for name in inputs(rows):
            texts = rows.filter(pl.col(name).str.contains(POSSIBLE))[name].unique()
            found = {text: after for text in texts if (after := redacted(text, self.kinds, self.regions))[1]}
            old = pl.Series(list(found), dtype=pl.String)
            new = pl.Series([text for text, _ in found.values()], dtype=pl.String)
            why = pl.Series([f"personal data: {', '.join(kinds)}" for _, kinds in found.values()], dtype=pl.String)
            if self.action == "drop":
                reason = pl.col(name).replace_strict(old, why, default=None)
                rows = rows.with_columns(_reason=pl.coalesce("_reason", reason))
            rows = rows.with_columns(pl.col(name).replace(old, new))
        return rows
