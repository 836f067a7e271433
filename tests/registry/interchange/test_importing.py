"""Foreign descriptions as starting cards: what is taken over works, and what is not is told."""

import json

import pytest

from registry import yamlsource
from registry.errors import CardProblems, UserError
from registry.interchange.exporting import export
from registry.interchange.from_hub import Repository
from registry.interchange.importing import Wish, import_card
from tests.registry.interchange.documents import NEWS, README, SHA, reading


@pytest.fixture
def described(world):
    """Writes a description into the project and imports it."""

    def make(content, form="croissant", wish=None, repository=None, folder="in"):
        name = "croissant.json" if form == "croissant" else "README.md"
        text = content if isinstance(content, str) else json.dumps(content)
        world.write({f"{folder}/{name}": text})
        return import_card(world.root / folder / name, form, world.catalog, wish or Wish(), repository)

    return make


def card(imported):
    return yamlsource.parse(imported.path.read_text(encoding="utf-8"), "card").data


def test_our_own_croissant_file_builds_the_same_splits_again(voted):
    first = voted.build("voted").published
    folder = export("voted", voted.catalog, "croissant", voted.root / "data" / "copy").folder
    imported = import_card(folder / "croissant.json", "croissant", voted.catalog, Wish(name="copy"))
    assert imported.lacking == ""
    second = voted.build("copy").published
    for split in ("train", "validation", "test"):
        columns = ("id", "text", "label")
        assert second.read(split).select(columns).equals(first.read(split).select(columns))
    data = card(imported)
    assert (data["languages"], data["published"]) == (["en", "pt-BR"], "2014-06")
    assert (data["creators"], data["license"]) == (["Doe, Jane", "Remark Institute"], {"spdx": "CC-BY-SA-4.0"})


def test_our_own_hub_folder_builds_the_same_splits_again(voted):
    first = voted.build("voted").published
    folder = export("voted", voted.catalog, "hf", voted.root / "data" / "copy").folder
    imported = import_card(folder / "README.md", "hf", voted.catalog, Wish(name="copy"))
    assert imported.lacking == ""
    second = voted.build("copy").published
    for split in ("train", "validation", "test"):
        assert second.read(split)["text"].sort().equals(first.read(split)["text"].sort())
        assert second.manifest["splits"][split]["labels"] == first.manifest["splits"][split]["labels"]


def test_a_member_of_an_archive_becomes_a_source_with_its_pin_and_path(described):
    imported = described(NEWS)
    data = card(imported)
    assert imported.path.name == "example-news.yaml"
    assert data["sources"] == {
        "news": {
            "http": "https://example.org/news.zip",
            "sha256": SHA,
            "path": "news/*.csv",
            "format": {"csv": {"columns": {"no": "integer", "topic": "integer"}}},
        }
    }
    assert data["labels"] == ["sport", 'it\'s "art"']
    assert "WHEN '0' THEN 'sport' WHEN '1' THEN 'it''s \"art\"'" in data["select"]
    assert "no AS id, head AS text" in data["select"]
    assert (data["title"], data["description"]) == ("Example News!", "Headlines by topic.")
    assert (data["license"], data["creators"]) == ({"spdx": "CC-BY-4.0"}, ["Doe, Jane"])
    assert (data["published"], data["languages"], data["citation"]) == ("2021-05-03", ["en"], "Doe 2021")


def test_what_was_not_taken_over_is_told_and_stands_at_the_end_of_the_card(described):
    imported = described(NEWS)
    text = imported.path.read_text(encoding="utf-8")
    for said in ("rai:dataBiases: Only winners.", '"Klingon"', '"news/year"', '"head" as text'):
        assert any(said in remark for remark in imported.remarks)
        assert said in text.partition("# Imported from croissant.json")[2]


def test_a_document_that_lacks_what_the_specification_requires_is_told_so(described):
    imported = described({key: value for key, value in NEWS.items() if key not in ("license", "url")})
    assert {"not said in the document: dataset > license", "not said in the document: dataset > url"} <= set(
        imported.remarks
    )
    assert card(imported)["license"]["spdx"] == "NOASSERTION"


def test_the_hubs_own_croissant_files_become_one_source_a_split(described):
    fields = [
        reading("default/split", "files", "sc:Text", "default_splits/split_name", regex="(x)", fileProperty="fullpath"),
        reading("default/text", "files", "sc:Text", column="text"),
        reading("default/label", "files", "sc:Integer", column="label"),
    ]
    splits = {
        "@id": "default_splits",
        "dataType": "cr:Split",
        "data": [{"default_splits/split_name": "train"}, {"default_splits/split_name": "test"}],
    }
    repo = {"@id": "repo", "contentUrl": "https://huggingface.co/datasets/acme/reviews/tree/refs%2Fconvert%2Fparquet"}
    files = {"@type": "cr:FileSet", "@id": "files", "containedIn": {"@id": "repo"}, "includes": "default/*/*.parquet"}
    files["encodingFormat"] = "application/x-parquet"
    document = {**NEWS, "distribution": [repo, files], "recordSet": [splits, {"@id": "default", "field": fields}]}
    data = card(described(document))
    assert data["sources"]["train"]["hub"] == {"repository": "acme/reviews", "config": "default", "split": "train"}
    assert list(data["sources"]) == ["train", "test"]
    assert data["split"] == {"method": "given", "column": "split"}


