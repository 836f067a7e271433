"""What programs read: real output of the commands, held against the schemas that ship with the harness."""

import json
import os
from pathlib import Path
from typing import NamedTuple

import pytest
from jsonschema import Draft202012Validator
from typer.testing import CliRunner

from harness import records
from harness.cli.app import app
from registry.errors import UserError
from tests.worlds import minimal_card, plenty, table

SCHEMAS = Path(records.__file__).parent / "schema"
NAMES = sorted(path.name.removesuffix(".schema.json") for path in SCHEMAS.glob("*.schema.json"))
SELECT = """\
sources: {rows: {local: data/voted.csv, format: {csv: {columns: {a: number, b: number}}}}}
select: SELECT id, text, [a, b] AS votes FROM rows WHERE id <> 'r00'
annotation:
  question: How good?
  scale: {min: 0, max: 9}
  votes: votes
  agreement: {at_least: 0.9}
  on_failure: warn
labels: {from: {bad: "aggregate < 4", good: "aggregate > 5"}, else: {drop: neither}}
clean: [whitespace, {length: {min_chars: 2}}, dedupe_exact]
"""


class Told(NamedTuple):
    code: int
    out: object
    raw: str


def bench(world, *arguments: str) -> Told:
    result = CliRunner().invoke(app, [*arguments, "--project", str(world.root)], catch_exceptions=True)
    return Told(result.exit_code, json.loads(result.stdout or "null"), result.stdout)


def refused(world, *arguments: str) -> UserError:
    result = CliRunner().invoke(app, [*arguments, "--project", str(world.root)], catch_exceptions=True)
    assert isinstance(result.exception, UserError)
    return result.exception


def schema(name: str) -> dict:
    return json.loads((SCHEMAS / f"{name}.schema.json").read_text(encoding="utf-8"))


def fits(name: str, value: object) -> None:
    mistakes = [
        f"{error.json_path}: {error.message}" for error in Draft202012Validator(schema(name)).iter_errors(value)
    ]
    assert not mistakes


@pytest.fixture
def two(world):
    """A plain card, and one with votes whose raters agree too little."""
    rows = [(f"r{n:02d}", f"remark  number {n}", str(n % 10), str((n * 3) % 10)) for n in range(60)]
    card = minimal_card("split: {method: hash}\n", "voted")
    lines = [line for line in card.splitlines() if not line.startswith(("sources:", "split:"))]
    world.card(plenty())
    world.write({"cards/datasets/task/voted.yaml": "\n".join(lines) + "\n" + SELECT})
    return world.write({"data/voted.csv": table(*rows, header="id,text,a,b")})


@pytest.mark.parametrize("name", NAMES)
def test_every_schema_is_a_schema_and_says_what_it_describes(name):
    Draft202012Validator.check_schema(schema(name))
    assert "bench" in schema(name)["description"]


def test_build(two):
    first, second = bench(two, "build", "mine", "voted", "--json"), bench(two, "build", "mine", "voted", "--json")
    assert (first.code, second.code) == (0, 0)
    fits("build", first.out)
    fits("build", second.out)
    assert [(one["card"], one["fresh"]) for one in [*first.out, *second.out]] == [
        ("mine", True),
        ("voted", True),
        ("mine", False),
        ("voted", False),
    ]
    voted = first.out[1]
    assert voted["warnings"]
    assert voted["agreement"]["value"] < 0.9
    assert voted["sources"]["rows"]["left_out_by_select"] == 1
    assert voted["rows_read"] == voted["rows_kept"] + sum(count for _, _, count in voted["ledger"])


def test_the_built_facts_are_the_manifest_on_disk(two):
    (built,) = bench(two, "build", "voted", "--json").out
    manifest = json.loads((Path(built["folder"]) / "manifest.json").read_text(encoding="utf-8"))
    assert {key: built[key] for key in manifest} == manifest
    assert set(built) - set(manifest) == {"fresh", "lock_changed", "warnings", "changes", "folder"}


def test_a_build_after_an_edit_says_what_changed(two):
    bench(two, "build", "mine", "--json")
    two.card(more="clean: [{length: {min_chars: 3}}]\n")
    (again,) = bench(two, "build", "mine", "--json").out
    fits("build", [again])
    assert [change["part"] for change in again["changes"]] == ["clean > length"]
    assert bench(two, "build", "mine", "--locked", "--json").code == 0
    two.card(more="clean: [{length: {min_chars: 4}}]\n")
    assert refused(two, "build", "mine", "--locked").exit_code == 1
    assert refused(two, "build", "mine", "--locked", "--update").exit_code == 2


def test_diff_and_tags(two):
    bench(two, "build", "mine", "--json")
    assert bench(two, "tag", "mine", "1.0.0").code == 0
    assert "there is no older tag" in refused(two, "card", "diff", "mine").what
    two.card(plenty(61))
    found = bench(two, "card", "diff", "mine", "--limit", "1", "--json")
    fits("diff", found.out)
    assert (found.out["bump"], found.out["next_tag"]) == ("minor", "1.1.0")
    assert found.out["added"]["rows"] == 1
    bench(two, "build", "mine", "--json")
    assert bench(two, "card", "diff", "mine@1.0.0", "mine", "--json").out["added"] == found.out["added"]
    backwards = bench(two, "card", "diff", "mine", "mine@1.0.0", "--json")
    fits("diff", backwards.out)
    assert (backwards.out["bump"], backwards.out["removed"]["rows"]) == ("major", 1)
    (tag,) = bench(two, "list", "tags", "--json").out
    assert (tag["name"], tag["digest"]) == ("1.0.0", found.out["before"])
    assert bench(two, "tag", "mine", "1.0.0", "--delete").code == 0
    assert bench(two, "list", "tags", "--json").out == []


