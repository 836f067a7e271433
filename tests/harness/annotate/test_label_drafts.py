"""Drafts of the annotator: on disk at once, one writer, no torn line believed."""

import resource
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.annotate.drafts import Draft, opened
from registry.annotation import layers
from registry.annotation.layers import Entry
from registry.errors import UserError
from registry.project import Project


def entry(item: str, answer: str = "good") -> Entry:
    return Entry(item=item, shown="0" * 16, annotator="ana", answer=answer, tool="bench")


def draft(root: Path, name: str = "ana"):
    return opened(Project(root, root / ".bench"), "mine", name, "vote")


def file(root: Path) -> Path:
    return next((root / ".bench" / "annotate" / "mine").glob("*.vote.jsonl"))


def answers(found: Draft) -> dict[str, object]:
    return {item: one.answer for item, one in found.answers.items()}


def test_what_was_kept_is_there_again_in_order(tmp_path: Path) -> None:
    with draft(tmp_path) as one:
        for item, answer in (("b", "bad"), ("a", "good"), ("c", "good"), ("b", "good")):
            one.keep(entry(item, answer))
        one.take_back("c")
    with draft(tmp_path) as again:
        assert list(answers(again).items()) == [("a", "good"), ("b", "good")]


@settings(max_examples=10)
@given(st.integers(0, 400))
def test_a_torn_line_is_cut_off_and_the_rest_believed(tmp_path_factory: pytest.TempPathFactory, cut: int) -> None:
    home = tmp_path_factory.mktemp("home")
    with draft(home) as one:
        for item in "abc":
            one.keep(entry(item))
    whole = file(home).read_bytes()
    file(home).write_bytes(whole[:cut])
    with draft(home) as again:
        assert list(again.answers) == list("abc")[: whole[:cut].count(b"\n")]
        again.keep(entry("d"))
    with draft(home) as last:
        assert list(last.answers)[-1] == "d"


def test_a_line_of_something_else_is_named(tmp_path: Path) -> None:
    with draft(tmp_path) as one:
        one.keep(entry("a"))
    with file(tmp_path).open("a") as text:
        text.write("[1]\n")
    with pytest.raises(UserError, match=r"jsonl:2\n.*no answer"), draft(tmp_path):
        pass


def test_a_second_session_of_the_same_name_is_refused(tmp_path: Path) -> None:
    refused = pytest.raises(UserError, match="ana annotates mine in another terminal")
    with draft(tmp_path), draft(tmp_path, "bo"), refused, draft(tmp_path):
        pass
    with draft(tmp_path) as after:
        assert not after.answers


def test_projects_that_share_a_store_share_no_draft_and_may_be_moved(tmp_path: Path) -> None:
    mine, yours = (Project(tmp_path / name, tmp_path / "store") for name in ("mine", "yours"))
    with opened(mine, "card", "ana", "vote") as one, opened(yours, "card", "ana", "vote") as other:
        one.keep(entry("a"))
        assert not other.answers
    with draft(tmp_path / "here") as one:
        one.keep(entry("a"))
    (tmp_path / "here").rename(tmp_path / "there")
    with draft(tmp_path / "there") as moved:
        assert list(moved.answers) == ["a"]


def test_names_cannot_leave_the_folder_nor_share_a_file(tmp_path: Path) -> None:
    with draft(tmp_path, "../x"), draft(tmp_path, ".._x"), draft(tmp_path, "安" * 90):
        assert len(list((tmp_path / ".bench" / "annotate" / "mine").glob("*.jsonl"))) == 3


def test_a_draft_becomes_one_layer_and_is_empty_then(tmp_path: Path) -> None:
    with draft(tmp_path) as one:
        one.keep(entry("a"))
        one.keep(entry("b"))
        path = one.publish(tmp_path, "mine")
    assert path is not None
    assert [found.item for found in layers.read(path).entries] == ["a", "b"]
    with draft(tmp_path) as again:
        assert not again.answers
        assert again.publish(tmp_path, "mine") is None


def test_a_draft_that_was_published_before_a_kill_adds_nothing_twice(tmp_path: Path) -> None:
    with draft(tmp_path) as one:
        one.keep(entry("a"))
    before = file(tmp_path).read_bytes()
    with draft(tmp_path) as one:
        one.publish(tmp_path, "mine")
    file(tmp_path).write_bytes(before)
    with draft(tmp_path) as again:
        assert again.publish(tmp_path, "mine") is None


def test_an_answer_that_finds_no_room_is_not_said_to_be_kept(tmp_path: Path) -> None:
    with draft(tmp_path) as one:
        one.keep(entry("a"))
        before = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (file(tmp_path).stat().st_size + 20, before[1]))
        try:
            with pytest.raises(OSError, match="too large"):
                one.keep(entry("b"))
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, before)
        assert list(one.answers) == ["a"]
    with draft(tmp_path) as again:
        assert list(again.answers) == ["a"]
