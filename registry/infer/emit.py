"""Values to YAML that `registry.yamlsource` reads back as they were, and comments that no foreign text can end.

Owns the quoting: a plain scalar only where it can mean nothing but itself, else double quotes with escapes.
"""

import re
from collections.abc import Mapping, Sequence
from textwrap import wrap
from typing import Any

from registry.yamlsource import scalar as meaning

WIDTH = 100
_PLAIN = re.compile(r"[^\W\d][\w./+-]*( [\w./+-]+)*")
"""Words that begin with a letter, with single spaces between them: no character that YAML gives a meaning."""

_SHORT = {'"': '\\"', "\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"}
_WORDS = frozenset({"true", "false", "null", "yes", "no", "on", "off", "y", "n"})
"""Words that some reader takes for a value."""


def scalar(text: str) -> str:
    """A string as one YAML word on one line."""
    plain = _PLAIN.fullmatch(text) and text.lower() not in _WORDS and meaning(text) == text
    return text if plain and text.isprintable() else quoted(text)


def quoted(text: str) -> str:
    """A string in double quotes; what cannot be seen is escaped."""
    return '"' + "".join(_escaped(char) for char in text) + '"'


def value(data: Any) -> str:
    """Any plain value in flow style, on one line."""
    if isinstance(data, str):
        return scalar(data)
    if isinstance(data, Mapping):
        return "{" + ", ".join(f"{scalar(str(key))}: {value(inner)}" for key, inner in data.items()) + "}"
    if isinstance(data, Sequence):
        return "[" + ", ".join(value(inner) for inner in data) + "]"
    if isinstance(data, bool):
        return str(data).lower()
    return "null" if data is None else f"{data}"


def comment(text: str, indent: str = "") -> list[str]:
    """Comment lines of a readable width."""
    seen = "".join(char if char.isprintable() else ascii(char)[1:-1] for char in text)
    return [f"{indent}# {line}" for line in wrap(seen, WIDTH, break_long_words=False, break_on_hyphens=False)]


def block(text: str, indent: str = "  ") -> str:
    """Several lines as a literal block, or quoted where a line holds what a block cannot."""
    lines = text.split("\n")
    if all(line.isprintable() and line.strip() == line and line for line in lines):
        return "\n".join(["|", *(indent + line for line in lines)])
    return quoted(text)


def _escaped(char: str) -> str:
    if char in _SHORT:
        return _SHORT[char]
    return char if char.isprintable() else f"\\U{ord(char):08x}"
