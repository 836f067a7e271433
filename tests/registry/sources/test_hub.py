"""Datasets of a hub, fetched by the real client from a look-alike on loopback."""

import hashlib
import io
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import polars as pl
import pytest
from pydantic import ValidationError

from registry import build, fetching
from registry.errors import UserError
from registry.progress import Silent
from registry.source import FetchContext, Pin
from registry.sources.hub import Hub
from tests.origins import files
from tests.servers.dataset_hub import DatasetHub
from tests.worlds import World

REPOSITORY = "someone/reviews"
TRAIN = Hub(repository=REPOSITORY, split="train")
CSV = Hub(repository=REPOSITORY, files="data/*.csv")


class Watched(Silent):
    """Progress that adds up what it is told."""

    total: int | None = 0
    seen = 0

    @contextmanager
    def step(self, name: str, total: int | None = None, unit: str = "") -> Iterator["Watched"]:
        self.total = total
        yield self

    def advance(self, amount: int = 1) -> None:
        self.seen += amount


def parquet(*texts: str) -> bytes:
    written = io.BytesIO()
    pl.DataFrame({"text": texts, "label": ["good"] * len(texts)}).write_parquet(written)
    return written.getvalue()


@pytest.fixture
def hub(monkeypatch: pytest.MonkeyPatch) -> Iterator[DatasetHub]:
    """A hub that the environment names; retries do not wait."""
    monkeypatch.setattr("time.sleep", lambda seconds: None)
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy", "HF_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    with DatasetHub(REPOSITORY) as running:
        monkeypatch.setenv("HF_ENDPOINT", running.url)
        running.commit({"data/b.csv": b"text\nb\n", "data/a.csv": b"text\na\n", "reviews.py": b"raise SystemExit"})
        converted = {f"default/train/000{n}.parquet": parquet(f"row {n}") for n in (1, 0)}
        running.commit({**converted, "en/partial-train/0000.parquet": parquet("a part")}, "refs/convert/parquet")
        yield running


def test_files_are_taken_at_a_commit_in_order_of_name_and_the_script_never(
    hub: DatasetHub, context: FetchContext
) -> None:
    fetched = fetching.fetch("hub", CSV, context)
    assert [file.name for file in fetched.files] == ["data/a.csv", "data/b.csv"]
    assert [file.path.read_bytes() for file in fetched.files] == [b"text\na\n", b"text\nb\n"]
    assert all(hashlib.sha256(file.path.read_bytes()).hexdigest() == file.sha256 for file in fetched.files)
    assert fetched.revision == hub.refs["main"]
    assert not any("reviews.py" in request for request in hub.requests)
    assert not list((context.home / "staging").iterdir())


def test_a_split_is_taken_from_the_branch_of_conversions(hub: DatasetHub, context: FetchContext) -> None:
    fetched = fetching.fetch("hub", TRAIN, context)
    assert [pl.read_parquet(file.path)["text"].to_list() for file in fetched.files] == [["row 0"], ["row 1"]]
    assert fetched.revision == hub.refs["refs/convert/parquet"]
    assert TRAIN.default_format == ("parquet", {})


def test_what_was_fetched_is_not_asked_for_again_and_serves_offline(hub: DatasetHub, context: FetchContext) -> None:
    first = files(TRAIN, context)
    hub.requests.clear()
    assert files(TRAIN, replace(context, offline=True)) == files(TRAIN, context) == first
    assert hub.requests == []
    with pytest.raises(UserError, match="may not be fetched offline"):
        files(CSV, replace(context, offline=True))


def test_a_moved_branch_is_followed_only_on_update(hub: DatasetHub, context: FetchContext) -> None:
    before = fetching.fetch("hub", CSV, context)
    hub.commit({"data/a.csv": b"text\nnew\n"})
    elsewhere = replace(context, home=context.project / "elsewhere")
    pin = Pin({file.name: file.sha256 for file in before.files}, before.revision)
    again = fetching.fetch("hub", CSV, elsewhere, pin)
    assert [file.sha256 for file in again.files] == [file.sha256 for file in before.files]
    assert again.revision == before.revision
    moved = fetching.fetch("hub", CSV, replace(context, update=True))
    assert moved.revision == hub.refs["main"] != before.revision
    assert [file.path.read_bytes() for file in moved.files] == [b"text\nnew\n"]


def test_a_commit_in_the_card_pins_it(hub: DatasetHub, context: FetchContext) -> None:
    old = hub.refs["main"]
    hub.commit({"data/a.csv": b"text\nnew\n"})
    (file, _) = files(CSV.model_copy(update={"revision": old}), context)
    assert file.path.read_bytes() == b"text\na\n"
    assert not any("/revision/" in request for request in hub.requests)


