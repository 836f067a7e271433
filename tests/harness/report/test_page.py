"""The HTML page: nothing is loaded, nothing is executed, nothing is hidden. One parse serves most tests."""

import json
from dataclasses import replace
from html.parser import HTMLParser

import pytest

from harness.report.cells import headline_cells, labels, tidy
from harness.report.chart import intervals
from harness.report.page import as_html, slug
from tests.harness.report.boards import CHINESE, MARKUP, SCRIPT, VERSION, board, cell

VEGA = "window.vegaEmbed = async () => ({ finalize() {} });"
POLICY = "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data:"


class Page(HTMLParser):
    """Elements with their attributes, the text of each script, and all visible text."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.scripts: list[str] = []
        self.words = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag == "script":
            self.scripts.append("")

    def handle_data(self, data: str) -> None:
        if self.lasttag == "script" and self.scripts:
            self.scripts[-1] += data
        else:
            self.words += data


@pytest.fixture(scope="module")
def page() -> Page:
    return Page(as_html(board(), VEGA))


def test_the_policy_forbids_every_request(page: Page) -> None:
    metas = [attrs for tag, attrs in page.elements if tag == "meta" and "http-equiv" in attrs]
    assert [meta["content"] for meta in metas] == [POLICY]


def test_nothing_points_out_of_the_page(page: Page) -> None:
    loads = {"src", "href", "srcset", "data", "action", "poster", "formaction", "xlink:href"}
    found = [value for _, attrs in page.elements for name, value in attrs.items() if name in loads]
    assert found
    assert all(value and value.startswith(("#", "data:,")) for value in found)
    assert not any(name.startswith("on") for _, attrs in page.elements for name in attrs)
    assert not any("url(" in text or "@import" in text for text in page.scripts)


def test_hostile_text_is_text(page: Page) -> None:
    # Payload, one chart per dataset, table.js, vega, charts.js: text added no script.
    assert len(page.scripts) == 6
    assert SCRIPT in page.words
    assert MARKUP in page.words
    assert CHINESE in page.words


def test_every_link_inside_the_page_has_a_target_and_ids_are_unique(page: Page) -> None:
    ids = [attrs["id"] for _, attrs in page.elements if "id" in attrs]
    links = [(attrs.get("href") or "").removeprefix("#") for tag, attrs in page.elements if tag == "a"]
    assert len(ids) == len(set(ids))
    assert set(links) <= set(ids)


def test_the_payload_holds_every_cell(page: Page) -> None:
    payload = json.loads(page.scripts[0] if page.scripts[0].startswith('{"fields"') else page.scripts[2])
    rows = [dict(zip(payload["fields"], values, strict=True)) for values in payload["rows"]]
    assert len(rows) == len(board().cells)
    assert (rows[0]["version"], rows[0]["versionText"], rows[0]["seeds"]) == (VERSION, VERSION[:12], 3)
    assert rows[0]["paper"] == "paper 0.960 ± 0.025, ICWSM 2014, table 4"
    assert [row["headline"] for row in rows].count(False) == 1
    assert rows[2]["reason"] == f"out of memory {SCRIPT}"
    assert rows[6]["about"] == "trained on 2,000 rows, 5-fold cross-validation, 2 repeats"


def test_holes_gates_and_audits_are_visible_without_a_script(page: Page) -> None:
    for words in (
        "out of memory",
        "missing",
        "not applicable",
        "agreement gate not passed",
        "2 found",
        "not reproduced",
        "The source has no licence file.",
        "no result on tweets",
        "2 failed",
        "1 of 2 published values reproduced",
        "0.123p < 0.001",
        "1,234 test rows tell a difference of 0.025",
        "evaluated by 5-fold cross-validation, 2 repeats",
        "trained on 16 rows per class of the train split",
    ):
        assert words in " ".join(page.words.split()), words


def test_the_audits_that_a_card_asks_for_stand_beside_the_proof() -> None:
    text = as_html(board(), VEGA)
    assert "Audits that the card asks for" in text
    assert '<bdi>near</bdi></th><td class="num">3</td><td class="num">1,234</td><td class="num">5</td>' in text
    assert "cannot be told: &lt;/script&gt;" in text


def test_a_board_without_cells_or_sections_is_still_a_page() -> None:
    bare = replace(board(), cells=(), datasets=(), models=(), overall=())
    html = as_html(bare, VEGA)
    assert 'id="cells"' in html
    assert '"#overall"' not in html


def test_a_dataset_that_was_not_built_has_a_section() -> None:
    html = as_html(replace(board(), cells=(cell("unbuilt"),), datasets=()), VEGA)
    assert 'id="dataset-unbuilt"' in html
    assert "no version of it was published" in html


def test_a_section_without_a_version_claims_nothing() -> None:
    facts = replace(
        board().datasets[0], version="", label_counts={}, ledger=(), audit={}, rows_read=None, rows_kept=None
    )
    html = as_html(replace(board(), datasets=(facts,)), VEGA)
    assert "not built" in html
    assert html.count("Audit of the published files") == 0


def test_the_chart_shows_holes_and_published_values_and_names_no_address() -> None:
    spec = intervals(headline_cells(tidy(board()), "hotel-reviews"))
    text = json.dumps(spec)
    assert spec is not None
    assert len(spec["layer"]) == 4
    assert "://" not in text.replace("file:///", "")
    drawn = [value for values in spec["datasets"].values() for value in values]
    assert {value["hole"] for value in drawn if "hole" in value} == {"failed", "missing", "not applicable"}
    assert [value["paper"] for value in drawn if "paper" in value] == [0.96]


def test_no_chart_without_numbers() -> None:
    assert intervals([]) is None
    assert intervals([c for c in board().cells if c.status == "missing"]) is None


def test_cells_of_one_model_are_told_apart() -> None:
    cells = [cell(), replace(cell(), split="dev"), cell(model="other")]
    assert labels(cells) == ["tfidf-logreg · split test", "tfidf-logreg · split dev", "other"]


def test_the_best_comes_first_whichever_way_the_metric_runs() -> None:
    low, high = replace(cell(model="low"), value=0.1), replace(cell(model="high"), value=0.9)
    up = replace(board(), cells=(low, high))
    down = replace(board(), cells=tuple(replace(one, higher_is_better=False) for one in (high, low)))
    assert [c.model for c in headline_cells(up, "hotel-reviews")] == ["high", "low"]
    assert [c.model for c in headline_cells(down, "hotel-reviews")] == ["low", "high"]


def test_different_names_get_different_ids() -> None:
    assert slug("hotel-reviews.v2") == "hotel-reviews.v2"
    assert slug("a b") != slug("a_b") != slug("a_20b")
