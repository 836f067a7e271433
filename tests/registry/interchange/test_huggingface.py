"""Hub folders as `datasets` loads them, and README files that say no more than the card."""

import pytest
import yaml
from datasets import ClassLabel, load_dataset
from huggingface_hub import DatasetCard
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from registry.interchange import hubcard, huggingface
from registry.interchange.exporting import export
from registry.loading import load, load_polars
from tests.worlds import plenty, table


@pytest.fixture
def folder(voted, tmp_path):
    voted.build("voted")
    return export("voted", voted.catalog, "hf", tmp_path / "out").folder


def front_matter(folder):
    return yaml.safe_load((folder / "README.md").read_text(encoding="utf-8").split("---\n")[1])


def test_datasets_loads_the_rows_with_the_labels_of_the_card(voted, folder, tmp_path):
    published = voted.build("voted").published
    loaded = load_dataset(str(folder), cache_dir=str(tmp_path / "cache"))
    assert list(loaded) == ["train", "validation", "test"]
    for split, rows in loaded.items():
        names = rows.features["label"].names
        assert names == ["bad", "no"]
        assert [{**row, "label": names[row["label"]]} for row in rows] == published.read(split).to_dicts()


def test_what_the_readme_says_of_the_data_is_what_is_loaded(folder, tmp_path):
    info = front_matter(folder)["dataset_info"]
    loaded = load_dataset(str(folder), cache_dir=str(tmp_path / "cache"))
    assert [feature["name"] for feature in info["features"]] == loaded["train"].column_names
    assert isinstance(loaded["train"].features["label"], ClassLabel)
    sizes = {split["name"]: (split["num_examples"], split["num_bytes"]) for split in info["splits"]}
    assert sizes == {name: (rows.num_rows, rows.data.nbytes) for name, rows in loaded.items()}
    assert info["download_size"] == sum(path.stat().st_size for path in (folder / "data").iterdir())


def test_the_front_matter_is_what_the_hub_and_its_library_take(folder):
    front = front_matter(folder)
    assert hubcard.problems(front) == []
    assert DatasetCard.load(folder / "README.md").data.to_dict() == front
    assert front["language"] == ["en", "pt"]
    assert front["language_details"] == ["pt-BR"]
    assert (front["license"], front["size_categories"]) == ("cc-by-sa-4.0", ["n<1K"])
    assert front["task_categories"] == ["text-classification"]
    assert "!!" not in (folder / "README.md").read_text(encoding="utf-8").split("---\n")[1]


def test_the_body_says_what_the_front_matter_has_no_key_for(voted, folder):
    published = voted.build("voted").published
    body = (folder / "README.md").read_text(encoding="utf-8").split("---\n", 2)[2]
    (sha256,) = published.manifest["sources"]["rows"]["files"].values()
    for said in (published.digest, sha256, "Split method hash", "krippendorff-alpha", "How good?", "Rate once."):
        assert said in body
    assert "bench build voted" in body
    assert "research use only" in body


@pytest.mark.parametrize("spdx", ["NOASSERTION", "LicenseRef-house", "CC-BY-SA-2.0", "MIT AND CC-BY-4.0", "ODbL-1.0"])
def test_every_licence_of_a_card_has_a_spelling_that_the_hub_takes(without, tmp_path, spdx):
    world = without("license", more=f"license: {{spdx: {spdx}, note: ask us}}")
    world.build("voted")
    front = front_matter(export("voted", world.catalog, "hf", tmp_path / "out").folder)
    expected = {"NOASSERTION": "unknown", "ODbL-1.0": "odbl"}
    assert front["license"] == expected.get(spdx, "other")
    assert hubcard.problems(front) == []


def test_a_card_with_one_split_and_labels_like_yaml_words(world, tmp_path):
    world.card(plenty(labels=("no", "1.0")), "labels: ['no', '1.0']\n").build()
    folder = export("mine", world.catalog, "hf", tmp_path / "out").folder
    loaded = load_dataset(str(folder), cache_dir=str(tmp_path / "cache"))
    assert list(loaded) == ["test"]
    assert loaded["test"].features["label"].names == ["no", "1.0"]


def test_a_title_that_looks_like_the_end_of_the_front_matter_is_only_a_title(world, tmp_path):
    world.card(table(("a", "x"), ("b", "y")))
    card = world.root / "cards/datasets/task/mine.yaml"
    card.write_text(card.read_text().replace("A table of texts with labels", '"x\\n---\\nlicense: mit\\n# <b>y</b>"'))
    world.build()
    folder = export("mine", world.catalog, "hf", tmp_path / "out").folder
    assert DatasetCard.load(folder / "README.md").data.license == "cc0-1.0"
    assert front_matter(folder)["pretty_name"] == "x --- license: mit # <b>y</b>"


MEANT = "1. a|1) b|- c|+ d|# e|> f|* * *|---|===|```|~~~|<b>x</b>|&amp;|[a](b)|![a](b)|_e_|**g**|`h`|\\*|<https://x.y>"


@pytest.mark.parametrize("text", MEANT.split("|"))
def test_text_that_markdown_would_take_for_something_is_only_text(text):
    tokens = MarkdownIt("commonmark", {"html": True}).parse(huggingface.escaped(text))
    assert [token.type for token in tokens] == ["paragraph_open", "inline", "paragraph_close"]
    assert {child.type for child in tokens[1].children} <= {"text", "text_special"}
    assert "".join(child.content for child in tokens[1].children) == text


@given(text=st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), max_size=60))
def test_escaped_text_is_one_paragraph_that_says_just_that(text):
    said = " ".join(text.split())
    tokens = MarkdownIt("commonmark", {"html": True}).enable("table").parse(huggingface.escaped(text))
    kinds = [token.type for token in tokens]
    assert kinds in ([], ["paragraph_open", "inline", "paragraph_close"])
    inline = [child for token in tokens for child in token.children or []]
    assert {child.type for child in inline} <= {"text", "text_special"}
    if said.isprintable():
        assert "".join(child.content for child in inline) == said


@given(text=st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), max_size=80))
def test_a_verbatim_block_holds_all_of_its_text(text):
    tokens = MarkdownIt("commonmark").parse(f"before\n\n{huggingface.verbatim(text)}\n\nafter")
    kinds = {token.type for token in tokens}
    assert kinds <= {"paragraph_open", "inline", "paragraph_close", "code_block"}
    assert [token.content for token in tokens if token.type == "inline"] == ["before", "after"]


def test_folds_times_and_clusters_are_loaded_as_they_were_published(protocol, tmp_path):
    folder = export("mine", protocol.catalog, "hf", tmp_path / "out").folder
    loaded = load_dataset(str(folder), cache_dir=str(tmp_path / "cache"))
    published = load_polars("mine", project=protocol.root)
    assert list(loaded) == list(published) == list(load("mine", project=protocol.root))
    for split, rows in loaded.items():
        names = rows.features["label"].names
        assert [{**row, "label": names[row["label"]]} for row in rows] == published[split].to_dicts()
    features = front_matter(folder)["dataset_info"]["features"]
    assert [feature["name"] for feature in features] == published["train"].columns
