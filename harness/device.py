"""What this machine computes on. Decided without importing torch, so that planning stays instant on a CPU."""

import os
import platform
from functools import cache
from pathlib import Path
from typing import Literal, NamedTuple


class Device(NamedTuple):
    """Where models run and in which precision matrix products are made; both change results."""

    kind: Literal["cpu", "cuda"]
    precision: Literal["bf16", "fp32"]

    def precise(self, wanted: Literal["auto", "bf16", "fp32"]) -> Literal["bf16", "fp32"]:
        """What a recipe asks for; `auto` is bf16 where the hardware computes it fast."""
        return self.precision if wanted == "auto" else wanted


@cache
def detect() -> Device:
    """CUDA where a driver and a CUDA build of torch are, else the CPU; bf16 where hardware has it fast."""
    if Path("/dev/nvidiactl").exists() and os.environ.get("CUDA_VISIBLE_DEVICES", "all") not in ("", "-1"):
        import harness.training.cuda

        if harness.training.cuda.usable():
            return Device("cuda", "bf16" if harness.training.cuda.has_bf16() else "fp32")
    return Device("cpu", "bf16" if _cpu_has_fast_bf16() else "fp32")


def _cpu_has_fast_bf16() -> bool:
    """AMX or AVX-512 bf16 units; without them bf16 is emulated and slower than fp32."""
    cpuinfo = Path("/proc/cpuinfo")
    if platform.machine() not in ("x86_64", "AMD64") or not cpuinfo.exists():
        return False
    flags = cpuinfo.read_text(encoding="utf-8", errors="replace")
    return "amx_bf16" in flags
