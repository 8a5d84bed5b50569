"""A line that shows what a longer run is doing: on a terminal only, after a second only.

Imports `shell`, the standard library, and Rich when there is something to show.
"""

from __future__ import annotations

import sys
import threading
from dataclasses import dataclass
from types import TracebackType
from typing import TYPE_CHECKING

from toolbind.cli.terminal.shell import is_terminal

if TYPE_CHECKING:
    from rich.progress import Progress as Bar

DELAY = 1.0
"""Seconds before anything shows; most runs are over by then."""


@dataclass(frozen=True, slots=True)
class _State:
    """What the line says: a text, and how many documents are done. 1 in all says nothing."""

    text: str = ""
    done: float = 0
    total: int = 1


class Progress:
    """A context in which `show` may be called from the main thread; on leaving, the line goes."""

    def __init__(self, *, wanted: bool = True) -> None:
        self._state = _State()
        self._bar: Bar | None = None
        self._lock = threading.Lock()
        self._timer = threading.Timer(DELAY, self._start)
        self._timer.daemon = True
        self._wanted = wanted and is_terminal(sys.stderr)

    def show(self, text: str, done: float, total: int) -> None:
        """Say what is going on, and how many of all documents are done."""
        with self._lock:
            self._state = _State(text, done, total)
            self._draw()

    def __enter__(self) -> Progress:
        if self._wanted:
            self._timer.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._timer.cancel()
        with self._lock:
            self._wanted = False
            if self._bar is not None:
                self._bar.stop()

    def _start(self) -> None:
        from rich.console import Console
        from rich.progress import (
            BarColumn,
            Progress,
            SpinnerColumn,
            TextColumn,
            TimeElapsedColumn,
        )

        with self._lock:
            if self._wanted:
                text = TextColumn("{task.description}")
                columns = (SpinnerColumn(), text, BarColumn(), TimeElapsedColumn())
                self._bar = Progress(*columns, console=Console(stderr=True), transient=True)
                self._bar.add_task("", total=None)
                self._draw()
                self._bar.start()

    def _draw(self) -> None:
        """The bar fills with documents; for a single one it only moves."""
        if self._bar is None:
            return
        from rich.markup import escape

        state = self._state
        [task] = self._bar.task_ids
        total = state.total if state.total > 1 else None
        text = escape(state.text)
        self._bar.update(task, description=text, completed=state.done, total=total)
