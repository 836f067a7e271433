from collections.abc import Callable

import pytest

from registry.reading.archives import extract
from registry.source import FetchContext
from registry.sources.package import Package
from tests.origins import files

FAQ = Package(registry="debian", name="debian-faq", version="11.1", architecture="all")
PIN = "427426e0cfa6888622fc1d72631071cb4b5a1f86ccde722e7820bcef284de5d0"
LISTED = f"'http://me:s3cret@mirror/faq.deb' debian-faq_11.1_all.deb 499508 SHA256:{PIN}"
MADISON = "debian-faq |       12.0 | http://mirror main\ndebian-faq |       11.2 | http://mirror main"


def test_names_and_words() -> None:
    assert FAQ.file_name == "debian-faq_11.1_all.deb"
    assert FAQ.describe() == "debian-faq 11.1 (all) from the Debian archive"


def test_where_there_is_no_apt(program: Callable[[str, str], None], refused: Callable[..., str]) -> None:
    told = refused(FAQ)
    assert "apt-get is not installed here" in told
    assert "copy it into the project as a local source" in told


@pytest.mark.parametrize(
    ("listed", "madison", "said"),
    [
        ("E: Version '11.1' for 'debian-faq' was not found", MADISON, "has no version 11.1\n  apt has: 12.0, 11.2."),
        ("E: Unable to locate package debian-faq", "", "apt knows no such package\n  Run `apt-get update`"),
        (
            "E: Unable to locate package debian-faq:arm64",
            "debian-faq | 11.1 | http://mirror main",
            "is not there for all\n  apt has: 11.1.",
        ),
        ("E: Failed to fetch http://me:s3cret@mirror", "", "apt-get fetched nothing\n  Run `apt-get download"),
    ],
)
def test_failures_in_plain_words(
    program: Callable[[str, str], None], refused: Callable[..., str], listed: str, madison: str, said: str
) -> None:
    program("apt-get", f'echo "{listed}" >&2; exit 100')
    program("apt-cache", f'echo "{madison}"')
    told = refused(FAQ)
    assert said in told
    assert "s3cret" not in told


def test_another_architecture_names_the_right_one(
    program: Callable[[str, str], None], refused: Callable[..., str]
) -> None:
    program("apt-get", f'echo "{LISTED}"')
    told = refused(FAQ.model_copy(update={"architecture": "amd64"}))
    assert "has another architecture\n  Write `architecture: all`." in told


def test_what_apt_does_not_promise_is_not_fetched(
    program: Callable[[str, str], None], refused: Callable[..., str]
) -> None:
    program("apt-get", f'echo "{LISTED}"')
    assert f"expected {'0' * 64}, got {PIN}" in refused(FAQ, "0" * 64)


def test_what_apt_fetched_is_checked(program: Callable[[str, str], None], refused: Callable[..., str]) -> None:
    program("apt-get", f'case "$*" in *--print-uris*) echo "{LISTED}";; *) echo evil > debian-faq_11.1_all.deb;; esac')
    assert f"expected {PIN}, got" in refused(FAQ)


def test_a_package_above_the_limit_is_not_fetched(
    program: Callable[[str, str], None], refused: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("registry.remote.download.LIMIT", 1000)
    program("apt-get", f'echo "{LISTED}"')
    assert "larger than 1,000 bytes" in refused(FAQ)


@pytest.mark.live
def test_a_real_package_with_its_files(context: FetchContext) -> None:
    (file,) = files(FAQ, context, PIN)
    pages = extract(file, "data.tar.*!usr/share/doc/debian/FAQ/*.en.html", context.home)
    assert len(pages) == 17
