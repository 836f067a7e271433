"""A suite brought up to date: what must be as locked is, or nothing runs."""

import re

import pytest

from harness import records
from harness.building import build_all, told
from harness.execute import execute, fetch_all
from harness.inspect.diff import compared, lines
from harness.inspect.tagging import tagged, untagged
from harness.report.assemble import board
from harness.suites import Wish, bare
from harness.workspace import Workspace
from registry.errors import GateError, UserError
from tests import tiny_encoder
from tests.harness.conftest import HASH
from tests.servers.package_index import Hosted, PackageIndex
from tests.worlds import World, plenty, table


def test_a_run_that_must_be_as_locked_refuses_before_anything_runs(world: World) -> None:
    for name, count in (("mine", 80), ("other", 90)):
        world.card(plenty(count), HASH, name)
    workspace = Workspace(world.catalog, offline=True)
    suite = bare(("mine", "other"), Wish(("majority",), 1), workspace)
    with pytest.raises(GateError) as refused:
        execute(suite, workspace, locked=True)
    assert str(refused.value).count("has no entry in cards.lock") == 2
    list(build_all(["mine", "other"], workspace))
    assert execute(suite, workspace, locked=True).failed == 0
    world.card(plenty(81), HASH, "other")
    with pytest.raises(GateError, match="other is not as"):
        execute(suite, Workspace(world.catalog, offline=True), locked=True)
    assert records.history(world.home).height == 2


def test_a_build_tells_what_changed_and_what_the_lock_has_now(world: World) -> None:
    world.card(plenty(80), HASH)
    (first,) = build_all(["mine"], Workspace(world.catalog, offline=True))
    assert "  locked for the first time" in told(first).split("\n")
    world.card(more="clean: [{length: {min_chars: 2}}]\n" + HASH)
    (second,) = build_all(["mine"], Workspace(world.catalog, offline=True))
    said = told(second).split("\n")
    assert '  changed: clean > length added: {"min_chars": 2}' in said
    assert "  locked with the same rows" in said
    world.card(plenty(81), "clean: [{length: {min_chars: 2}}]\n" + HASH)
    (third,) = build_all(["mine"], Workspace(world.catalog, offline=True))
    assert f"  locked instead of {first.published.digest[:12]}" in told(third).split("\n")
    (again,) = build_all(["mine"], Workspace(world.catalog, offline=True))
    assert f"mine {third.published.digest[:12]} unchanged: " in told(again)
    assert not [line for line in told(again).split("\n") if line.startswith(("  changed:", "  locked"))]


def test_a_warning_of_several_lines_is_told_as_one(world: World) -> None:
    votes = "votes: {columns: [ann, bob]}, agreement: {at_least: 0.9}, on_failure: warn"
    card = f"annotation: {{question: q, {votes}}}\nlabels: [bad, good]\n"
    rows = table(
        *((f"text {n}", ("bad", "good")[n % 2], ("bad", "good")[n % 3 % 2]) for n in range(30)), header="text,ann,bob"
    )
    (built,) = build_all(["mine"], Workspace(world.card(rows, card).catalog, offline=True))
    _, warning, *more = told(built).split("\n")
    assert warning.startswith("  warning: krippendorff-alpha (nominal) is ")
    assert [line[:10] for line in more[:3]] == ["    most d", "    least ", "  locked f"]


def test_a_version_that_a_comparison_built_is_not_called_unchanged(world: World) -> None:
    world.card(plenty(80), HASH)
    list(build_all(["mine"], Workspace(world.catalog, offline=True)))
    world.card(plenty(81), HASH)
    compared("mine", "", Workspace(world.catalog, offline=True), 1)
    (now,) = build_all(["mine"], Workspace(world.catalog, offline=True))
    assert f"mine {now.published.digest[:12]} built before: " in told(now)
    assert "  locked instead of" in told(now)


def test_of_very_many_changes_some_are_told_and_the_rest_counted(world: World) -> None:
    world.card(more=HASH)
    card = world.root / "cards/datasets/task/mine.yaml"
    card.write_text(card.read_text().replace("data/mine.csv", "data/*.csv"))
    for number in range(30):
        world.write({f"data/{number:02d}.csv": plenty(80)})
    list(build_all(["mine"], Workspace(world.catalog, offline=True)))
    for number in range(30):
        world.write({f"data/{number:02d}.csv": plenty(81)})
    (built,) = build_all(["mine"], Workspace(world.catalog, offline=True))
    assert len(built.changes) == 30
    assert "  and 10 more changes; --json has all of them" in told(built).split("\n")


