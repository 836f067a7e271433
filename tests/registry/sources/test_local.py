import hashlib
from pathlib import Path

import pytest
from pydantic import ValidationError

from registry.errors import UserError
from registry.source import FetchContext
from registry.sources.local import Local
from tests.origins import files


def write(context: FetchContext, name: str, data: bytes = b"a\n1\n") -> str:
    path = context.project / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return hashlib.sha256(data).hexdigest()


def names(context: FetchContext, path: str) -> list[str]:
    return [file.name for file in files(Local(path=path), context)]


def test_one_file_with_its_hash(context: FetchContext) -> None:
    sha256 = write(context, "data/a.csv")
    (file,) = files(Local(path="data/a.csv"), context, sha256.upper())
    assert (file.name, file.sha256, file.path.read_bytes()) == ("data/a.csv", sha256, b"a\n1\n")


def test_a_glob_is_sorted_and_leaves_out_hidden_files_and_the_store(context: FetchContext) -> None:
    for name in ("data/b.csv", "data/a.csv", "data/deep/c.csv", "data/.d.csv", ".bench/sources/e.csv"):
        write(context, name)
    assert names(context, "data/*.csv") == ["data/a.csv", "data/b.csv"]
    assert names(context, "**/*.csv") == ["data/a.csv", "data/b.csv", "data/deep/c.csv"]
    assert names(context, "data/.*.csv") == ["data/.d.csv"]


def test_a_store_inside_the_project_is_never_globbed(context: FetchContext) -> None:
    moved = FetchContext(context.project, context.project / "store", False, context.progress)
    write(context, "a.csv")
    write(context, "store/b.csv")
    assert names(moved, "**/*.csv") == ["a.csv"]


def test_a_name_that_looks_like_a_glob_is_taken_as_it_is(context: FetchContext) -> None:
    write(context, "a[1].csv")
    write(context, "a1.csv")
    assert names(context, "a[1].csv") == ["a[1].csv"]


@pytest.mark.parametrize("path", ["/etc/passwd", "../a.csv", "data/../../a.csv", "C:/a", "a\\b", "a\0b", ""])
def test_paths_that_lead_out_are_refused_in_the_card(path: str) -> None:
    with pytest.raises(ValidationError):
        Local(path=path)


@pytest.mark.parametrize("path", ["link.csv", "folder/out.csv", "folder/*.csv", "*.csv"])
def test_links_that_lead_out_are_refused(context: FetchContext, path: str) -> None:
    outside = context.project.parent / "outside"
    outside.mkdir()
    (outside / "out.csv").write_text("secret")
    (context.project / "link.csv").symlink_to(outside / "out.csv")
    (context.project / "folder").symlink_to(outside, target_is_directory=True)
    with pytest.raises(UserError, match="leads out of the project"):
        files(Local(path=path), context)


def test_links_inside_the_project_are_followed(context: FetchContext) -> None:
    write(context, "data/a.csv")
    (context.project / "link.csv").symlink_to(Path("data") / "a.csv")
    assert names(context, "link.csv") == ["link.csv"]


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("data/reveiws.csv", r"no such file\n  The nearest file is data/reviews.csv"),
        ("dta/reviews.csv", r"no such file\n  The nearest file is top.csv"),
        ("data/*.tsv", r"matches no file\n  The nearest file is data/reviews.csv"),
        ("data", r"is a folder\n  Name its files: data/\*"),
        ("empty/x.csv", "That folder holds no files"),
    ],
)
def test_what_is_missing_is_told_with_what_is_there(context: FetchContext, path: str, said: str) -> None:
    write(context, "data/reviews.csv")
    write(context, "top.csv")
    (context.project / "empty").mkdir()
    with pytest.raises(UserError, match=said):
        files(Local(path=path), context)


def test_a_pin_must_hold(context: FetchContext) -> None:
    sha256 = write(context, "a.csv")
    with pytest.raises(UserError, match=f"expected {'0' * 64}, got {sha256}"):
        files(Local(path="a.csv"), context, "0" * 64)


def test_a_pin_is_for_one_file(context: FetchContext) -> None:
    write(context, "a.csv")
    sha256 = write(context, "b.csv")
    with pytest.raises(UserError, match="pins one file, but 2 files match"):
        files(Local(path="*.csv"), context, sha256)


def test_names_cannot_write_to_the_terminal(context: FetchContext) -> None:
    write(context, "a\x1b[31m.csv")
    with pytest.raises(UserError) as caught:
        files(Local(path="b.csv"), context)
    assert "\x1b" not in str(caught.value)
    assert r"a\x1b[31m.csv" in str(caught.value)


def test_a_file_that_cannot_be_read(context: FetchContext, monkeypatch: pytest.MonkeyPatch) -> None:
    write(context, "a.csv")

    def refuse(path: Path) -> str:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("registry.digest.known_digest", refuse)
    with pytest.raises(UserError, match="cannot be read: Permission denied"):
        files(Local(path="a.csv"), context)


def test_it_tells_what_it_is() -> None:
    assert Local(path="a.csv").describe() == "a.csv of the project"
