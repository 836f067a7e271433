"""What annotators are told before the first item: the card's guidelines, and its examples of each label."""

from typing import NamedTuple

from registry.card import DatasetCard
from registry.digest import file_digest
from registry.errors import UserError
from registry.project import Project, shipped


class Instructions(NamedTuple):
    """`digest` is that of the guidelines alone, 12 digits; both are empty where a card has none."""

    text: str = ""
    digest: str = ""


def instructions(card: DatasetCard, project: Project) -> Instructions:
    """The guidelines and examples of a card. UserError where the file is not there."""
    asked = card.annotation
    if asked is None:
        return Instructions()
    told = [f"- {label}: {text}" for label, texts in asked.examples.items() for text in texts]
    examples = "\n".join(["## Examples", "", *told, ""]) if told else ""
    if asked.guidelines is None:
        return Instructions(examples)
    # A card that is like a shipped one may have that one's guidelines.
    places = [root / asked.guidelines for root in (project.root, shipped())]
    file = next((place for place in places if place.is_file()), None)
    if file is None:
        raise UserError("there is no such file of guidelines", where=str(places[0]))
    text = file.read_text(encoding="utf-8")
    return Instructions("\n".join(part for part in (text, examples) if part), file_digest(file)[:12])
