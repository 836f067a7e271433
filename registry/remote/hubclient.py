"""The Hugging Face hub through its own client: asked patiently, its refusals in plain words.

Owns the endpoint (HF_ENDPOINT) and the token (HF_TOKEN, from the environment only, never stored or shown). What an
error of the client says is not repeated: it holds signed URLs.
"""

import os
import time
from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING, Any, TypeVar

from registry.errors import UserError
from registry.progress import Step
from registry.remote.download import PAUSES
from registry.remote.network import shown_host

if TYPE_CHECKING:
    from huggingface_hub import HfApi

Result = TypeVar("Result")
ENDPOINT = "https://huggingface.co"
LATER = "Run the same command again later; what is there already is kept."


def endpoint() -> str:
    return (os.environ.get("HF_ENDPOINT") or ENDPOINT).rstrip("/")


def client() -> "HfApi":
    """The client. Without HF_TOKEN it sends no token at all, not even one that a login left in the home folder."""
    from huggingface_hub import HfApi, constants

    # Else it tells the hub what runs it, and first asks the hub how to know that.
    constants.HF_HUB_DISABLE_TELEMETRY = True
    return HfApi(endpoint=endpoint(), token=os.environ.get("HF_TOKEN") or False)


def patiently(attempt: Callable[[], Result], where: str) -> Result:
    """The result of an attempt; what may pass (a broken connection, a 5xx) is tried three times.

    RevisionNotFoundError and RemoteEntryNotFoundError pass through: what they mean is known to who asked.
    """
    from huggingface_hub.errors import HFValidationError, HTTPError, RemoteEntryNotFoundError, RevisionNotFoundError

    for pause in (*PAUSES, None):
        try:
            return attempt()
        except RevisionNotFoundError:
            raise
        except HFValidationError:
            raise UserError("this is not a name that a hub repository can have", where=where) from None
        except (HTTPError, OSError) as error:
            if isinstance(error, RemoteEntryNotFoundError) or (isinstance(error, OSError) and error.errno):
                raise
            if pause is None or not _may_pass(error):
                raise _explain(error, where) from None  # the chain would show signed URLs
            time.sleep(pause)
        except (ValueError, KeyError, TypeError):  # the client takes answers for what they should be
            raise _no_hub(where) from None
    raise AssertionError("the last try returns or raises")


def bar(step: Step) -> type:
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


def _may_pass(error: Exception) -> bool:
    status = _status(error)
    return status == 0 or status >= 500 or status == 429


def _status(error: Exception) -> int:
    """The HTTP status behind an error; 0 where the connection itself failed."""
    for told in (error, error.__cause__):
        with suppress(AttributeError):
            return int(told.response.status_code)  # type: ignore[union-attr]
    return 0


def _explain(error: Exception, where: str) -> UserError:
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
        do = "Check `repository:` (owner/name, of a dataset); for a private one set HF_TOKEN."
        return UserError(f"{host} has no such dataset, or does not show it to you", where=where, do=do)
    if isinstance(error.__cause__, FileMetadataError):
        return _no_hub(where)
    if status:
        tries = f" after {len(PAUSES) + 1} tries" if _may_pass(error) else ""
        return UserError(f"{host} answered HTTP {status}{tries}", where=where, do=LATER)
    return UserError(f"{host} cannot be reached, after {len(PAUSES) + 1} tries", where=where, do=LATER)


def _no_hub(where: str) -> UserError:
    return UserError(f"{shown_host(endpoint())} did not answer as a hub does", where=where, do="Check HF_ENDPOINT.")
