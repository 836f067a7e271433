"""What a terminal sends, as keys: pure, whatever pieces the bytes come in.

A key is the character that it types, or one of the names below; what is pasted is one key, so that no part of it can
be taken for a command.
"""

import re

ENTER, BACKSPACE, ESCAPE, INTERRUPT, SUSPEND = "\r", "\x7f", "\x1b", "\x03", "\x1a"
UP, DOWN, RIGHT, LEFT = "\x1b[A", "\x1b[B", "\x1b[C", "\x1b[D"
HOME, END, DELETE, PAGE_UP, PAGE_DOWN = "\x1b[H", "\x1b[F", "\x1b[3~", "\x1b[5~", "\x1b[6~"
PASTE, PASTE_END = "\x1b[200~", "\x1b[201~"
"""A key that begins with PASTE is the text behind it."""

SAME = {
    "\n": ENTER, "\x08": BACKSPACE, "\x1b[1~": HOME, "\x1b[7~": HOME, "\x1b[4~": END, "\x1b[8~": END,
    **{f"\x1bO{letter}": f"\x1b[{letter}" for letter in "ABCDHF"},
}  # fmt: skip
"""Other spellings, by other terminals."""

KEY = re.compile(
    r"(?P<paste>\x1b\[200~.*?\x1b\[201~)|\x1b\[(?!200~)[0-?]*[ -/]*[@-~]|\x1bO[@-~]"
    r"|(?P<begun>\x1b(\[.*|O)?\Z)|.",
    re.DOTALL,
)

CONTROLS = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]+")


def decoded(text: str, *, idle: bool) -> tuple[list[str], str]:
    """The keys of a text, and the begin of a key whose rest has yet to come.

    `idle` says that nothing more came for a while, so that a lone escape is the key of that name.
    """
    keys: list[str] = []
    for found in KEY.finditer(text):
        key = found[0]
        if found["begun"] and not (idle and not key.startswith(PASTE)):
            return keys, key
        if found["paste"]:
            key = key.removesuffix(PASTE_END)
        keys.append(SAME.get(key, key))
    return keys, ""


def typed(key: str) -> str:
    """What a key adds to a line of text: its character, or what was pasted, in one line and without controls."""
    if key.startswith(PASTE):
        return CONTROLS.sub(" ", key.removeprefix(PASTE))
    return key if len(key) == 1 and not CONTROLS.match(key) else ""
