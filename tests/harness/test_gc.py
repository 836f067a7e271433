"""`bench gc`: what nothing refers to goes, whole; what anything needs, or anybody may be writing, stays."""

import json
import os
import re
import shutil
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from harness import records
from harness.gc import garbage, remove
from harness.generating.asking import Asking, Manner
from harness.generating.endpoint import Endpoint
from harness.kept import kept
from harness.workspace import Workspace
from registry import build as builder
from registry import load
from registry.audits.checks.near import Near
from registry.audits.kept import audited
from registry.digest import file_digest
from registry.errors import CardProblems, UserError
from registry.progress import Silent
from registry.quality.scorecard import scorecard
from registry.versions import tags
from tests.harness.models.servers import chat, serving
from tests.harness.test_records import GOOD
from tests.servers.package_index import Hosted, PackageIndex
from tests.worlds import plenty

HASH = "split: {method: hash}\n"
DAYS = 3 * 24 * 3600
KILLED = """
import os, pathlib, sys
from harness import gc
from harness.workspace import Workspace
from registry import project
from registry.catalog import Catalog
space = Workspace(Catalog(project.at(pathlib.Path(sys.argv[1]))), offline=True)
found = gc.garbage(space)
pathlib.Path.rename = lambda self, target, rename=pathlib.Path.rename: (rename(self, target), os._exit(9))
gc.remove(found, space)
"""


def space(world):
    return Workspace(world.catalog, offline=True)


def age(world):
    """Days pass. Cleaned rows would go then whatever refers to what; they have a test of their own."""
    shutil.rmtree(world.home / "cleaned", ignore_errors=True)
    grow_old(world)


def grow_old(world):
    for path in sorted(world.home.rglob("*"), reverse=True):
        os.utime(path, (time.time() - DAYS,) * 2)


def found(world):
    return [(one.kind, one.path.relative_to(world.home).as_posix()) for one in garbage(space(world))]


@pytest.fixture
def two(world):
    """The first version is referred to by nothing, the second by the lock; neither was used lately."""
    first = world.card(plenty(60), HASH).build().published
    second = world.card(plenty(61), HASH).build().published
    age(world)
    return world, first, second


def test_a_version_that_nothing_refers_to_goes_and_the_locked_one_stays(two):
    world, first, second = two
    assert found(world) == [("versions", f"versions/mine/{first.folder.name}")]
    (one,) = garbage(space(world))
    assert one.size == sum(file.stat().st_size for file in first.folder.iterdir())
    assert first.folder.is_dir(), "only looked so far"
    assert remove([one], space(world)) == 1
    assert not first.folder.exists()
    assert list((world.home / "staging").iterdir()) == []
    assert world.build().published == second


def test_cleaned_rows_go_when_they_were_not_used_for_a_day(world):
    world.card(plenty(60), HASH).build()
    assert found(world) == []
    grow_old(world)
    (folder,) = (world.home / "cleaned").iterdir()
    assert found(world) == [("cleaned rows", f"cleaned/{folder.name}")]
    world.card(plenty(60), "split: {method: hash, seed: 14}\n").build()
    assert [kind for kind, _ in found(world)] == ["versions"], "a build used them just now"


def test_answers_and_vectors_go_when_they_were_not_used_for_a_day(world):
    answers = world.home / "answers"
    made = kept(answers / "vectors", {"text": "a"}, lambda: np.ones(2))
    body = {"model": "toy"}
    with serving(lambda _: chat("yes")) as server:
        asked = Asking(Endpoint(server.url, "chat", "", 5, 1), Manner(1, 0, None, offline=False), answers)
        with Silent().step("ask") as step:
            asked.all([body], step)
        assert found(world) == []
        grow_old(world)
        (answer,) = answers.glob("*.json")
        (vectors,) = answers.glob("*/*.npy")
        assert found(world) == [
            ("answers of servers", f"answers/{answer.name}"),
            ("vectors of texts", f"answers/vectors/{vectors.name}"),
        ]
        with Silent().step("ask") as step:
            Asking(asked.endpoint, asked.manner, answers).all([body], step)
    assert kept(answers / "vectors", {"text": "a"}, lambda: np.zeros(2)).tolist() == made.tolist()
    assert found(world) == [], "both were used just now"