def test_fetching_an_update_says_what_the_lock_does_not_have(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
    package = "{package: {registry: pypi, name: some-data, version: 1.0, artifact: sdist}, format: csv}"
    card = (world.card(more=HASH).root / "cards/datasets/task/mine.yaml").read_text()
    world.write({"cards/datasets/task/mine.yaml": re.sub("sources: .*", f"sources: {{rows: {package}}}", card)})
    with PackageIndex() as index:
        monkeypatch.setenv("PIP_INDEX_URL", index.url)
        index.add("some-data", "some_data-1.0.tar.gz", Hosted(plenty(80).encode()))
        (first,) = build_all(["mine"], Workspace(world.catalog))
        index.add("some-data", "some_data-1.0.tar.gz", Hosted(plenty(81).encode()))
        assert next(fetch_all(["mine"], Workspace(world.catalog))) == "mine: 1 file fetched and verified"
        said = next(fetch_all(["mine"], Workspace(world.catalog), update=True))
        (second,) = build_all(["mine"], Workspace(world.catalog))
    assert said.endswith("; rows differs from cards.lock: `bench build mine --update` accepts")
    assert second.published == first.published


def test_two_cards_are_compared_under_their_own_names(world: World) -> None:
    for name, count in (("mine", 80), ("other", 81)):
        world.card(plenty(count), HASH, name)
    first, *_ = lines(compared("mine", "other", Workspace(world.catalog, offline=True), 0))
    assert re.match("mine [0-9a-f]{12} -> other [0-9a-f]{12}: 80 -> 81 rows", first)
    same, *_ = lines(compared("mine", "mine", Workspace(world.catalog, offline=True), 0))
    assert re.match("mine [0-9a-f]{12} -> [0-9a-f]{12}: ", same)


@pytest.mark.parametrize("written", ["mine", "mine@1.0.0", "mine@first", "mine@{}"])
def test_a_name_is_taken_away_however_the_version_is_written(world: World, written: str) -> None:
    digest = world.card(plenty(80), HASH).build().published.digest
    workspace = Workspace(world.catalog, offline=True)
    for name in ("1.0.0", "first"):
        tagged("mine", name, workspace)
    assert (
        untagged(written.format(digest[:12]), "1.0.0", workspace) == f'mine {digest[:12]} is no longer called "1.0.0"'
    )
    with pytest.raises(UserError, match="is not called"):
        untagged("mine@first", "1.0.0", workspace)


def test_models_learn_from_a_card_without_validation_rows(world: World) -> None:
    world.card(plenty(80), "split: {method: hash, ratios: {train: 0.8, validation: 0, test: 0.2}}\n")
    tiny_encoder.save(world.root / "models/tiny", ["review", "number"])
    for method in ("full", "probe"):
        card = f"name: {method}\ntitle: Tiny\nfamily: encoder\nweights: {{local: models/tiny}}\n"
        world.write({f"cards/models/{method}.yaml": f"{card}recipe: {{method: {method}}}\n"})
    workspace = Workspace(world.catalog, offline=True)
    suite = bare(("mine",), Wish(("majority", "tfidf-logreg", "full", "probe")), workspace)
    done = execute(suite, workspace)
    assert (done.failed, len(done.plan.of("recorded"))) == (0, 4)


@pytest.mark.parametrize(
    "split",
    [
        "{method: stratified, ratios: {train: 0.8, validation: 0, test: 0.2}}",
        "{method: temporal, column: at, test: 2021-01-20}",
        "{method: temporal, column: at, ratios: {train: 0.6, validation: 0.2, test: 0.2}, gap: 1d}",
        "{method: hold-out, column: shop, train: [north, south], test: [east]}",
        "{method: k-fold, folds: 3, test: 0.25}",
    ],
)
def test_every_way_to_split_gives_a_board(world: World, split: str) -> None:
    shops = ("north", "south", "east")
    rows = [
        (f"{word} thing number {n}", word, f"2021-01-{n % 28 + 1:02}", shops[n % 3])
        for n in range(60)
        for word in ("bad", "good")
    ]
    world.card(table(*rows, header="text,label,at,shop"), f"split: {split}\n")
    workspace = Workspace(world.catalog, offline=True)
    done = execute(bare(("mine",), Wish(("majority", "tfidf-logreg")), workspace), workspace)
    best, floor = (
        next(cell for cell in board(done.plan, workspace).cells if cell.headline and cell.model == model)
        for model in ("tfidf-logreg", "majority")
    )
    assert best.value is not None
    assert floor.value is not None
    assert best.value > 0.9 > floor.value
