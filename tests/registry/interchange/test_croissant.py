"""Croissant files as the official library reads them, and as the specification asks for them."""

import json

import mlcroissant as mlc
import polars as pl
import pytest

from registry.errors import CardProblems, UserError
from registry.interchange import croissant, requirements
from registry.interchange.exporting import export
from registry.versions import tags
from tests.worlds import plenty, table

pytestmark = [  # of the official library's own dependencies
    pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated"),
    pytest.mark.filterwarnings("ignore:The inplace keyword"),
]


@pytest.fixture
def exported(voted, tmp_path):
    """The folder, and the document in it."""
    voted.build("voted")
    folder = export("voted", voted.catalog, "croissant", tmp_path / "out").folder
    return folder, json.loads((folder / "croissant.json").read_text(encoding="utf-8"))


def loaded(folder, split):
    """A record set by the official library, as a frame with our column names."""

    def text(value):
        return value.decode() if isinstance(value, bytes) else value

    rows = mlc.Dataset(folder / "croissant.json").records(split)
    return [{key.partition("/")[2]: text(value) for key, value in row.items()} for row in rows]


def test_the_words_are_in_the_language_of_the_card(without, tmp_path):
    world = without("languages", more="languages: [zh]")
    world.build("voted")
    folder = export("voted", world.catalog, "croissant", tmp_path / "out").folder
    text = (folder / "croissant.json").read_text(encoding="utf-8")
    assert json.loads(text)["@context"]["@language"] == "zh"
    assert not mlc.Dataset(folder / "croissant.json").metadata.ctx.issues.errors


def test_the_official_validator_finds_nothing_to_say(exported):
    context = mlc.Dataset(exported[0] / "croissant.json").metadata.ctx
    assert context.issues.report() == ""


@pytest.mark.parametrize("split", ["train", "validation", "test"])
def test_the_official_library_loads_the_rows_that_were_published(voted, exported, split):
    published = voted.build("voted").published.read(split)
    rows = [{**row, "split": split} for row in published.to_dicts()]
    assert loaded(exported[0], split) == rows
    assert {"id", "text", "label", "votes", "aggregate", "soft_label", "decided_by"} == set(published.columns)


def test_a_pair_task_and_numbers_that_are_missing_load_as_they_are(world, tmp_path):
    rows = [(f"is it {n}", f"it is {n}", ("yes", "no")[n % 2]) for n in range(40)]
    lines = "description: d\nurl: https://example.org\ncreators: [ACME]\npublished: 2020\n"
    world.card(table(*rows, header="text,text_pair,label"), lines)
    card = world.root / "cards/datasets/task/mine.yaml"
    card.write_text(card.read_text().replace("task: text-classification", "task: text-pair"))
    published = world.build().published
    folder = export("mine", world.catalog, "croissant", tmp_path / "out").folder
    assert loaded(folder, "test") == [{**row, "split": "test"} for row in published.read("test").to_dicts()]


def test_splits_without_rows_are_not_described(world, tmp_path):
    lines = "description: d\nurl: https://example.org\ncreators: [ACME]\npublished: 2020\n"
    world.card(plenty(), lines).build()
    folder = export("mine", world.catalog, "croissant", tmp_path / "out").folder
    document = json.loads((folder / "croissant.json").read_text())
    assert [node["@id"] for node in document["recordSet"]] == ["splits", "labels", "test"]
    assert sorted(path.name for path in folder.iterdir()) == ["croissant.json", "test.parquet"]


def test_everything_that_the_specification_requires_is_there(exported):
    assert requirements.missing(exported[1]) == []


@pytest.mark.parametrize("key", requirements.DATASET)
def test_our_own_check_misses_what_the_official_one_lets_pass(exported, key):
    document = {name: value for name, value in exported[1].items() if name != key}
    assert requirements.missing(document) == [f"dataset > {key}"]


@pytest.mark.parametrize(
    ("part", "key", "said"),
    [
        ("distribution", "sha256", "distribution train.parquet > sha256"),
        ("distribution", "contentUrl", "distribution train.parquet > contentUrl"),
        ("recordSet", "field", "recordSet splits > field"),
    ],
)
def test_our_own_check_looks_at_files_and_record_sets(exported, part, key, said):
    del exported[1][part][0][key]
    assert requirements.missing(exported[1]) == [said]


def test_the_annotation_block_fills_the_responsible_ai_properties(exported):
    said = {key.partition(":")[2]: value for key, value in exported[1].items() if key.startswith("rai:")}
    assert "Question: How good?" in said["dataAnnotationProtocol"]
    assert said["dataAnnotationProtocol"].endswith("Guidelines:\nRead twice.\n\nRate once.\n")
    assert "bad where aggregate < 4; no where aggregate > 5" in said["dataAnnotationProtocol"]
    assert said["dataAnnotationAnalysis"][0].startswith("krippendorff-alpha (interval) is 0.2")
    assert "95% interval" in said["dataAnnotationAnalysis"][0]
    assert said["annotationsPerItem"] == "2"
    assert said["dataLimitations"] == ["research use only (The remarks quote others)"]
    steps = said["dataPreprocessingProtocol"]
    assert "source rows: 1 row left out" in steps[0]
    assert steps[2].startswith('length {"min_chars": 2} (version')
    assert any(step.endswith("rows left (neither)") for step in steps)


