"""JSON and CSV: exact, valid against the schema, safe in a spreadsheet."""

import csv
import io
import json
from dataclasses import replace
from pathlib import Path

import jsonschema
import polars

import harness
from harness.report.board import Board
from harness.report.flat import as_csv, as_json
from tests.harness.report.boards import FORMULA, RUN, board, cell

SCHEMA = json.loads((Path(harness.__file__).parent / "schema" / "report.schema.json").read_text("utf-8"))


def empty() -> Board:
    return replace(board(), cells=(), datasets=(), models=(), overall=())


def test_json_follows_the_schema() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    jsonschema.validate(json.loads(as_json(board())), SCHEMA)
    jsonschema.validate(json.loads(as_json(empty())), SCHEMA)


def test_the_schema_names_exactly_the_fields_of_a_cell() -> None:
    fields = list(json.loads(as_json(board()))[0])
    assert fields == SCHEMA["$defs"]["cell"]["required"] == list(SCHEMA["$defs"]["cell"]["properties"])


def test_json_keeps_numbers_and_order() -> None:
    cells = json.loads(as_json(board()))
    assert (cells[0]["value"], cells[0]["seeds"], cells[0]["run_ids"][0]) == (0.8765, 3, RUN)
    assert cells[0]["anchor"] == {
        "value": 0.96, "tolerance": 0.025, "source": "ICWSM 2014, table 4", "reproduced": False
    }  # fmt: skip
    assert [c["status"] for c in cells[2:5]] == ["failed", "missing", "not_applicable"]


def test_nan_becomes_a_hole_that_says_so() -> None:
    text = as_json(board())
    assert "NaN" not in text
    found = next(c for c in json.loads(text) if c["metric"] == "macro_f1")
    assert (found["value"], found["low"], found["status"], found["best_or_tied"]) == (
        None,
        None,
        "failed",
        None,
    )
    assert found["reason"] == "the metric gave nan, which is not a finite number"


def test_an_infinite_interval_or_time_is_absent_and_the_value_stays() -> None:
    odd = replace(cell(), low=float("-inf"), seconds=float("nan"))
    found = json.loads(as_json(replace(board(), cells=(odd,))))[0]
    assert (found["value"], found["low"], found["seconds"], found["status"]) == (0.8765, None, None, "ok")


def test_a_metric_that_has_no_value_is_a_hole_though_its_run_went_well() -> None:
    odd = replace(cell(), value=None, reason="the model gives no scores")
    found = json.loads(as_json(replace(board(), cells=(odd,))))
    assert (found[0]["status"], found[0]["reason"]) == ("not_applicable", "the model gives no scores")
    jsonschema.validate(found, SCHEMA)


def test_csv_has_a_row_per_cell_and_parts_the_anchor() -> None:
    rows = list(csv.DictReader(io.StringIO(as_csv(board()))))
    assert len(rows) == len(board().cells)
    assert (rows[0]["anchor_value"], rows[0]["anchor_reproduced"], rows[1]["anchor_value"]) == (
        "0.96",
        "false",
        "",
    )
    assert (rows[0]["value"], rows[2]["value"], rows[0]["run_ids"].split()[0]) == ("0.8765", "", RUN)


def test_csv_text_cannot_start_a_formula_and_negative_numbers_stay_numbers() -> None:
    negative = replace(cell(), value=-0.25, low=-0.5, high=0.0)
    rows = list(csv.DictReader(io.StringIO(as_csv(replace(board(), cells=(*board().cells, negative))))))
    assert rows[3]["reason"] == "'" + FORMULA
    assert rows[-1]["value"] == "-0.25"
    assert not any(value.startswith(("=", "+", "@")) for row in rows for value in row.values())


def test_csv_is_read_by_a_frame_library() -> None:
    frame = polars.read_csv(as_csv(board()).encode())
    assert frame["value"].to_list()[0] == 0.8765
    assert frame.height == len(board().cells)
