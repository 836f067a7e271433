"""Exports of a real Label Studio 1.23.2, one folder for each form of answers: the card, its rows, and the export.

Ada answered in the page, with mouse and keys; Ben and Cai over the API. `make test-tools` shows that the server still
takes and gives the same.
"""

from pathlib import Path

from tests.worlds import World

FOLDER = Path(__file__).parent / "fixtures" / "label_studio"
FORMS = tuple(sorted(path.name for path in FOLDER.iterdir()))
PEOPLE = {"2": "ada", "3": "ben", "4": "cai"}


def recording(form: str) -> Path:
    """The export."""
    return FOLDER / form / "export.json"


def lay(world: World, form: str) -> World:
    """A world with the card and the rows that the export is about."""
    card, rows = (FOLDER / form / name for name in ("card.yaml", "rows.jsonl"))
    return world.write({f"cards/datasets/task/{form}.yaml": card.read_bytes(), f"data/{form}.jsonl": rows.read_bytes()})