def test_the_sources_are_named_with_their_hashes(voted, exported):
    (entity,) = exported[1]["prov:wasDerivedFrom"]
    files = voted.build("voted").published.manifest["sources"]["rows"]["files"]
    assert files == {entity["name"]: entity["sha256"]}


def test_a_comma_tells_people_from_organisations(voted, exported, tmp_path):
    assert [one["@type"] for one in exported[1]["creator"]] == ["sc:Person", "sc:Organization"]
    tags.add(voted.catalog.project, "voted", "1.0.0", voted.build("voted").published.digest)
    notices = export("voted", voted.catalog, "croissant", tmp_path / "again").notices
    assert notices == ('exported as organisations (write people as "Family, Given"): Remark Institute',)


def test_the_version_is_the_newest_numbered_tag_with_the_digest(voted, tmp_path):
    published = voted.build("voted").published
    for tag in ("1.9.0", "v1.10.0", "camera-ready"):
        tags.add(voted.catalog.project, "voted", tag, published.digest)
    done = export("voted", voted.catalog, "croissant", tmp_path / "out", "1.9.0")
    assert done.version == f"1.10.0+{published.digest[:12]}"


def test_what_a_card_lacks_is_told_at_once_and_with_its_place(without, tmp_path):
    world = without("description", "url", "creators", "published", "license", more="license: {spdx: NOASSERTION}")
    with pytest.raises(CardProblems) as refused:
        export("voted", world.catalog, "croissant", tmp_path / "out")
    places = {(problem.path, problem.line) for problem in refused.value.problems}
    lines = (world.root / "cards/datasets/vertical/voted.yaml").read_text().splitlines()
    assert places == {
        *(((key,), 1) for key in ("description", "url", "creators", "published")),
        (("license", "spdx"), lines.index("license: {spdx: NOASSERTION}") + 1),
    }
    assert "Nothing was exported." in str(refused.value)
    assert not (tmp_path / "out").exists()


def test_an_export_is_the_same_bytes_again(voted, exported, tmp_path):
    again = export("voted", voted.catalog, "croissant", tmp_path / "again").folder
    here, there = ({path.name: path.read_bytes() for path in folder.iterdir()} for folder in (exported[0], again))
    assert here == there


def test_an_older_version_is_described_as_it_was_made(voted, without, tmp_path):
    old = voted.build("voted").published
    world = without("clean", more="clean: []")
    world.build("voted")
    done = export("voted", world.catalog, "croissant", tmp_path / "old", old.digest[:12])
    document = json.loads((done.folder / "croissant.json").read_text(encoding="utf-8"))
    assert any(step.startswith("whitespace") for step in document["rai:dataPreprocessingProtocol"])
    assert any("not the version that the card gives now" in notice for notice in done.notices)


def test_columns_without_a_type_in_croissant_are_told_not_invented(voted, tmp_path):
    published = voted.build("voted").published
    for split in ("train", "validation", "test"):
        frame = pl.read_parquet(published.split(split)).with_columns(spans=pl.struct(start=0, end=1))
        frame.write_parquet(published.split(split))
    assert croissant.undescribed(published) == ["spans"]


def test_a_folder_that_is_there_is_not_written_over(voted, tmp_path):
    voted.build("voted")
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "mine.txt").write_text("keep")
    with pytest.raises(UserError, match="is there already"):
        export("voted", voted.catalog, "croissant", tmp_path / "out")
    assert [path.name for path in tmp_path.glob("*ou*")] == ["out"]
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["mine.txt"]


@pytest.mark.parametrize("to", ["croissant", "hf"])
def test_a_split_that_was_changed_after_it_was_published_is_not_exported(voted, tmp_path, to):
    published = voted.build("voted").published
    published.read("train").head(3).write_parquet(published.split("train"))
    with pytest.raises(UserError, match="was changed after it was published"):
        export("voted", voted.catalog, to, tmp_path / "out")
    assert not list(tmp_path.glob("*out*"))


def test_a_card_that_is_not_built_says_what_to_run(voted):
    with pytest.raises(UserError, match="bench build voted"):
        export("voted", voted.catalog, "croissant")


def test_guidelines_behind_a_link_that_leads_out_are_not_exported(voted, tmp_path):
    (tmp_path / "secret").write_text("not for others")
    digest = voted.build("voted").published.digest
    (voted.root / "cards/guidelines/good.md").unlink()
    (voted.root / "cards/guidelines/good.md").symlink_to(tmp_path / "secret")
    with pytest.raises(UserError, match="leads out of the project"):
        export("voted", voted.catalog, "croissant", tmp_path / "out", version=digest)
    assert not (tmp_path / "out").exists()


def test_folds_times_and_clusters_are_described(protocol, tmp_path):
    folder = export("mine", protocol.catalog, "croissant", tmp_path / "out").folder
    assert mlc.Dataset(folder / "croissant.json").metadata.ctx.issues.report() == ""
    published = protocol.build().published.read("train")
    assert loaded(folder, "train") == [{**row, "split": "train"} for row in published.to_dicts()]
    document = json.loads((folder / "croissant.json").read_text(encoding="utf-8"))
    fields = next(one["field"] for one in document["recordSet"] if one["@id"] == "train")
    assert all("description" in field for field in fields if field["name"] in published.columns)
