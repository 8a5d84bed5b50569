"""A function over several items in several processes. Imports `signals` and the standard library.

Not `concurrent.futures`: an interrupt has to end the workers at once and quietly.
"""

from __future__ import annotations

import multiprocessing
import signal
import traceback
from collections.abc import Callable, Iterator, Sequence
from multiprocessing.connection import Connection, wait
from typing import Generic, TypeVar

from toolbind.cli.terminal.signals import held_back

Item = TypeVar("Item")
Result = TypeVar("Result")


class WorkerError(Exception):
    """A worker raised, or is gone; the message holds its traceback, or says how it ended."""


class _Worker(Generic[Item, Result]):
    """One process at the other end of a pipe, working on one item at a time."""

    def __init__(self, function: Callable[[Item], Result]) -> None:
        context = multiprocessing.get_context("spawn")
        self.pipe, theirs = context.Pipe()
        self.index = -1
        self.process = context.Process(target=_serve, args=(theirs, function))
        with held_back(signal.SIGINT):  # Ctrl-C reaches every process; the parent decides
            self.process.start()
        theirs.close()

    def take(self, index: int, item: Item) -> None:
        self.index = index
        self.pipe.send(item)

    def result(self) -> Result:
        try:
            result, failure = self.pipe.recv()
        except EOFError:
            self.process.join()
            raise WorkerError(f"a worker ended with status {self.process.exitcode}") from None
        if failure:
            raise WorkerError(failure)
        return result  # type: ignore[no-any-return]  # what `function` gave


def run_all(
    function: Callable[[Item], Result], items: Sequence[Item], processes: int
) -> Iterator[tuple[int, Result]]:
    """`(index, function(item))` as they become ready; function and items must be picklable.

    Raises WorkerError if `function` raises or a process dies (a lack of memory, most often).
    """
    waiting = iter(enumerate(items))
    workers: list[_Worker[Item, Result]] = []
    busy: dict[object, _Worker[Item, Result]] = {}
    try:
        for _ in range(min(processes, len(items))):
            worker: _Worker[Item, Result] = _Worker(function)
            workers.append(worker)
            worker.take(*next(waiting))
            busy[worker.pipe] = worker
        while busy:
            for pipe in wait([worker.pipe for worker in busy.values()]):
                worker = busy[pipe]
                yield worker.index, worker.result()
                following = next(waiting, None)
                if following is None:
                    del busy[pipe]
                else:
                    worker.take(*following)
    finally:
        for worker in workers:
            worker.pipe.close()  # tells an idle worker to end
            if worker in busy.values():
                worker.process.terminate()
            worker.process.join()


def _serve(pipe: Connection, function: Callable[[Item], Result]) -> None:
    """A worker's life: item in, `(result, "")` or `(None, traceback)` out; ends with the pipe."""
    while True:
        try:
            item = pipe.recv()
        except EOFError:
            return
        answer: tuple[Result | None, str]
        try:
            answer = (function(item), "")
        except Exception:  # noqa: BLE001  # sent to the parent, which raises it
            answer = (None, traceback.format_exc())
        pipe.send(answer)
