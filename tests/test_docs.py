"""The pages say what is so: generated pages are fresh, links lead somewhere, examples work, commands exist.

A fence such as ```csv data/x.csv names the file that it shows; `!` in that name packs it into archives.
"""

import io
import re
import tarfile
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
import yaml
from typer.main import get_command

from docs.generate import pages
from harness.cli.app import app
from harness.inspect.check import check_cards
from harness.records import COLUMNS
from harness.spec import ModelCard, Suite
from harness.weights import WeightsSpec
from registry.annotation.spec import Annotation
from registry.card import AnchorSpec, DatasetCard
from registry.cardfile import SOURCE_KEYS

ROOT = Path(__file__).parent.parent
READMES = ("README.md", "README.zh-CN.md")
WITH_EXAMPLES = (
    *READMES,
    "docs/cards.md",
    "docs/cleaning.md",
    "docs/splits.md",
    "docs/audits.md",
    "docs/annotation.md",
    "docs/models.md",
    "docs/tasks.md",
)
MARKDOWN = sorted(
    path.relative_to(ROOT).as_posix()
    for path in ROOT.rglob("*.md")
    if not any(part.startswith(".") or part in ("dist", "build") for part in path.relative_to(ROOT).parts)
)
FENCE = re.compile(r"^```(\w*) ?([^\n]*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")


class Block(NamedTuple):
    """A fenced block: its language, what follows that, and its text."""

    language: str
    title: str
    text: str


def text_of(page: str) -> str:
    return (ROOT / page).read_text(encoding="utf-8")


def blocks(page: str) -> list[Block]:
    return [Block(*found) for found in FENCE.findall(text_of(page))]


def prose(page: str) -> str:
    return FENCE.sub("", text_of(page))