def test_a_tag_and_a_run_record_keep_their_versions(two):
    world, first, _ = two
    tags.add(world.catalog.project, "mine", "1.0.0", first.digest)
    assert found(world) == []
    tags.delete(world.catalog.project, "mine", "1.0.0")
    assert len(found(world)) == 1
    trained = json.dumps({"train": [{"version": first.digest}], "evaluate": {"version": "e" * 64}})
    records.save(replace(GOOD, version="e" * 64, identity=trained), None, world.home)
    age(world)
    assert found(world) == []


def test_a_version_that_another_card_derives_from_stays(two):
    world, first, _ = two
    derived = world.card(name="derived").root / "cards/datasets/task/derived.yaml"
    origin = f"sources: {{rows: {{version: {{card: mine, digest: {first.digest[:12]}}}}}}}"
    derived.write_text(re.sub("sources: .*", origin, derived.read_text()))
    assert found(world) == []


def test_arrow_copies_go_with_their_versions(two):
    world, first, second = two
    for version in (first, second):
        load("mine", version=version.digest, project=world.root)
    age(world)
    name = first.folder.name
    assert found(world) == [("Arrow copies", f"arrow/mine/{name}"), ("versions", f"versions/mine/{name}")]
    assert remove(garbage(space(world)), space(world)) == 2
    assert [path.name for path in (world.home / "arrow/mine").iterdir()] == [second.folder.name]


def test_audits_and_measures_go_with_their_versions(two):
    world, first, second = two
    for version in (first, second):
        audited({"near": Near()}, version, world.home)
        scorecard(world.catalog.dataset("mine"), version, world.catalog)
    age(world)
    gone = {(kind, path) for kind, path in found(world) if kind != "versions"}
    assert {kind for kind, _ in gone} == {"audits", "measures"}
    assert all(Path(path).name.startswith(first.digest[:12]) for _, path in gone)
    remove(garbage(space(world)), space(world))
    left = [*(world.home / "audits").iterdir(), *(world.home / "cache/quality").iterdir()]
    assert {path.name[:12] for path in left} == {second.digest[:12]}


def test_what_was_used_or_written_within_a_day_stays(two):
    world, first, _ = two
    listed = garbage(space(world))
    world.card(plenty(60), HASH)
    builder.build("mine", world.catalog, offline=True, record=False)
    assert found(world) == []
    assert remove(listed, space(world)) == 0, "it was used after it was listed"
    assert first.folder.is_dir()


def test_leftovers_of_killed_processes_go_after_a_day(two):
    world, _, _ = two
    world.write({"home/staging/x/half": "x", "home/sources/.partial-1-a": "xx", "home/reports/.partial-2-b": "xxx"})
    assert {kind for kind, _ in found(world)} == {"versions"}
    age(world)
    listed = garbage(space(world))
    assert [(one.kind, one.size) for one in listed[:3]] == [("leftovers", 1), ("leftovers", 3), ("leftovers", 2)]
    assert remove(listed, space(world)) == 4
    assert found(world) == []


def test_a_card_or_a_record_that_cannot_be_read_stops_it(two):
    world, _, _ = two
    torn = world.home / "runs" / "ab" / "record.parquet"
    world.write({"home/runs/ab/record.parquet": "torn"})
    with pytest.raises(UserError, match="damaged"):
        garbage(space(world))
    shutil.rmtree(torn.parent)
    world.write({"cards/datasets/task/other.yaml": "name: other\nnonsense: 1\n"})
    with pytest.raises(CardProblems):
        garbage(space(world))


def test_killed_in_the_middle_it_leaves_whole_things_only(two):
    world, first, second = two
    load("mine", version=first.digest, project=world.root)
    age(world)
    killed = subprocess.run([sys.executable, "-c", KILLED, str(world.root)], check=False)
    assert killed.returncode == 9
    assert first.read("test").height > 0, "the copy went first, the version is whole"
    assert not (world.home / "arrow/mine" / first.folder.name).exists()
    age(world)
    assert remove(garbage(space(world)), space(world)) == 2
    assert list((world.home / "staging").iterdir()) == []
    assert world.build().published == second


