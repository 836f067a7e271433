"""Keys that were handed out, taken out of what comes back."""

from collections.abc import Iterable

SHORTEST = 8
"""Characters. A shorter value is no key but what stands for one (`none`, `EMPTY`, a number), and occurs in any text."""


def without_secrets(text: str, secrets: Iterable[str]) -> str:
    """The text with stars for each of them."""
    for secret in secrets:
        text = text.replace(secret, "***") if len(secret) >= SHORTEST else text
    return text