def test_verify_and_gc(two):
    (built,) = bench(two, "build", "mine", "--json").out
    sound = bench(two, "verify", "--json")
    fits("verify", sound.out)
    assert (sound.code, sound.out["flaws"]) == (0, [])
    Path(built["folder"], "test.parquet").unlink()
    flawed = bench(two, "verify", "mine", "--json")
    fits("verify", flawed.out)
    assert (flawed.code, len(flawed.out["flaws"])) == (1, 1)
    assert "nobody has no version" in refused(two, "verify", "nobody").what
    (two.home / "staging/old").mkdir(parents=True)
    os.utime(two.home / "staging/old", (0, 0))
    for call, removed in ((("gc", "--json"), 0), (("gc", "--yes", "--json"), 1), (("gc", "--json"), 0)):
        collected = bench(two, *call)
        fits("gc", collected.out)
        assert collected.out["removed"] == removed


def test_why_is_json_too(two):
    bench(two, "build", "voted", "--json")
    (row,) = bench(two, "why", "r07", "--json").out
    assert (row["what"], row["places"][0]["row"], row["votes"]) == ("row", 8, [7.0, 1.0])
    (version,) = bench(two, "why", row["digest"], "--json").out
    assert (version["what"], version["card"]) == ("version", "voted")


def test_check(two):
    good = bench(two, "card", "check", "--json")
    assert good.code == 0
    assert good.out["problems"] == []
    fits("check", good.out)
    two.card(more="clean: [no_such_op]\nnonsense: 1\n")
    bad = bench(two, "card", "check", "mine", "--json")
    assert bad.code == 2
    assert [problem["line"] for problem in bad.out["problems"]] == [8, 9]
    fits("check", bad.out)


def test_a_check_of_text_that_is_no_yaml(two):
    two.write({"cards/datasets/task/mine.yaml": "name: {"})
    bad = bench(two, "card", "check", "mine", "--json")
    assert bad.code == 2
    fits("check", bad.out)


def test_plan_before_and_after_the_build(two):
    two.write({"cards/models/ours.yaml": "name: ours\ntitle: Ours\nfamily: encoder\nweights: {local: models/ours}\n"})
    call = ("plan", "mine", "voted", "--models", "majority,vader-lexicon,ours", "--json")
    before = bench(two, *call)
    bench(two, "build", "mine", "voted", "--json")
    after = bench(two, *call)
    for told in (before, after):
        assert told.code == 0
        fits("plan", told.out)
    assert {row["state"] for row in before.out} == {"to prepare", "not applicable"}
    assert {row["state"] for row in after.out} == {"to run", "to prepare", "not applicable"}


def test_report_and_plan_after_a_run(two):
    ran = CliRunner().invoke(app, ["run", "voted", "--models", "majority", "--project", str(two.root)])
    assert ran.exit_code == 0
    told = bench(two, "report", "voted", "--format", "json")
    fits("report", told.out)
    assert {cell["status"] for cell in told.out} == {"ok"}
    planned = bench(two, "plan", "voted", "--json")
    fits("plan", planned.out)
    assert [row["state"] for row in planned.out] == ["recorded"]
    assert [row["run_id"] for row in planned.out] == told.out[0]["run_ids"]
    assert records.history(two.home).schema == records.COLUMNS
    assert records.predictions(planned.out[0]["run_id"], two.home).columns[:3] == ["id", "gold", "predicted"]


def test_folds_and_examples_of_each_class(two):
    two.card(more="split: {method: k-fold, folds: 3}\n")
    call = ("mine", "--models", "majority", "--per-class", "4", "--seeds", "2")
    for _ in ("unbuilt", "built"):
        planned = bench(two, "plan", *call, "--json")
        fits("plan", planned.out)
        assert [(row["seed"], row["repeat"], row["fold"]) for row in planned.out] == [
            (seed, 1, fold) for seed in (1, 2) for fold in (0, 1, 2)
        ]
        bench(two, "build", "mine")
    assert CliRunner().invoke(app, ["run", *call, "--project", str(two.root)]).exit_code == 0
    told = bench(two, "report", "mine", "--format", "json")
    fits("report", told.out)
    assert [(cell["folds"], cell["repeats"], cell["n"], cell["seeds"]) for cell in told.out] == [(3, 1, 60, 2)] * 3
    assert "two ways" in refused(two, "plan", *call, "--limit", "4").what


@pytest.mark.parametrize("what", ["cards", "datasets", "models", "suites", "runs", "ops", "metrics"])
def test_lists_are_names_and_summaries(two, what):
    told = bench(two, "list", what, "--json")
    assert told.code == 0
    assert all({"name", "summary"} <= set(row) for row in told.out)


def test_the_lock_holds_what_the_page_says(two):
    (built,) = bench(two, "build", "mine", "--json").out
    assert built["lock_changed"]
    locked = json.loads((two.root / "cards.lock").read_text(encoding="utf-8"))
    assert set(locked) == {"cards"}
    assert set(locked["cards"]["mine"]) == {"build_key", "content_digest", "sources", "libraries", "parts"}
    assert locked["cards"]["mine"]["content_digest"] == built["content_digest"]


def test_no_output_says_nan(two):
    """NaN and infinity are Python's JSON, nobody else's."""

    def refuse(word: str) -> None:
        pytest.fail(f"a command wrote {word}")

    for call in (("build", "voted", "--json"), ("plan", "voted", "--json"), ("card", "show", "voted", "--json")):
        raw = bench(two, *call).raw
        assert raw.startswith(("[", "{"))
        json.loads(raw, parse_constant=refuse)
