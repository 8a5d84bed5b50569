"""A whole process measured from outside: CPU seconds and peak memory, its children included.

Run as a script it is the measuring process itself, small and with nothing loaded: the kernel counts
the memory of whoever starts a process into the peak of the process. Imports nothing of the package.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Cost:
    """`cpu` is user and system seconds of the process and all children that it waited for; `peak`
    is bytes of resident memory of the largest single process among them."""

    cpu: float
    peak: int
    wall: float
    status: int
    output: str

    @property
    def megabytes(self) -> float:
        return self.peak / 1e6


class FailedError(RuntimeError):
    """A measured process did not do what it was asked for."""


def run(
    command: Sequence[str | Path],
    *,
    environment: Mapping[str, str] | None = None,
    folder: Path | None = None,
    timeout: float = 1800.0,
    expect: tuple[int, ...] = (0,),
) -> Cost:
    """The cost of one process. Raises FailedError for an exit status that is not expected."""
    arguments = [str(part) for part in command]
    done = subprocess.run(
        [sys.executable, "-I", "-S", __file__, *arguments],
        env={**os.environ, **(environment or {})},
        cwd=folder,
        timeout=timeout,
        capture_output=True,
        text=True,
        check=True,
    )
    cost = Cost(**json.loads(done.stdout))
    if cost.status not in expect:
        told = cost.output.strip()[-2000:]
        raise FailedError(f"{' '.join(arguments)[:200]} ended with {cost.status}: {told}")
    return cost


def _measured(arguments: list[str]) -> dict[str, object]:
    started = time.monotonic()
    child = subprocess.Popen(arguments, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    assert child.stdout is not None
    output = child.stdout.read()
    _, status, usage = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    unit = 1 if sys.platform == "darwin" else 1024
    return {
        "cpu": usage.ru_utime + usage.ru_stime,
        "peak": usage.ru_maxrss * unit,
        "wall": time.monotonic() - started,
        "status": child.returncode,
        "output": output.decode("utf-8", "replace"),
    }


if __name__ == "__main__":
    print(json.dumps(_measured(sys.argv[1:])))
