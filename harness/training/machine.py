"""What computing needs from the process, and puts back: threads, random state, precision, quiet libraries."""

import os
import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass
from typing import Any, Literal

import torch
from numpy.typing import NDArray

from harness.training import cuda


@dataclass(frozen=True)
class Machine:
    """Where tensors lie and in which precision matrix products are made."""

    kind: Literal["cpu", "cuda"]
    precision: Literal["bf16", "fp32"]

    def tensor(self, values: NDArray[Any]) -> torch.Tensor:
        """`values` on the device; the copy to a GPU overlaps with computing."""
        tensor = torch.from_numpy(values)
        return tensor if self.kind == "cpu" else tensor.pin_memory().to("cuda", non_blocking=True)

    def autocast(self) -> AbstractContextManager[None]:
        """Matrix products in bf16 with fp32 weights, or everything in fp32."""
        return torch.autocast(self.kind, dtype=torch.bfloat16, enabled=self.precision == "bf16")

    def cost(self) -> dict[str, int | None]:
        """Threads, and the bytes that this process and its GPU have held at most."""
        device = {"peak_device_memory": cuda.peak_memory()} if self.kind == "cuda" else {}
        return {"threads": torch.get_num_threads(), "peak_memory": peak_memory(), **device}

    @contextmanager
    def working(self, seed: int) -> Iterator[None]:
        """Seeded random state and all threads inside; the process has its own back afterwards."""
        threads = torch.get_num_threads()
        devices = [torch.cuda.current_device()] if self.kind == "cuda" else []
        with ExitStack() as stack:
            stack.enter_context(torch.random.fork_rng(devices))
            if self.kind == "cuda":
                stack.enter_context(cuda.reproducible())
            stack.callback(torch.set_num_threads, threads)
            torch.set_num_threads(thread_count())
            torch.manual_seed(seed)
            yield


def thread_count() -> int:
    """OMP_NUM_THREADS where it is set, else the processors that this process may use."""
    wanted = os.environ.get("OMP_NUM_THREADS", "")
    if wanted.isdecimal() and int(wanted) > 0:
        return int(wanted)
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def peak_memory() -> int | None:
    """Bytes that this process has held at most, what ran earlier included. None on Windows."""
    if sys.platform == "win32":
        return None
    import resource

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024  # Linux counts in KiB


@contextmanager
def quiet() -> Iterator[None]:
    """transformers without log lines and progress bars; the command line draws its own."""
    from transformers.utils import logging

    library: Any = logging  # some of it is untyped
    level, bars = library.get_verbosity(), library.is_progress_bar_enabled()
    library.set_verbosity_error()
    library.disable_progress_bar()
    try:
        yield
    finally:
        library.set_verbosity(level)
        if bars:
            library.enable_progress_bar()
