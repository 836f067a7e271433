"""Files of real git repositories, through the real program."""

import os
import subprocess
import time
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import pytest
from pydantic import ValidationError

from registry.errors import UserError
from registry.remote.child import Limits
from registry.source import FetchContext
from registry.sources.git import Git
from tests.origins import files

NOBODY = "0" * 40
URL = "https://host/owner/name"


class Repository(NamedTuple):
    folder: Path

    @property
    def url(self) -> str:
        return self.folder.as_uri()

    def git(self, *arguments: str) -> str:
        identity = {f"GIT_{who}_{what}": "a@b" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
        command = ["git", "-C", str(self.folder), *arguments]
        env = {**os.environ, **identity, "GIT_CONFIG_GLOBAL": os.devnull}
        return subprocess.run(command, check=True, capture_output=True, text=True, env=env).stdout.strip()

    def commit(self, contents: Mapping[str, str]) -> str:
        for name, content in contents.items():
            path = self.folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(content)
        self.git("add", "--all", ".")
        self.git("commit", "--quiet", "--message", "more")
        return self.git("rev-parse", "HEAD")


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    made = Repository(tmp_path / "origin")
    made.folder.mkdir()
    made.git("init", "--quiet", "--initial-branch=main")
    return made


def told(source: Git, context: FetchContext) -> str:
    with pytest.raises(UserError) as caught:
        files(source, context)
    return str(caught.value)


def test_a_glob_at_a_commit_whatever_came_later(repository: Repository, context: FetchContext) -> None:
    commit = repository.commit({"data/b.csv": "b\n", "data/a.csv": "a\n", "data/deep/c.csv": "c\n", "run.py": "raise"})
    repository.commit({"data/a.csv": "changed\n"})
    found = files(Git(url=repository.url, commit=commit, path="data/*.csv"), context)
    assert [(file.name, file.path.read_text()) for file in found] == [("data/a.csv", "a\n"), ("data/b.csv", "b\n")]
    assert not list((context.home / "staging").iterdir())


def test_it_is_fetched_once_and_then_kept(repository: Repository, context: FetchContext) -> None:
    commit = repository.commit({"a.csv": "a\n"})
    source = Git(url=repository.url, commit=commit, path="a.csv")
    first = files(source, context)
    repository.folder.rename(repository.folder.with_name("gone"))
    assert files(source, replace(context, offline=True)) == first
    assert "does not appear to be a git repository" in told(source, replace(context, update=True))


def test_an_old_commit_that_the_server_does_not_give_alone(
    repository: Repository, context: FetchContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    commit = repository.commit({"a.csv": "old\n"})
    repository.commit({"a.csv": "new\n"})
    for name, value in {"COUNT": "1", "KEY_0": "protocol.version", "VALUE_0": "0"}.items():
        monkeypatch.setenv(f"GIT_CONFIG_{name}", value)
    (file,) = files(Git(url=repository.url, commit=commit, path="a.csv"), context)
    assert file.path.read_text() == "old\n"
    assert "has no commit" in told(Git(url=repository.url, commit=NOBODY, path="a.csv"), context)


def test_an_ssh_url_goes_through_the_ssh_that_git_is_told(
    repository: Repository, context: FetchContext, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    commit = repository.commit({"a.csv": "a\n"})
    ssh = tmp_path / "ssh"
    ssh.write_text('#!/bin/sh\nfor last; do :; done\nexec sh -c "$last"\n')
    ssh.chmod(0o755)
    monkeypatch.setenv("GIT_SSH", str(ssh))
    monkeypatch.setenv("GIT_SSH_VARIANT", "ssh")
    (file,) = files(Git(url=f"ssh://git@host{repository.folder}", commit=commit, path="a.csv"), context)
    assert file.path.read_text() == "a\n"


def test_nothing_of_the_repository_or_of_the_users_hooks_runs(
    repository: Repository, context: FetchContext, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    touched = tmp_path / "touched"
    commit = repository.commit({"a.csv": "a\n", ".gitattributes": "* filter=evil\n"})
    hooks = tmp_path / "hooks"
    hooks.mkdir()
    for hook in ("reference-transaction", "post-checkout", "post-index-change"):
        (hooks / hook).write_text(f"#!/bin/sh\ntouch {touched}\n")
        (hooks / hook).chmod(0o755)
    config = {"core.hooksPath": hooks, "filter.evil.smudge": f"touch {touched}", "core.fsmonitor": f"touch {touched}"}
    monkeypatch.setenv("GIT_CONFIG_COUNT", str(len(config)))
    for number, (key, value) in enumerate(config.items()):
        monkeypatch.setenv(f"GIT_CONFIG_KEY_{number}", key)
        monkeypatch.setenv(f"GIT_CONFIG_VALUE_{number}", str(value))
    monkeypatch.setenv("GIT_DIR", str(tmp_path / "another"))
    (file,) = files(Git(url=repository.url, commit=commit, path="a.csv"), context)
    assert file.path.read_text() == "a\n"
    assert not touched.exists()


def test_a_rewritten_url_speaks_no_other_protocol_and_shows_no_password(
    context: FetchContext, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    touched = tmp_path / "touched"
    monkeypatch.setenv("GIT_CONFIG_COUNT", "1")
    monkeypatch.setenv("GIT_CONFIG_VALUE_0", URL)
    monkeypatch.setenv("GIT_CONFIG_KEY_0", f"url.ext::sh -c touch% {touched} #.insteadOf")
    assert "transport 'ext' not allowed" in told(Git(url=URL, commit=NOBODY, path="a"), context)
    assert not touched.exists()
    monkeypatch.setenv("GIT_CONFIG_KEY_0", "url.https://me:secret@127.0.0.1:1/.insteadOf")
    assert "secret" not in told(Git(url=URL, commit=NOBODY, path="a"), context)


def test_links_submodules_and_lfs_pointers_are_refused(repository: Repository, context: FetchContext) -> None:
    (repository.folder / "link.csv").symlink_to("/etc/passwd")
    pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n"
    first = repository.commit({"big.csv": pointer})
    repository.git("update-index", "--add", "--cacheinfo", f"160000,{first},other")
    repository.git("commit", "--quiet", "--message", "a submodule")
    commit = repository.git("rev-parse", "HEAD")
    for path, said in {
        "link.csv": "is a link",
        "big.csv": "is a pointer of Git LFS",
        "other": "is a submodule",
    }.items():
        assert said in told(Git(url=repository.url, commit=commit, path=path), context)


def test_what_is_missing_is_told_with_what_is_there(repository: Repository, context: FetchContext) -> None:
    commit = repository.commit({"data/reviews.csv": "a\n", "README": "x"})
    said = told(Git(url=repository.url, commit=commit, path="data/reveiws.csv"), context)
    assert 'matches no file; nearest: "data/reviews.csv"' in said
    assert "It has: data/reviews.csv." in said


def test_too_much_is_refused(repository: Repository, context: FetchContext, monkeypatch: pytest.MonkeyPatch) -> None:
    commit = repository.commit({"a.csv": "123456\n"})
    source = Git(url=repository.url, commit=commit, path="a.csv")
    monkeypatch.setattr("registry.remote.download.LIMIT", 3)
    assert "has 7 bytes" in told(source, context)


def test_what_takes_too_long_is_stopped_with_all_that_it_started(
    context: FetchContext, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ssh, alive = tmp_path / "ssh", tmp_path / "alive"
    ssh.write_text(f"#!/bin/sh\necho $$ > {alive}\nexec sleep 600\n")
    ssh.chmod(0o755)
    monkeypatch.setenv("GIT_SSH", str(ssh))
    monkeypatch.setattr("registry.remote.gitclient.LIMITS", Limits(0.4, 1 << 30))
    assert "was stopped after 0.4 seconds" in told(Git(url="ssh://host/x", commit=NOBODY, path="a"), context)
    stat = Path(f"/proc/{alive.read_text().strip()}/stat")
    patience = time.monotonic() + 10
    while stat.exists() and stat.read_text().rpartition(")")[2].split()[0] != "Z":
        assert time.monotonic() < patience
        time.sleep(0.01)


def test_without_git(context: FetchContext, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert "needs the program git, which is not installed" in told(Git(url=URL, commit=NOBODY, path="a"), context)


@pytest.mark.parametrize("url", [URL, "https://host:8443/x.git", "ssh://git@host:22/x", "file:///srv/x.git"])
def test_urls_that_may_be_used(url: str) -> None:
    assert Git(url=url, commit=NOBODY, path="a.csv").url == url


@pytest.mark.parametrize(
    "url",
    [
        "http://host/x",
        "git://host/x",
        "ext::sh -c touch% /x",
        "ext::https://host/x",
        "git@host:owner/name",
        "/srv/x.git",
        "-u./x",
        "--upload-pack=touch x",
        "ssh://-oProxyCommand=touch/x",
        "ssh://-l@host/x",
        "https://host/-x",
        "https://me:secret@host/x",
        "https://token@host/x",
        "https://host/x?token=1",
        "https://host/",
        "https:///x",
        "https://host:port/x",
        "https://host/a b",
        "file://host/x",
        "https:host/x",
        "",
    ],
)
def test_urls_that_are_refused_in_the_card(url: str) -> None:
    with pytest.raises(ValidationError) as caught:
        Git(url=url, commit=NOBODY, path="a.csv")
    assert "secret" not in str(caught.value.errors()[0]["msg"])


@pytest.mark.parametrize(("commit", "path"), [("main", "a"), ("0" * 39, "a"), (NOBODY, "-a"), (NOBODY, "../a")])
def test_commits_and_paths_that_are_refused_in_the_card(commit: str, path: str) -> None:
    with pytest.raises(ValidationError):
        Git(url=URL, commit=commit, path=path)


def test_it_tells_what_it_is() -> None:
    assert Git(url=URL, commit=NOBODY, path="a.csv").describe() == "a.csv of https://host/owner/name@000000000000"