def test_a_lock_entry_keeps_the_commit_of_a_card(hub: DatasetHub, world: World) -> None:
    world.card(None, "labels: [good, bad]\n")
    world.write({"data/mine.csv": "text,label\n"})
    path = world.root / "cards/datasets/task/mine.yaml"
    path.write_text(
        path.read_text().replace("{local: data/mine.csv}", f"{{hub: {{repository: {REPOSITORY}, split: train}}}}")
    )
    first = build.build("mine", world.catalog)
    hub.commit({"default/train/0000.parquet": parquet("one", "two")}, "refs/convert/parquet")
    (world.home / "sources").rename(world.home / "gone")
    assert build.build("mine", world.catalog).published.digest == first.published.digest
    updated = build.build("mine", world.catalog, update=True)
    assert updated.published.read("test")["text"].to_list() == ["one", "two"]
    assert updated.lock_changed


def test_broken_connections_are_tried_again_and_cut_files_resumed(hub: DatasetHub, context: FetchContext) -> None:
    hub.dropped, hub.cuts = 2, [100, 50]
    assert [pl.read_parquet(file.path).height for file in files(TRAIN, context)] == [1, 1]
    assert hub.fetched().count(hub.fetched()[0]) == 3


def test_a_hub_that_stays_away_is_told_plainly_and_nothing_is_kept(hub: DatasetHub, context: FetchContext) -> None:
    hub.dropped = 1000
    with pytest.raises(UserError, match=r"127\.0\.0\.1 cannot be reached, after 3 tries"):
        files(TRAIN, context)
    hub.dropped, hub.status = 0, 503
    with pytest.raises(UserError, match="answered HTTP 503, after 3 tries"):
        files(TRAIN, context)
    assert not (context.store).exists()


@pytest.mark.parametrize(("source", "name"), [(CSV, "data/a.csv"), (TRAIN, "default/train/0000.parquet")])
def test_bytes_that_the_listing_does_not_state_are_refused(
    hub: DatasetHub, context: FetchContext, source: Hub, name: str
) -> None:
    hub.serves[name] = b"PAR1 something else"
    with pytest.raises(UserError, match=r"is not what the hub's listing states: expected [0-9a-f]{40,64}, got"):
        files(source, context)


def test_other_content_under_the_locked_commit_is_refused(hub: DatasetHub, context: FetchContext) -> None:
    before = fetching.fetch("hub", CSV, context)
    pin = Pin({file.name: file.sha256 for file in before.files}, before.revision)
    hub.commits[before.revision]["data/a.csv"] = b"text\nforged\n"
    with pytest.raises(UserError, match=r"sha256 of data/a\.csv differs"):
        fetching.fetch("hub", CSV, replace(context, home=context.project / "elsewhere"), pin)


def test_a_file_whose_bytes_are_in_the_store_is_not_sent_again(hub: DatasetHub, context: FetchContext) -> None:
    files(TRAIN, context)
    converted = dict(hub.commits[hub.refs["refs/convert/parquet"]])
    hub.commit({**converted, "default/train/0002.parquet": parquet("row 2")}, "refs/convert/parquet")
    hub.requests.clear()
    assert len(files(TRAIN, replace(context, update=True))) == 3
    assert [name.rpartition("/")[2] for name in hub.fetched()] == ["0002.parquet"]


@pytest.mark.parametrize(
    ("parameters", "said"),
    [
        ({"files": "data/*.parquet"}, r"matches no file\n  It has: data/a.csv, data/b.csv"),
        ({"files": "data/A.csv"}, r'matches no file; nearest: "data/[ab].csv"'),
        ({"split": "trian"}, r'no such split; nearest: "default/train"\n  It has \(config/split\): default/train, en/'),
        (
            {"split": "train", "config": "en"},
            "only the beginning of this split\n  To take that part, write `split: partial",
        ),
        ({"files": "*", "revision": "v2"}, "has no revision v2"),
        ({"files": "*"}, "matches a script"),
        ({"files": "**/*"}, "matches a script"),
    ],
)
def test_what_is_not_there_is_told_with_what_is(
    hub: DatasetHub, context: FetchContext, parameters: dict[str, str], said: str
) -> None:
    with pytest.raises(UserError, match=said):
        files(Hub(repository=REPOSITORY, **parameters), context)


def test_a_partial_conversion_is_taken_where_the_card_says_so(hub: DatasetHub, context: FetchContext) -> None:
    (file,) = files(Hub(repository=REPOSITORY, config="en", split="partial-train"), context)
    assert pl.read_parquet(file.path)["text"].to_list() == ["a part"]


def test_an_empty_repository(hub: DatasetHub, context: FetchContext) -> None:
    hub.commit({})
    with pytest.raises(UserError, match=r"matches no file\n  It has no data files; `split:` may do"):
        files(CSV, context)


