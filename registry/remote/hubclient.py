"""The Hugging Face hub through its own client: asked patiently, its refusals in plain words.

Owns the endpoint (HF_ENDPOINT) and the token (HF_TOKEN, from the environment only, never stored or shown). What an
error of the client says is not repeated: it holds signed URLs.
"""

import logging
import os
import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from registry.errors import UserError
from registry.progress import Step
from registry.remote.download import PAUSES
from registry.remote.network import shown_host

if TYPE_CHECKING:
    from huggingface_hub import HfApi
    from huggingface_hub.hf_api import RepoFile

Result = TypeVar("Result")
ENDPOINT = "https://huggingface.co"
COMMIT = re.compile("[0-9a-f]{40}")
SECONDS = 30.0
"""How long the hub may take to answer."""
LATER = "Run the same command again later; what is there already is kept."


def endpoint() -> str:
    return (os.environ.get("HF_ENDPOINT") or ENDPOINT).rstrip("/")


def client() -> "HfApi":
    """The client. Without HF_TOKEN it sends no token at all, not even one that a login left in the home folder."""
    from huggingface_hub import HfApi, constants

    # Else it tells the hub what runs it, and first asks the hub how to know that.
    constants.HF_HUB_DISABLE_TELEMETRY = True
    return HfApi(endpoint=endpoint(), token=os.environ.get("HF_TOKEN") or False)


def patiently(attempt: Callable[[], Result], where: str, pauses: tuple[float, ...] = PAUSES) -> Result:
    """The result of an attempt; what may pass (a broken connection, a 5xx) is tried again after each pause.

    RevisionNotFoundError and RemoteEntryNotFoundError pass through: what they mean is known to who asked.
    """
    from huggingface_hub.errors import HFValidationError, HTTPError, RemoteEntryNotFoundError, RevisionNotFoundError

    for pause in (*pauses, None):
        try:
            with _silent_client():
                return attempt()
        except RevisionNotFoundError:
            raise
        except HFValidationError:
            raise no_name(where) from None
        except (HTTPError, OSError) as error:
            if isinstance(error, RemoteEntryNotFoundError) or (isinstance(error, OSError) and error.errno):
                raise
            if pause is None or not _may_pass(error):
                raise _explain(error, where, len(pauses) + 1) from None  # the chain would show signed URLs
            time.sleep(pause)
        except (ValueError, KeyError, TypeError):  # the client takes answers for what they should be
            raise _no_hub(where) from None
    raise AssertionError("the last try returns or raises")


@contextmanager
def _silent_client() -> Iterator[None]:
    """The client logs each of its own tries, with addresses; what comes of them is told by us."""
    logger = logging.getLogger("huggingface_hub")
    level = logger.level
    logger.setLevel(logging.CRITICAL)
    try:
        yield
    finally:
        logger.setLevel(level)


def commit_of(repository: str, revision: str, where: str) -> str:
    """The commit that a revision of a dataset is now; empty where there is no such revision."""
    from huggingface_hub.errors import RevisionNotFoundError

    api = client()
    try:
        found = patiently(
            lambda: api.dataset_info(repository, revision=revision, expand=["sha"], timeout=SECONDS), where
        )
    except RevisionNotFoundError:
        return ""
    if not COMMIT.fullmatch(found.sha or ""):
        raise UserError("the hub tells no commit", where=where, do="Check HF_ENDPOINT.")
    return str(found.sha)


def listed(repository: str, commit: str, where: str, folder: str = "", most: int | None = None) -> "list[RepoFile]":
    """The files of a dataset in a folder and below it, at most so many; none where there is no such folder.

    RevisionNotFoundError where the hub has forgotten the commit.
    """
    from huggingface_hub.errors import RemoteEntryNotFoundError
    from huggingface_hub.hf_api import RepoFile

    api = client()

    def attempt() -> "list[RepoFile]":
        tree = api.list_repo_tree(repository, folder or None, recursive=True, revision=commit, repo_type="dataset")
        return [entry for entry in islice(tree, most) if isinstance(entry, RepoFile)]

    try:
        return patiently(attempt, where, pauses=())  # the client itself tries listings again, for 20 seconds
    except RemoteEntryNotFoundError:
        return []


def downloaded(repository: str, commit: str, name: str, folder: Path, where: str, step: Step) -> Path:
    """One file of a dataset, below `folder`."""
    api = client()

    def attempt() -> str:
        return api.hf_hub_download(
            repository, name, repo_type="dataset", revision=commit, local_dir=folder, tqdm_class=_bar(step)
        )

    return Path(patiently(attempt, where))


def _bar(step: Step) -> type:
    """A progress bar for the client that only tells a step how many bytes came."""
    from huggingface_hub.utils import tqdm

    class Bar(tqdm):  # type: ignore[type-arg, misc, unused-ignore]
        def __init__(self, *args: Any, **settings: Any) -> None:
            super().__init__(*args, **{**settings, "disable": True})  # type: ignore[no-untyped-call]

        def update(self, n: float | None = 1) -> None:
            step.advance(int(n or 0))

        def update_transfer(self, n: float) -> None:
            """Bytes before they are unpacked: told already, as the file's own."""

    return Bar


def no_name(where: str) -> UserError:
    return UserError("this is not a name that a hub repository can have", where=where)


def _may_pass(error: Exception) -> bool:
    status = _status(error)
    return status == 0 or status >= 500 or status == 429


def _status(error: Exception) -> int:
    """The HTTP status behind an error; 0 where the connection itself failed."""
    for told in (error, error.__cause__):
        with suppress(AttributeError):
            return int(told.response.status_code)  # type: ignore[union-attr]
    return 0


def _explain(error: Exception, where: str, tried: int) -> UserError:
    from huggingface_hub.errors import DisabledRepoError, FileMetadataError, GatedRepoError, RepositoryNotFoundError

    host, status = shown_host(endpoint()), _status(error)
    if isinstance(error, GatedRepoError):
        what = "is gated: its owners ask readers to accept terms first"
        return UserError(
            what, where=where, do=f"Accept them at {host} while logged in, and set HF_TOKEN to your token."
        )
    if isinstance(error, DisabledRepoError):
        return UserError(f"was disabled by {host}", where=where, do="Choose another origin.")
    if isinstance(error, RepositoryNotFoundError) or status in (401, 403):
        do = "Check its name, owner/name; for a private one set HF_TOKEN."
        return UserError(f"{host} has no such repository, or does not show it to you", where=where, do=do)
    if isinstance(error.__cause__, FileMetadataError):
        return _no_hub(where)
    if status:
        tries = _after(tried) if _may_pass(error) else ""
        return UserError(f"{host} answered HTTP {status}{tries}", where=where, do=LATER)
    return UserError(f"{host} cannot be reached{_after(tried)}", where=where, do=LATER)


def _after(tried: int) -> str:
    return f", after {tried} tries" if tried > 1 else ", after several tries"


def _no_hub(where: str) -> UserError:
    return UserError(f"{shown_host(endpoint())} did not answer as a hub does", where=where, do="Check HF_ENDPOINT.")
