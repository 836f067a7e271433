"""What CUDA can do here. Asked only where a driver was found, so that planning on a CPU never imports torch.

Not measured: no CUDA device was at hand when this was written. The training loop is the same code on both;
only what is in this file and `.to(device)` differ.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager


def usable() -> bool:
    """Whether the installed torch was built for CUDA and sees a device that works."""
    import torch

    return bool(torch.cuda.is_available())


def has_bf16() -> bool:
    """Whether the device computes bf16 in hardware (compute capability 8.0 or later)."""
    import torch

    return bool(torch.cuda.is_bf16_supported(including_emulation=False))


def peak_memory() -> int:
    """Bytes of device memory that torch held at most since `reproducible` was entered."""
    import torch

    return int(torch.cuda.max_memory_allocated())


@contextmanager
def reproducible() -> Iterator[None]:
    """Kernels that add in a fixed order, so that a seed gives the same weights twice; undone afterwards.

    The gradient of an embedding table is the one that matters here: its default kernel adds atomically.
    cuBLAS reads its workspace setting when its first handle is made, hence `setdefault` and no undoing.
    """
    import torch

    os.environ.setdefault("CUBLAS_WORKSPACE_CONFIG", ":4096:8")
    before = torch.are_deterministic_algorithms_enabled()
    warned = torch.is_deterministic_algorithms_warn_only_enabled()
    torch.cuda.reset_peak_memory_stats()
    torch.use_deterministic_algorithms(True, warn_only=True)
    try:
        yield
    finally:
        torch.use_deterministic_algorithms(before, warn_only=warned)