def test_progress_counts_every_byte_once(hub: DatasetHub, context: FetchContext) -> None:
    watched = Watched()
    files(TRAIN, replace(context, progress=watched))
    sizes = [len(data) for name, data in hub.commits[hub.refs["refs/convert/parquet"]].items() if "default" in name]
    assert (watched.total, watched.seen) == (sum(sizes), sum(sizes))


def test_a_dataset_without_a_conversion(hub: DatasetHub, context: FetchContext) -> None:
    del hub.refs["refs/convert/parquet"]
    with pytest.raises(UserError, match=r"no Parquet conversion of this dataset\n  Name data files"):
        files(TRAIN, context)


def test_refusals_are_told_in_plain_words(hub: DatasetHub, context: FetchContext) -> None:
    with pytest.raises(UserError, match="no such repository, or does not show it to you"):
        files(Hub(repository="someone/else", split="train"), context)
    hub.gated = True
    with pytest.raises(UserError, match=r"is gated: .*\n  Accept them at 127\.0\.0\.1"):
        files(CSV, context)
    hub.status, hub.says = 401, {}
    with pytest.raises(UserError, match="does not show it to you"):
        files(CSV, context)
    hub.status, hub.says = 403, {"X-Error-Message": "Access to this resource is disabled."}
    with pytest.raises(UserError, match="was disabled"):
        files(CSV, context)


@pytest.mark.parametrize("page", [b"<html>Welcome", b"{}", b"[]", b'{"id": "x"}'])
def test_what_is_no_hub(hub: DatasetHub, context: FetchContext, page: bytes) -> None:
    hub.page = page
    with pytest.raises(UserError, match=r"Check HF_ENDPOINT"):
        files(CSV, context)
    pinned = CSV.model_copy(update={"revision": hub.refs["main"]})
    with pytest.raises(UserError):
        files(pinned, context)


def test_the_token_of_the_environment_goes_to_the_hub_and_nowhere_else(
    hub: DatasetHub, context: FetchContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HF_TOKEN", "hf_secret")
    files(CSV, context)
    assert set(hub.tokens) == {"Bearer hf_secret", ""}
    sent = [line for line, token in zip(hub.requests, hub.tokens, strict=True) if token]
    assert sent
    assert not any("/cdn/" in line for line in sent)
    hub.status = 500
    with pytest.raises(UserError) as caught:
        files(TRAIN, context)
    assert "hf_secret" not in str(caught.value)
    assert not any(b"hf_secret" in path.read_bytes() for path in context.home.rglob("*") if path.is_file())


def test_without_a_token_in_the_environment_none_is_sent(hub: DatasetHub, context: FetchContext) -> None:
    files(CSV, context)
    assert set(hub.tokens) == {""}
    assert not any(word in agent for agent in hub.agents for word in ("torch", "agent/"))


def test_a_file_that_is_too_large_is_refused_before_it_is_fetched(
    hub: DatasetHub, context: FetchContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("registry.remote.download.LIMIT", 3)
    with pytest.raises(UserError, match="has 7 bytes; the most that is fetched of one file is 3"):
        files(CSV, context)
    assert hub.fetched() == []


def test_names_that_lead_out_are_refused(hub: DatasetHub, context: FetchContext) -> None:
    hub.commit({"data/../../../evil.csv": b"text\nx\n"})
    with pytest.raises(UserError, match="leads out of its folder"):
        files(Hub(repository=REPOSITORY, files="**/*.csv"), context)


@pytest.mark.parametrize(
    "parameters",
    [
        {},
        {"files": "a.csv", "split": "train"},
        {"files": "a.csv", "config": "en"},
        {"files": "load.py"},
        {"files": "../a.csv"},
        {"files": "/a.csv"},
        {"split": "a/b"},
        {"split": ".."},
        {"split": "train", "revision": "a b"},
        {"split": "train", "repository": "imdb"},
        {"split": "train", "repository": "a/b/c"},
    ],
)
def test_what_a_card_may_not_write(parameters: dict[str, str]) -> None:
    with pytest.raises(ValidationError):
        Hub.model_validate({"repository": REPOSITORY, **parameters})


def test_it_tells_what_it_is() -> None:
    assert TRAIN.describe() == "default/train of hub dataset someone/reviews@refs/convert/parquet"
    assert CSV.describe() == "data/*.csv of hub dataset someone/reviews@main"
    assert Hub(repository=REPOSITORY, files="a.csv").file_name == "a.csv"


def test_a_listing_that_fails_is_not_tried_three_times_over_and_its_client_says_nothing(
    hub: DatasetHub, context: FetchContext, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    hub.dropped = 1000
    pinned = Hub(repository=REPOSITORY, files="data/*.csv", revision="0" * 40)
    with pytest.raises(UserError, match="cannot be reached, after several tries"):
        files(pinned, context)
    assert 0 < 1000 - hub.dropped <= 6
    assert not caplog.records
    assert "Retry" not in capfd.readouterr().err
