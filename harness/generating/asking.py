"""Many requests to one server: some at a time, not too many a minute, tried again where that helps, each answer kept.

An answer that the store has is never asked for again, so that a run that broke off goes on where it stopped, and a
second one costs nothing. The first request that fails for good ends the run.
"""

import json
import os
import random
import threading
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from pydantic import TypeAdapter

from harness.generating.endpoint import Endpoint, NoReply, Reply
from registry.atomic import write_text
from registry.digest import digest
from registry.errors import UserError, system_error
from registry.progress import Step

FIRST_PAUSE = 1.0
"""Seconds before the second try; each further pause is twice as long, and none longer than LONGEST."""
LONGEST = 30.0
STORED = TypeAdapter(Reply)

Body = Mapping[str, Any]


class Manner(NamedTuple):
    """How a server is asked. None of it changes an answer."""

    concurrency: int
    retries: int
    requests_per_minute: int | None
    offline: bool


@dataclass
class Tally:
    """What asking took: `asked` answers came from the server, `kept` from the store."""

    asked: list[Reply] = field(default_factory=list)
    kept: list[Reply] = field(default_factory=list)
    failed: Counter[str] = field(default_factory=Counter)
    """Tries without an answer, by kind."""


class Asking:
    """The requests of one run."""

    def __init__(self, endpoint: Endpoint, manner: Manner, cache: Path | None) -> None:
        self.endpoint, self.manner, self.cache = endpoint, manner, cache
        self.tally = Tally()
        self._lock = threading.Lock()
        self._stopped = threading.Event()
        self._next = 0.0

    def all(self, bodies: Sequence[Body], step: Step) -> list[Reply]:
        """The answers in order. UserError where one cannot be had."""
        with ThreadPoolExecutor(self.manner.concurrency) as threads:
            waiting: dict[Future[Reply], int] = {}
            try:
                waiting = {threads.submit(self._one, body): place for place, body in enumerate(bodies)}
                found: dict[int, Reply] = {}
                for done in as_completed(waiting):
                    found[waiting[done]] = done.result()
                    step.advance()
            finally:
                self._stopped.set()
                threads.shutdown(wait=False, cancel_futures=True)
        return [found[place] for place in range(len(bodies))]

    def _one(self, body: Body) -> Reply:
        place = self._place(body)
        kept = _kept(place)
        if kept is not None:
            self._count(kept, asked=False)
            return kept
        if self.manner.offline:
            do = "Run it once with a network; its answers are then kept."
            raise UserError(
                "its answers are not in the store, and it may not be asked offline", where=self._where(), do=do
            )
        reply = self._asked(body)
        if place is not None:
            _keep(place, reply)
        self._count(reply, asked=True)
        return reply

    def _asked(self, body: Body) -> Reply:
        for number in range(self.manner.retries + 1):
            self._wait_for_turn()
            try:
                return self.endpoint.ask(body)
            except NoReply as failure:
                with self._lock:
                    self.tally.failed[failure.kind] += 1
                if number == self.manner.retries or not failure.may_pass:
                    raise self._final(failure, number + 1) from None
                self._pause(max(failure.wait, _planned(number)))
        raise AssertionError("every try returns or raises")

    def _final(self, failure: NoReply, tries: int) -> UserError:
        after = f", after {tries} tries" if tries > 1 else ""
        do = failure.do or (
            "Run the same command again later; the answers so far are kept." if failure.may_pass else ""
        )
        return UserError(failure.what + after, where=self._where(), do=do)

    def _wait_for_turn(self) -> None:
        """A turn is given to each try, evenly over the minute."""
        if self.manner.requests_per_minute is None:
            return
        with self._lock:
            turn = max(time.monotonic(), self._next)
            self._next = turn + 60 / self.manner.requests_per_minute
        self._pause(turn - time.monotonic())

    def _pause(self, seconds: float) -> None:
        """Unless another request failed for good, which makes this one useless."""
        if self._stopped.wait(max(0.0, seconds)):
            raise UserError("was not asked any more", where=self._where())

    def _count(self, reply: Reply, *, asked: bool) -> None:
        with self._lock:
            (self.tally.asked if asked else self.tally.kept).append(reply)

    def _place(self, body: Body) -> Path | None:
        return self.cache / f"{digest({'url': self.endpoint.url, 'body': body})}.json" if self.cache else None

    def _where(self) -> str:
        return self.endpoint.shown


def _planned(number: int) -> float:
    """Seconds, a little more or less for each request, so that they do not all come back at once."""
    return min(LONGEST, FIRST_PAUSE * 2**number) * random.uniform(0.75, 1.25)  # noqa: S311 - no secret depends on it


def _kept(place: Path | None) -> Reply | None:
    """What is not there, damaged or no answer is asked for again."""
    if place is None:
        return None
    try:
        held = STORED.validate_json(place.read_bytes(), strict=True)
        os.utime(place)  # `bench gc` leaves what was used within a day alone
    except (OSError, ValueError):
        return None
    return held


def _keep(place: Path, reply: Reply) -> None:
    try:
        write_text(place, json.dumps(reply._asdict()))
    except OSError as error:
        raise system_error(error, "keeping an answer", place.parent) from None