@pytest.fixture
def packaged(world, monkeypatch):
    """A card over a zip in a package, and the index."""
    monkeypatch.setattr("registry.remote.download.PAUSES", (0.0, 0.0))
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
    with PackageIndex() as index:
        monkeypatch.setenv("PIP_INDEX_URL", index.url)
        for version in ("1.0", "2.0"):
            index.add("some-data", f"some_data-{version}.tar.gz", Hosted(archive(world.root, version)))
        point(world, "1.0")
        yield world


def archive(folder: Path, version: str) -> bytes:
    root = folder / f"zip-{version}" / "data"
    root.mkdir(parents=True)
    (root / "rows.csv").write_text(plenty(60 + int(version[0])))
    made = shutil.make_archive(str(folder / f"zip-{version}"), "gztar", root.parent)
    return Path(made).read_bytes()


def point(world, version):
    package = f"{{registry: pypi, name: some-data, version: {version}, artifact: sdist}}"
    sources = f"sources: {{rows: {{package: {package}, path: data/rows.csv}}}}"
    card = (world.card(more=HASH).root / "cards/datasets/task/mine.yaml").read_text()
    world.write({"cards/datasets/task/mine.yaml": re.sub("sources: .*", sources, card)})


def test_sources_stay_while_a_card_or_the_lock_needs_them_and_go_with_their_members(packaged):
    world = packaged
    old = builder.build("mine", world.catalog).published
    point(world, "2.0")
    builder.build("mine", world.catalog)
    age(world)
    (archived,) = old.manifest["sources"]["rows"]["files"].values()
    kinds = [kind for kind, _ in found(world)]
    assert kinds == ["versions", "source notes", "source files", "extracted files"]
    assert [name for kind, name in found(world) if archived in name] == [f"sources/{archived}", f"extracted/{archived}"]
    assert remove(garbage(space(world)), space(world)) == 4
    shutil.rmtree(world.home / "versions")
    assert builder.build("mine", world.catalog, offline=True, locked=True).fresh


def test_what_was_fetched_for_a_card_that_is_not_built_yet_stays(packaged):
    world = packaged
    builder.build("mine", world.catalog)
    shutil.rmtree(world.home / "versions")
    (world.root / "cards.lock").unlink()
    age(world)
    assert found(world) == []
    (world.root / "cards/datasets/task/mine.yaml").unlink()
    assert [kind for kind, _ in found(world)] == ["source notes", "source files", "extracted files"]


def test_the_sources_of_a_tagged_version_stay(packaged):
    world = packaged
    tags.add(world.catalog.project, "mine", "1.0.0", builder.build("mine", world.catalog).published.digest)
    point(world, "2.0")
    builder.build("mine", world.catalog)
    age(world)
    assert found(world) == []


@pytest.mark.parametrize(
    "text", ["", "[]", '{"files": 5, "origin": 1}', '{"files": [1], "origin": 1}', '{"files": [], "origin": NaN}']
)
def test_a_damaged_note_goes_and_what_the_lock_pins_stays(packaged, text):
    world = packaged
    builder.build("mine", world.catalog)
    (note,) = (world.home / "sources/index").iterdir()
    note.write_text(text)
    age(world)
    assert [kind for kind, _ in found(world)] == ["source notes"]
    assert {file_digest(path) for path in (world.home / "sources").glob("?" * 64)} == {
        path.name for path in (world.home / "sources").glob("?" * 64)
    }


def test_a_checkpoint_goes_with_the_last_model_card_that_names_it(two):
    world, _, _ = two
    world.write({f"home/hub/models--owner--{name}/blobs/x": "x" for name in ("ours", "theirs")})
    card = "name: ours\ntitle: Ours\nfamily: encoder\nweights: {hub: {repo: owner/ours}}\n"
    world.write({"cards/models/ours.yaml": card})
    age(world)
    assert found(world)[1:] == [("checkpoints", "hub/models--owner--theirs")]
