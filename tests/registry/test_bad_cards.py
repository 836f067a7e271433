"""Every mistake that a card author makes, and the whole text that they read about it.

Each folder of `tests/bad_cards` holds a card, where it lies, and the error text. After changing a message run
`pytest tests/registry/test_bad_cards.py --update-golden` and read the difference as a user would.
"""

import re
from pathlib import Path

import pytest

from harness.inspect.check import check_cards

CASES = sorted(path.parent for path in (Path(__file__).parents[1] / "bad_cards").glob("*/card.yaml"))


def told(world, case: Path) -> str:
    """What `bench card check` says of the case's card."""
    where = (case / "path.txt").read_text(encoding="utf-8").strip()
    world.write({where: (case / "card.yaml").read_bytes()})
    text = check_cards(world.catalog, (Path(where).stem,)).text() + "\n"
    # A new card, op, source kind or format changes no message.
    text = re.sub(r"shows (all \d+|it)\b", "shows all N", text)
    return re.sub(r"(Known|source kind of|`format:` with one of): [\w-]+(, [\w-]+)*", r"\1: N", text)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_bad_card_is_told_where_what_and_what_would_be_right(world, case, request):
    text = told(world, case)
    expected = case / "expected.txt"
    if request.config.getoption("--update-golden"):
        expected.write_text(text, encoding="utf-8")
    assert text == expected.read_text(encoding="utf-8")


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_no_message_speaks_python(world, case):
    text = told(world, case)
    for word in ("Traceback", "pydantic", "NoneType", "dict", "tuple", "Value error", "registry."):
        assert word not in text
    assert "problem" in text.splitlines()[-1], "the last line counts the mistakes"


def test_five_mistakes_are_five_problems_at_once_each_at_its_place(world):
    case = next(case for case in CASES if case.name == "five-mistakes")
    told(world, case)
    found = check_cards(world.catalog, ("five-mistakes",)).problems
    assert [(problem.line, problem.source[problem.column - 1 :][: problem.length]) for problem in found] == [
        (4, "English"),
        (8, "min"),
        (9, "ratio"),
        (10, "bleu"),
        (11, "-1"),
    ]