@pytest.mark.parametrize(
    "url", ["/etc/passwd", "../../secret.csv", "file:///etc/passwd", "ftp://x/y.csv", "a\\..\\b.csv"]
)
def test_files_outside_of_the_project_are_not_taken_over(described, url):
    document = json.loads(json.dumps(NEWS))
    document["distribution"][0]["contentUrl"] = url
    imported = described(document)
    assert "sources" not in card(imported)
    assert any("which no kind of source fetches" in remark for remark in imported.remarks)
    assert "sources" in imported.lacking
    assert "Nothing was built" not in imported.lacking


def test_an_archive_in_itself_ends(described):
    document = json.loads(json.dumps(NEWS))
    document["distribution"][0] |= {"contentUrl": "a.zip", "containedIn": {"@id": "news.zip"}}
    assert any("without end" in remark for remark in described(document).remarks)


def test_archives_in_archives_become_one_path(described):
    document = json.loads(json.dumps(NEWS))
    inner = {**document["distribution"][0], "@id": "inner", "contentUrl": "in.zip", "containedIn": {"@id": "news.zip"}}
    document["distribution"].append(inner)
    document["distribution"][1]["containedIn"] = {"@id": "inner"}
    (source,) = card(described(document))["sources"].values()
    assert (source["http"], source["path"]) == ("https://example.org/news.zip", "in.zip!news/*.csv")


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"subField": [{"@id": "x"}]}, "holds other fields"),
        ({"source": {"fileSet": {"@id": "csv"}, "extract": {"fileProperty": "content"}}}, "names no column"),
        ({"source": {"fileObject": {"@id": "news.zip"}, "extract": {"column": "x"}}}, "is in another file"),
    ],
)
def test_fields_that_a_card_cannot_say_are_told(described, change, why):
    document = json.loads(json.dumps(NEWS))
    document["recordSet"][1]["field"][1] |= change
    assert f'not taken over: the field "news/head", which {why}' in described(document).remarks


def test_an_address_with_credentials_is_not_written_anywhere(described):
    document = json.loads(json.dumps(NEWS))
    document["distribution"][0]["contentUrl"] = "https://example.org/news.zip?token=hunter2"
    imported = described(document)
    assert any("whose address holds credentials" in remark for remark in imported.remarks)
    assert "hunter2" not in imported.path.read_text(encoding="utf-8") + "".join(imported.remarks)


@pytest.mark.parametrize(
    ("media", "place"),
    [
        ("git+https", "https://me:hunter2@example.org/owner/name/tree/" + "a" * 40),
        ("text/csv", "ftp://me:hunter2@example.org/news.csv"),
    ],
)
def test_credentials_of_addresses_that_are_not_taken_over_are_not_told(described, media, place):
    document = json.loads(json.dumps(NEWS))
    document["distribution"][0] |= {"contentUrl": place, "encodingFormat": media}
    document |= {"contentUrl": place, "sameAs": f"see {place}"}
    imported = described(document)
    assert "hunter2" not in imported.path.read_text(encoding="utf-8") + "".join(imported.remarks)


def test_text_that_would_be_yaml_or_sql_stays_text(described):
    document = json.loads(json.dumps(NEWS).replace('"head"', json.dumps('x" FROM y; --')))
    document["name"] = 'a\nkind: general\n# "b"'
    document["description"] = "d\n...\n--- \nlicense: {spdx: MIT}\u202e"
    document["rai:dataBiases"] = "x\nsources: {evil: {local: y.csv}}\x1b[31m"
    document["distribution"][0]["contentUrl"] = "news.zip"
    imported = described(document)
    data = card(imported)
    assert (data["kind"], data["license"], list(data["sources"])) == ("task", {"spdx": "CC-BY-4.0"}, ["news"])
    assert '"x"" FROM y; --" AS text' in data["select"]
    assert "\x1b" not in imported.path.read_text(encoding="utf-8")
    assert imported.lacking == ""


def test_a_card_is_not_written_over(described):
    first = described(NEWS).path.read_text(encoding="utf-8")
    with pytest.raises(UserError, match="is a card already"):
        described({**NEWS, "description": "other"})
    assert described(NEWS, wish=Wish(name="other", kind="vertical", domain="press")).path.parent.name == "vertical"
    assert first