def slugs(page: str) -> set[str]:
    """The anchors that a page's headings give."""
    headings = re.findall(r"^#+ (.+)$", prose(page), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


# Generated pages


@pytest.mark.parametrize(("name", "text"), pages().items(), ids=list(pages()))
def test_what_is_generated_is_up_to_date(name, text):
    path = ROOT / name
    assert path.is_file(), f"{name} is missing; run `make docs`"
    assert path.read_text(encoding="utf-8") == text, f"{name} is stale; run `make docs`"


# Links


@pytest.mark.parametrize("page", MARKDOWN)
def test_links_lead_somewhere(page):
    broken = []
    for target in LINK.findall(prose(page)):
        path, _, anchor = target.partition("#")
        if re.match(r"[a-z]+:", target):
            continue
        file = (ROOT / page).parent / path if path else ROOT / page
        if not file.exists() or (anchor and anchor not in slugs(file.resolve().relative_to(ROOT).as_posix())):
            broken.append(target)
    assert not broken, f"{page} links to what is not there: {', '.join(broken)}"


# Examples


def section_of(card: dict) -> str:
    return "models" if "family" in card else "suites" if "seeds" in card or "models" in card else "datasets"


def cards(page: str) -> dict[str, tuple[str, str]]:
    """Name -> (path, text) of every card that a page shows in full."""
    texts = [block.text for block in blocks(page) if block.language == "yaml" and block.text.startswith("name:")]
    parsed = {card["name"]: card for card in (yaml.safe_load(text) for text in texts)}
    found = {}
    for text, (name, card) in zip(texts, parsed.items(), strict=True):
        section = section_of(card)
        kind = card.get("kind") or parsed.get(card.get("like"), {}).get("kind", "")
        folder = f"datasets/{kind}" if section == "datasets" else section
        found[name] = (f"cards/{folder}/{name}.yaml", text)
    return found


def packed(name: str, text: str) -> tuple[str, bytes]:
    """The outermost file that holds `text` under a name such as a.zip!b.tar.gz!c.csv."""
    *outer, member = name.split("!")
    data = text.encode()
    for archive in reversed(outer):
        file = io.BytesIO()
        if archive.endswith(".zip"):
            with zipfile.ZipFile(file, "w") as zipped:
                zipped.writestr(member, data)
        else:
            with tarfile.open(fileobj=file, mode="w:gz") as tar:
                info = tarfile.TarInfo(member)
                info.size = len(data)
                tar.addfile(info, io.BytesIO(data))
        member, data = archive, file.getvalue()
    return member, data


def tables(page: str) -> dict[str, bytes]:
    return dict(packed(block.title, block.text) for block in blocks(page) if block.language == "csv" and block.title)


def staged(page: str, world):
    return world.write({**dict(cards(page).values()), **tables(page)})


@pytest.mark.parametrize("page", WITH_EXAMPLES)
def test_every_card_on_a_page_passes_the_check(page, world):
    assert cards(page)
    staged(page, world)
    checked = check_cards(world.catalog, tuple(cards(page)))
    assert not checked.problems, checked.text()


def beside_tables() -> Iterator[tuple[str, str]]:
    """(page, card) for every dataset card whose table the page shows."""
    for page in WITH_EXAMPLES:
        shown = set(tables(page))
        for name, (path, text) in cards(page).items():
            card = yaml.safe_load(text)
            parent = cards(page).get(card.get("like"), ("", text))[1]
            sources = yaml.safe_load(parent).get("sources", {})
            if path.startswith("cards/datasets") and all(source.get("local") in shown for source in sources.values()):
                yield page, name


@pytest.mark.parametrize(("page", "name"), list(beside_tables()))
def test_every_card_beside_its_table_builds(page, name, world):
    manifest = staged(page, world).build(name).published.manifest
    assert manifest["rows_kept"] > 0
    assert not any(manifest["audit"]["violations"].values())


def test_the_card_page_has_tables_to_build_from():
    assert len([page for page, _ in beside_tables() if page == "docs/cards.md"]) >= 6


def test_the_op_that_a_maintainer_is_shown_is_the_one_in_the_code():
    (shown,) = [block for block in blocks("docs/design/README.md") if block.title.startswith("registry/clean/")]
    assert shown.text == text_of(shown.title)


def test_the_paths_that_the_design_page_names_exist():
    named = re.findall(
        r"`((?:registry|harness|tests|docs|cards|stories|every)/[\w./-]*)`", prose("docs/design/README.md")
    )
    missing = [path for path in named if not (ROOT / path).exists() and not (ROOT / "tests" / path).exists()]
    assert named
    assert not missing


# Completeness


def assert_in_code(page: str, names) -> None:
    text = text_of(page)
    missing = [name for name in names if f"`{name}`" not in text]
    assert not missing, f"{page} does not explain {', '.join(missing)}"


def test_every_key_of_a_dataset_card_is_explained():
    assert_in_code("docs/cards.md", [*DatasetCard.model_fields, "like", *SOURCE_KEYS])
    assert_in_code("docs/cards.md", AnchorSpec.model_fields)
    assert_in_code("docs/annotation.md", Annotation.model_fields)


def test_every_key_of_model_cards_and_suites_is_explained():
    assert_in_code("docs/models.md", [*ModelCard.model_fields, *Suite.model_fields, "like"])
    assert all(key in text_of("docs/models.md") for key in WeightsSpec.model_fields)


def test_every_column_of_a_record_is_explained():
    assert_in_code("docs/reference/json.md", COLUMNS)


# Commands


def code_in(page: str) -> list[str]:
    """Lines of unmarked fences, and code spans."""
    lines = [line for block in blocks(page) if block.language in ("", "sh") for line in block.text.splitlines()]
    return [*lines, *re.findall(r"`([^`\n]+)`", prose(page))]


def told_commands(page: str) -> Iterator[tuple[list[str], list[str]]]:
    """(words, options) of every `bench ...` that a page names; `check|show` counts as both."""
    for code in code_in(page):
        for call in re.findall(r"\bbench ([^#`]+)", code):
            words = re.match(r"[a-z|]+(?: [a-z|]+)?", call)
            options = re.findall(r"--[a-z-]+", call)
            if words:
                first, *rest = words[0].split()
                for verb in first.split("|"):
                    for second in rest[0].split("|") if rest else [""]:
                        yield [verb, second], options


@pytest.mark.parametrize("page", [page for page in MARKDOWN if page != "docs/reference/cli.md"])
def test_the_commands_that_a_page_names_exist(page):
    root = get_command(app)
    for (verb, second), options in told_commands(page):
        assert verb in root.commands, f"{page}: there is no `bench {verb}`"
        command = root.commands[verb]
        if hasattr(command, "commands") and second:
            assert second in command.commands, f"{page}: there is no `bench {verb} {second}`"
            command = command.commands[second]
        known = {name for parameter in command.params for name in parameter.opts} | {"--help"}
        assert set(options) <= known, f"{page}: `bench {verb}` has no {', '.join(set(options) - known)}"


@pytest.mark.parametrize("page", [*READMES, "CONTRIBUTING.md"])
def test_the_make_targets_that_a_page_names_exist(page):
    targets = set(re.findall(r"^([\w-]+):", text_of("Makefile"), re.MULTILINE))
    named = {target for code in code_in(page) for target in re.findall(r"^make ([\w-]+)", code)}
    assert named
    assert named <= targets


def test_both_readmes_have_the_same_blocks_and_headings():
    """A translation that lags behind is found by its shape."""
    one, other = (blocks(page) for page in READMES)
    assert [block.language for block in one] == [block.language for block in other]
    levels = [re.findall(r"^(#+) ", prose(page), re.MULTILINE) for page in READMES]
    assert levels[0] == levels[1]
    links = [sorted(set(LINK.findall(prose(page))) - set(READMES)) for page in READMES]
    assert links[0] == links[1]
