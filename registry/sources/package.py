"""A file of a package registry: an archive of one version of one package.

`pypi`: the source archive or the pure-Python wheel (`artifact:`), from the index that pip is set up with. `npm`: the
tarball, through the npm client with the user's own settings and logins. `debian`: the .deb for an `architecture:`,
through apt-get; in `path:` its files are below `data.tar.xz!` (or .zst, .gz).

The archive is fetched and checked, never installed or run. The registry's own checksum and the card's pin must both
hold before a single byte of it is given out.
"""

import re
from typing import Annotated, Any, ClassVar, Literal, NamedTuple, Protocol, Self

from pydantic import ConfigDict, Field, ValidationInfo, field_validator, model_validator

from registry.frozen import Frozen, Text
from registry.kinds import Kinds
from registry.source import FetchContext, Fetched, Pin, RawFile

REGISTRIES = Kinds("registry.packages", "package registry", "bench list sources")
OWN_FIELD = {"debian": "architecture", "pypi": "artifact"}
"""The field that packages of this registry need, and that others do not have."""
LONGEST = 214
"""Characters of a name or version: what npm allows."""


def _schema(schema: dict[str, Any]) -> None:
    """For editors: which registry needs which field."""
    own = set(OWN_FIELD.values())
    schema["oneOf"] = [
        {
            "properties": {"registry": {"const": name}, **dict.fromkeys(sorted(own - {OWN_FIELD.get(name)}), False)},
            "required": [OWN_FIELD[name]] if name in OWN_FIELD else [],
        }
        for name in REGISTRIES.names()
    ]


class Spelling(NamedTuple):
    """How a registry writes a name or a version: the pattern of the whole, and the same in words."""

    pattern: str
    words: str


class Registry(Protocol):
    """One package as its registry knows it, made from a `Package`."""

    names: ClassVar[Spelling]
    versions: ClassVar[Spelling]

    @property
    def file_name(self) -> str: ...

    def describe(self) -> str:
        """One line for people, without credentials."""

    def fetch(self, context: FetchContext, pin: Pin) -> str:
        """The sha256 under which the archive now lies in `context.store`."""


class Package(Frozen):
    """One archive of a package."""

    model_config = ConfigDict(json_schema_extra=_schema)

    live: ClassVar[bool] = False
    registry: Literal["debian", "npm", "pypi"] = Field(description="which kind of registry")
    name: Text
    version: Text
    artifact: Literal["sdist", "wheel"] | None = Field(
        None, description="sdist for the source archive, or wheel for the one without compiled code"
    )
    architecture: Annotated[Text, Field(pattern=r"^[a-z0-9][a-z0-9-]*$")] | None = Field(
        None, description="all, or the one such as amd64 that it is built for"
    )

    @field_validator("name", "version")
    @classmethod
    def _is_one(cls, value: str, info: ValidationInfo) -> str:
        registry = info.data.get("registry")
        if registry is None:
            return value  # that mistake is told already
        spelling: Spelling = getattr(REGISTRIES.get(registry), f"{info.field_name}s")
        if len(value) > LONGEST or not re.fullmatch(spelling.pattern, value):
            raise ValueError(f"is no {info.field_name} of a package of {registry}: {spelling.words}")
        return value

    @field_validator(*sorted(OWN_FIELD.values()))
    @classmethod
    def _belongs(cls, value: str | None, info: ValidationInfo) -> str | None:
        registry = info.data.get("registry")
        if value is not None and registry and OWN_FIELD.get(registry) != info.field_name:
            raise ValueError(f"packages of {registry} have no `{info.field_name}`; remove it")
        return value

    @model_validator(mode="after")
    def _complete(self) -> Self:
        own = OWN_FIELD.get(self.registry)
        if own and getattr(self, own) is None:
            raise ValueError(f"packages of {self.registry} need `{own}`: {type(self).model_fields[own].description}")
        return self

    @property
    def file_name(self) -> str:
        return self._registered.file_name

    @property
    def default_format(self) -> None:
        """An archive: the card names the member and with it the format."""

    def fetch(self, context: FetchContext, pin: Pin) -> Fetched:
        """The archive, checked against the registry's checksum and the pin before anything of it is kept."""
        sha256 = self._registered.fetch(context, pin)
        return Fetched((RawFile(self.file_name, context.store / sha256, sha256),))

    def describe(self) -> str:
        return self._registered.describe()

    @property
    def _registered(self) -> Registry:
        registered: Registry = REGISTRIES.get(self.registry)(self)
        return registered