def test_a_name_without_latin_letters_asks_for_one(described):
    with pytest.raises(UserError, match="--name"):
        described({**NEWS, "name": "新闻"})
    assert described({**NEWS, "name": "新闻"}, wish=Wish(name="news-zh")).name == "news-zh"


def test_a_hub_card_becomes_hub_sources_at_a_revision(described):
    imported = described(README.format(license="mit"), "hf", repository=Repository("acme/shop", "v1"))
    data = card(imported)
    assert imported.name == "shop"
    assert data["sources"]["train"] == {
        "hub": {"repository": "acme/shop", "files": "data/train-*", "revision": "v1"},
        "format": "parquet",
    }
    assert list(data["sources"]) == ["train", "train_2", "validation", "test"]
    assert data["sources"]["train_2"]["format"] == "jsonl"
    assert data["labels"] == ["bad", "good"]
    assert "CASE stars::VARCHAR WHEN '0' THEN 'bad'" in data["select"]
    assert (data["languages"], data["license"]) == (["zh"], {"spdx": "MIT"})
    assert data["description"] == "Reviews of *shops*, by star."
    assert data["citation"] == "@misc{r, title={Reviews}}"
    assert data["url"] == "https://huggingface.co/datasets/acme/shop"
    assert 'not taken over: the config "small"' in imported.remarks
    assert "not taken over: tags: ['retail']" in imported.remarks


def test_another_config_can_be_asked_for(described):
    text = README.format(license="mit")
    data = card(described(text, "hf", repository=Repository("acme/shop", config="small")))
    assert data["sources"] == {"train": {"hub": {"repository": "acme/shop", "files": "small.csv"}, "format": "csv"}}
    with pytest.raises(UserError, match='no config "smal"; nearest: "small"'):
        described(text, "hf", Wish(name="other"), Repository("acme/shop", config="smal"))


def test_a_card_without_files_takes_the_hubs_conversion(described):
    text = README.format(license="mit").replace("configs:", "other:")
    data = card(described(text, "hf", repository=Repository("acme/shop")))
    assert data["sources"]["train"] == {"hub": {"repository": "acme/shop", "config": "all", "split": "train"}}


@pytest.mark.parametrize(
    ("written", "spdx", "note"),
    [
        ("cc-by-nc-4.0", "CC-BY-NC-4.0", ""),
        ("odbl", "ODbL-1.0", ""),
        ("other\nlicense_name: cc-by-sa-2.0", "CC-BY-SA-2.0", ""),
        ("unknown", "NOASSERTION", "states no licence"),
        ("llama2", "NOASSERTION", "llama2"),
        ("other\nlicense_name: shop-terms\nlicense_link: https://example.org/terms", "NOASSERTION", "shop-terms"),
    ],
)
def test_licences_of_the_hub_are_taken_over_or_quoted(described, written, spdx, note):
    imported = described(README.format(license=written), "hf", repository=Repository("acme/shop"))
    data = card(imported)
    assert data["license"]["spdx"] == spdx
    assert data["license"].get("use", "") == ("non-commercial" if "-NC" in spdx else "")
    assert note in data["license"].get("note", "")


def test_a_readme_whose_data_is_elsewhere_asks_for_the_repository(described):
    with pytest.raises(UserError, match="--repository owner/name"):
        described(README.format(license="mit"), "hf")


@pytest.mark.parametrize("text", ["# no front matter", "---\nlicense: mit\n", "", "---"])
def test_a_file_that_is_no_dataset_card_says_so(described, text):
    with pytest.raises(UserError, match="no front matter"):
        described(text, "hf")


def test_yaml_that_could_blow_up_is_refused_with_its_line(described):
    with pytest.raises(CardProblems, match=r"README\.md:3:.*\n.*\n.*\n.*anchors"):
        described("---\na: 1\nb: &x [1]\nc: [*x, *x]\n---\n", "hf", repository=Repository("a/b"))


def test_splits_with_names_of_their_own_are_split_anew(described):
    text = README.format(license="mit").replace("train,", "easy,").replace("val,", "medium,").replace("test,", "hard,")
    imported = described(text, "hf", repository=Repository("acme/shop"))
    data = card(imported)
    assert list(data["sources"]) == ["easy", "easy_2", "medium", "hard"]
    assert "split" not in data
    assert "the card splits its rows anew; the original has easy, easy, medium, hard" in imported.remarks


def test_older_spellings_of_json_paths_and_inline_rows_are_understood(described):
    document = json.loads(json.dumps(NEWS))
    document["recordSet"][0]["data"] = [{"id": 0, "name": "sport"}, {"id": 1, "name": "art"}]
    document["recordSet"][1]["field"][1]["source"]["extract"] = {"jsonPath": "$..head"}
    imported = described(document)
    assert card(imported)["labels"] == ["sport", "art"]
    assert "head AS text" in card(imported)["select"]
