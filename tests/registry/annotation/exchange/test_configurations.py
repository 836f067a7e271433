"""What each tool is given: its own words for a question, and no text that it would take for a command."""

import json
from typing import Any

import pytest
from lxml import etree

from registry.annotation.spec import Scale
from registry.annotation.tool import Batch, Task
from registry.kinds import TOOLS

HOSTILE = 'Is <b>"it"</b> & $text {{so}}? 好'
TASK = Task("7", "0" * 16, ("fine",))


def batch(form: Any = "single", labels: tuple[str, ...] = ("bad", "good"), **more: Any) -> Batch:
    scale = Scale(**more.pop("scale")) if "scale" in more else None
    return Batch(
        card="mine",
        language="en",
        role="vote",
        question=HOSTILE,
        form=form,
        labels=labels,
        scale=scale,
        guidelines="Be kind.",
        guidelines_digest="",
        votes_per_item=2,
        tasks=more.pop("tasks", (TASK,)),
    )


def files(tool: str, of: Batch) -> dict[str, str]:
    return TOOLS.get(tool)().files(of)


def view(of: Batch) -> list[tuple[str, dict[str, str], list[str]]]:
    tags = etree.fromstring(files("label-studio", of)["config.xml"])
    return [(tag.tag, dict(tag.attrib), [one.attrib["value"] for one in tag]) for tag in tags]


@pytest.mark.parametrize(
    ("form", "more", "tag", "attributes"),
    [
        ("single", {}, "Choices", {"choice": "single", "required": "true"}),
        ("multi", {}, "Choices", {"choice": "multiple"}),
        ("spans", {}, "Labels", {}),
        ("text", {}, "TextArea", {"maxSubmissions": "1"}),
        ("scale", {"scale": {"min": 1, "max": 5}}, "Rating", {"maxRating": "5"}),
        ("scale", {"scale": {"min": -4, "max": 4}}, "Number", {"min": "-4", "max": "4", "step": "1"}),
        ("scale", {"scale": {"min": 0, "max": 0.5}}, "Number", {"min": "0", "max": "0.5"}),
    ],
)
def test_label_studio_has_a_tag_for_every_form(
    form: str, more: dict[str, Any], tag: str, attributes: dict[str, str]
) -> None:
    style, header, *asked = view(batch(form, **more))
    control, text = asked if tag == "Labels" else reversed(asked)  # labels are taken up before they mark a text
    assert style[0] == "Style"
    assert header[1] == {"value": HOSTILE.replace("$", "＄")}
    assert (control[0], control[1]["name"], control[1]["toName"]) == (tag, "answer", "text")
    assert attributes.items() <= control[1].items()
    assert control[2] == (["bad", "good"] if tag in ("Choices", "Labels") else [])
    assert text[1]["value"] == "$text"


def test_label_studio_relates_spans_and_compares_texts() -> None:
    tags = [(tag, inner) for tag, _, inner in view(batch("relations", ("PER", "in")))]
    assert tags[2:4] == [("Labels", ["PER", "in"]), ("Relations", ["PER", "in"])]
    pair = (TASK._replace(texts=("one", "two")),)
    assert [tag for tag, _, _ in view(batch("preference", tasks=pair))][2:] == ["Pairwise", "Text", "Text"]
    tied = view(batch("preference", ("first", "second", "neither"), tasks=pair))
    assert [tag for tag, _, _ in tied][2:] == ["Text", "Text", "Choices"]


@pytest.mark.parametrize(
    ("form", "more", "kind", "has"),
    [
        ("single", {}, "Text Classification, with a single label", {"label_config.json"}),
        ("multi", {}, "Text Classification.", {"label_config.json"}),
        ("scale", {"scale": {"min": 0, "max": 2}}, "Text Classification, with a single label", {"label_config.json"}),
        ("scale", {"scale": {"min": 0, "max": 0.5}}, "Sequence to Sequence", set()),
        ("spans", {}, "Sequence Labeling.", {"label_config.json"}),
        ("relations", {}, "Sequence Labeling, with relation", {"label_config.json", "relation_config.json"}),
        ("text", {}, "Sequence to Sequence", set()),
    ],
)
def test_doccano_has_a_project_for_every_form(form: str, more: dict[str, Any], kind: str, has: set[str]) -> None:
    made = files("doccano", batch(form, **more))
    assert kind in made["README.md"]
    assert {name for name in made if name.endswith(".json")} == has
    task = json.loads(made["tasks.jsonl"])
    assert all(task[key] == [] for key in (("entities", "relations") if form == "relations" else ("label",)))


def test_doccano_gives_keys_to_nine_labels() -> None:
    many = tuple(f"label {number}" for number in range(12))
    labels = json.loads(files("doccano", batch("multi", many))["label_config.json"])
    assert [label["text"] for label in labels] == list(many)
    assert [label["suffixKey"] for label in labels] == [*"123456789", None, None, None]


@pytest.mark.parametrize(
    ("form", "more", "kind"),
    [
        ("single", {}, "label_selection"),
        ("multi", {}, "multi_label_selection"),
        ("spans", {}, "span"),
        ("text", {}, "text"),
        ("scale", {"scale": {"min": 0, "max": 10}}, "rating"),
        ("scale", {"scale": {"min": -2, "max": 2}}, "label_selection"),
        ("scale", {"scale": {"min": 0, "max": 0.5}}, "text"),
    ],
)
def test_argilla_has_a_question_for_every_form(form: str, more: dict[str, Any], kind: str) -> None:
    made = files("argilla", batch(form, **more))
    assert all(text.isascii() for name, text in made.items() if name.endswith(".json"))
    settings = json.loads(made[".argilla/settings.json"])
    (question,) = settings["questions"]
    assert (question["name"], question["title"], question["settings"]["type"]) == ("answer", HOSTILE, kind)
    assert settings["distribution"] == {"strategy": "overlap", "min_submitted": 2}
    (record,) = json.loads(made["records.json"])
    assert (record["id"], record["fields"], record["responses"]) == ("7", {"text": "fine"}, {})
    assert set(record["metadata"]) <= {one["name"] for one in settings["metadata"]}
    assert not set(record["metadata"]) & {"id", "status", "text"}


def test_prodigy_shows_the_question_as_text() -> None:
    made = files("prodigy", batch())
    template = json.loads(made["prodigy.json"])["blocks"][0]["html_template"]
    assert "<b>" not in template.removeprefix("<b>")
    assert "{" not in template
    assert "prodigy mark mine tasks.jsonl --view-id blocks" in made["README.md"]


@pytest.mark.parametrize(("form", "recipe"), [("spans", "spans.manual"), ("relations", "rel.manual")])
def test_prodigy_marks_spans_with_a_recipe(form: str, recipe: str) -> None:
    told = files("prodigy", batch(form))["README.md"]
    assert f"prodigy {recipe} mine blank:en tasks.jsonl --label 'bad,good'" in told


@pytest.mark.parametrize("tool", TOOLS.names())
def test_every_tool_says_what_to_do_and_how_the_answers_come_back(tool: str) -> None:
    assert "bench annotate import mine" in files(tool, batch())["README.md"]
