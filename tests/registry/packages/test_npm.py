import hashlib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from registry.reading.archives import extract
from registry.source import FetchContext
from registry.sources.package import Package
from tests.origins import files
from tests.servers.npm_registry import NpmRegistry, tarball

PACKAGE = Package(registry="npm", name="@us/reviews", version="1.0.0")


@pytest.fixture
def npm(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[NpmRegistry]:
    """A running registry that an npmrc of our own names, and an npm that gives up at once."""
    with NpmRegistry() as running:
        lines = [f"registry={running.url}", "fetch-retries=0", f"cache={tmp_path / 'cache'}"]
        (tmp_path / "npmrc").write_text("\n".join(lines))
        monkeypatch.setenv("NPM_CONFIG_USERCONFIG", str(tmp_path / "npmrc"))
        yield running


def test_names_and_words() -> None:
    assert PACKAGE.file_name == "reviews-1.0.0.tgz"
    assert PACKAGE.describe() == "@us/reviews 1.0.0 from the npm registry"


def test_without_npm(program: Callable[[str, str], None], refused: Callable[..., str]) -> None:
    assert "npm is not installed here\n  Install Node.js" in refused(PACKAGE)


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        ('{"error": {"code": "E401"}}', "refused access\n  Log in with `npm login`"),
        ('{"error": {"code": "ECONNREFUSED", "summary": "http://me:s3cret@host"}}', "cannot be reached\n  Check"),
        ('{"error": {"code": "EODD"}}', "npm failed (EODD)\n  Run `npm pack @us/reviews@1.0.0` by hand"),
        ('{"error": {"code": "http://me:s3cret@host"}}', "npm failed (EUNKNOWN)"),
        ("no json: s3cret", "npm failed (EUNKNOWN)"),
        ("", "npm failed (EUNKNOWN)"),
    ],
)
def test_failures_in_plain_words(
    program: Callable[[str, str], None], refused: Callable[..., str], answer: str, said: str
) -> None:
    for channel in ("1", "2"):  # newer and older clients
        program("npm", f"echo '{answer}' >&{channel}; exit 1")
        told = refused(PACKAGE)
        assert said in told
        assert "s3cret" not in told


@pytest.mark.live
def test_the_real_client_fetches_the_tarball_and_runs_nothing(npm: NpmRegistry, context: FetchContext) -> None:
    data = npm.add("@us/reviews", "1.0.0", {"data/a.csv": "text\ngood\n"})
    (file,) = files(PACKAGE, context, hashlib.sha256(data).hexdigest())
    assert file.path.read_bytes() == data
    (member,) = extract(file, "package/data/*.csv", context.home)
    assert member.path.read_text() == "text\ngood\n"
    assert not list(context.project.rglob("ran"))


@pytest.mark.live
def test_bytes_that_the_registry_does_not_promise(npm: NpmRegistry, refused: Callable[..., str]) -> None:
    npm.add("@us/reviews", "1.0.0", {"a.csv": "good"})
    npm.served["1.0.0"] = tarball({"a.csv": "evil"})
    assert "sent what it does not promise; nothing was kept" in refused(PACKAGE)


@pytest.mark.live
def test_a_pin_must_hold(npm: NpmRegistry, refused: Callable[..., str]) -> None:
    npm.add("@us/reviews", "1.0.0", {"a.csv": "good"})
    assert f"expected {'0' * 64}" in refused(PACKAGE, "0" * 64)


@pytest.mark.live
def test_an_unknown_version_names_the_newest(npm: NpmRegistry, refused: Callable[..., str]) -> None:
    for version in ("0.9.0", "1.0.1"):
        npm.add("@us/reviews", version, {})
    told = refused(PACKAGE)
    assert 'has no version 1.0.0; nearest: "1.0.1"\n  Its newest versions: 1.0.1, 0.9.0.' in told


@pytest.mark.live
def test_an_unknown_package(npm: NpmRegistry, refused: Callable[..., str]) -> None:
    assert "has no such package\n  Check the spelling" in refused(PACKAGE)


@pytest.mark.live
def test_the_logins_of_the_user_are_used(
    npm: NpmRegistry, context: FetchContext, refused: Callable[..., str], tmp_path: Path
) -> None:
    npm.add("@us/reviews", "1.0.0", {"a.csv": "good"})
    npm.token = "s3cret"
    assert "refused access\n  Log in" in refused(PACKAGE)
    with (tmp_path / "npmrc").open("a") as npmrc:
        npmrc.write(f"\n{npm.url.removeprefix('http:')}/:_authToken=s3cret\n")
    (file,) = files(PACKAGE, context)
    kept = b"".join(path.read_bytes() for path in context.home.rglob("*") if path.is_file())
    assert file.name == "reviews-1.0.0.tgz"
    assert b"s3cret" not in kept
