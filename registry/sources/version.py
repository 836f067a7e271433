"""The published version of another card, so that cards derive from cards.

    films: {version: {card: films, digest: 0123456789ab}, file_column: split}
    books: {version: {card: books, digest: 0123456789ab, split: train}}

`digest` pins the version: the content digest that `bench build` prints, or 12 digits or more of its beginning. That
version is taken from the store; where it is not there, the other card is built as it stands, and another digest is an
error. `split` takes one split; without it all of them are read as one table, in which `file_column: split` tells where
a row was. The columns are those that were published: id, text, label and the like. To mix cards, name several such
sources and join them in `select:`.

With the same split method and seed a row keeps its split, where it has the same key. Where the other card declares ids
of its own, select `id`; otherwise leave it out, because there the text was the key. The text is as it was published,
that is cleaned, so a row that cleaning changed may land in another split; `file_column: split` with
`split: {method: given}` leaves every row of a whole version where it was.
"""

import hashlib
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

from pydantic import Field

from registry.errors import UserError
from registry.frozen import Frozen, Text
from registry.reading.formats import Guess
from registry.source import FetchContext, Fetched, Pin, RawFile

if TYPE_CHECKING:
    from registry.store import Published

DIGITS = "it is 12 to 64 digits of 0-9 and a-f, as `bench build` prints them"


class Version(Frozen):
    """A card, the content digest of one version of it, and one split or all."""

    live: ClassVar[bool] = True
    card: Annotated[Text, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,63}$", description="it is the name of another card")]
    digest: Annotated[Text, Field(pattern="^[0-9a-f]{12,64}$", description=DIGITS)]
    split: Literal["train", "validation", "test"] | None = None

    @property
    def file_name(self) -> None:
        """A version is looked up in its own store."""

    @property
    def default_format(self) -> Guess:
        return Guess("parquet", {})

    def fetch(self, context: FetchContext, pin: Pin) -> Fetched:  # noqa: ARG002 - the digest pins it
        """The splits that hold rows, each under its name."""
        published = self._published(context)
        rows = {name: counts["rows"] for name, counts in published.manifest["splits"].items()}
        names = [name for name in rows if rows[name] and self.split in (None, name)]
        if not names:
            filled = ", ".join(name for name in rows if rows[name])
            raise UserError("holds no rows", where=self.describe(), do=f"These hold some: {filled}.")
        return Fetched(tuple(self._file(published, name) for name in sorted(names)))

    def describe(self) -> str:
        return f"{self.split or 'all splits'} of version {self.digest[:12]} of {self.card}"

    def _published(self, context: FetchContext) -> "Published":
        from registry import store

        if store.holds(context.home, self.card, self.digest):
            found = store.by_digest(context.home, self.card, self.digest)
            store.use(found)
            return found
        if context.version_of is None:
            raise UserError("is not in the store", where=self.describe(), do=f"`bench build {self.card}` may make it.")
        built = context.version_of(self.card)
        if built.digest.startswith(self.digest):
            return built
        what = f"{self.card} is another version now: pinned {self.digest}, got {built.digest}"
        do = f"Where the change is meant, write `digest: {built.digest[:12]}`; otherwise restore {self.card} as it was."
        raise UserError(what, where=self.describe(), do=do)

    def _file(self, published: "Published", split: str) -> RawFile:
        """A split under the hash of its rows' own name: the bytes of a Parquet file differ between libraries."""
        from registry.digest import stored

        path = published.split(split)
        if not stored(path, published.manifest["checksums"][split]):
            what = f"{path.name} was changed after it was published, or is gone"
            raise UserError(what, where=str(published.folder), do="Remove that folder and build again.")
        return RawFile(split, path, hashlib.sha256(f"{published.digest} {split}".encode()).hexdigest())
