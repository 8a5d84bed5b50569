"""Documents to outcomes: from the cache where nothing changed, else through the pipeline.

Several large documents are worked on in several processes. Nothing here writes output.
Imports the rest of `cli`, and the pipeline when it is needed.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from contextlib import AbstractContextManager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from toolbind.cli.output.cache import Cache, Entry, digest, digest_of_file, key_of
from toolbind.cli.output.store import opened
from toolbind.cli.plan.documents import load_source, lower_options, read_options
from toolbind.cli.plan.jobs import Job, Plan
from toolbind.cli.terminal.findings import Counts
from toolbind.cli.terminal.progress import Progress
from toolbind.cli.terminal.timings import Cost, Timings
from toolbind.diagnostics import Diagnostic, DocumentError, Severity
from toolbind.program import program_digest

if TYPE_CHECKING:
    from toolbind.pipeline import Generated
    from toolbind.read import Source

LARGE = 1_000_000
"""Bytes of a document from which it pays to use another process."""

REMEMBERED = 100_000
"""Bytes of a document from which it pays to remember its operations."""

NOTHING = Counts(0, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class Files:
    """Files of the output: digests by their names, and contents unless those are on disk."""

    digests: Mapping[str, str] = field(default_factory=dict)
    contents: Mapping[str, bytes] = field(default_factory=dict)

    @property
    def names(self) -> Set[str]:
        return self.digests.keys()


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one document. `refusal` is the line that says why it is refused, or empty.

    `references` holds the digests of the other files that it refers to; None if they cannot be
    looked at again without asking the network.
    """

    job: Job
    files: Files
    counts: Counts = NOTHING
    diagnostics: tuple[Diagnostic, ...] = ()
    refusal: str = ""
    references: Mapping[str, str] | None = None
    costs: Mapping[str, Cost] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Task:
    """One document on its way into the pipeline, possibly in another process. `stores` is the
    folder of what earlier runs have left, if that may be used."""

    job: Job
    source: Source
    package: str
    stores: Path | None
    output: Path
    runtime: str


class Producer:
    """Makes the outcomes of one plan. The program is digested once, and only with a cache."""

    def __init__(
        self, plan: Plan, stores: Path | None, progress: Progress, timings: Timings
    ) -> None:
        self._plan = plan
        self._stores = stores
        self._cache = Cache(None)
        self._progress = progress
        self._timings = timings
        self._program = program_digest() if stores else ""

    def produce(self) -> tuple[list[Outcome], Files]:
        """One outcome for each job, in their order, and the files that stand beside the modules.
        Raises Complaint for a document that is not found."""
        with opened(self._stores, self._plan.output) as store:
            self._cache = Cache(store)
            outcomes = self._outcomes()
            refused = any(outcome.refusal for outcome in outcomes)
            return outcomes, Files() if refused else self._shared()

    def _outcomes(self) -> list[Outcome]:
        done: dict[str, Outcome] = {}
        keys: dict[str, str] = {}
        tasks = []
        with self._timings.phase("look up"):
            for job in self._plan.jobs:
                try:
                    source = load_source(job.spec, job.options)
                except DocumentError as refused:
                    done[job.name] = _refused(job, refused)
                    continue
                overlays = [digest(overlay.data) for overlay in source.overlays]
                settings = {**asdict(job), "package": self._plan.package, "applied": overlays}
                keys[job.name] = self._key(source.data, settings)
                found = self._found(keys[job.name], f"{job.name}.py")
                if found is not None:
                    files = Files(found.files)
                    done[job.name] = Outcome(job, files, found.counts, found.diagnostics)
                    continue
                plan, stores = self._plan, self._stores
                tasks.append(Task(job, source, plan.package, stores, plan.output, plan.runtime))
        for outcome in _work(tasks, self._progress):
            self._timings.merge(outcome.costs)
            done[outcome.job.name] = outcome
            self._remember(keys[outcome.job.name], outcome)
        return [done[job.name] for job in self._plan.jobs]

    def _shared(self) -> Files:
        """The files that stand beside the modules, whichever they are."""
        runtime = self._plan.runtime
        key = self._key(b"", {"shared": runtime})
        found = self._found(key, "__init__.py")
        if found is not None:
            return Files(found.files)
        from toolbind.pipeline import shared_files

        made = shared_files(runtime)
        files = Files(_digests(made), made)
        self._cache.store(key, Entry(files.digests, NOTHING, (), {}))
        return files

    def _key(self, document: bytes, settings: Mapping[str, object]) -> str:
        return key_of(self._program, document, settings) if self._cache.is_there else ""

    def _found(self, key: str, first: str) -> Entry | None:
        """The cache's entry, if it is about a file and the files on disk are as it says."""
        entry = self._cache.find(key)
        if entry is None or first not in entry.files:
            return None
        folder = self._plan.output
        same = all(digest_of_file(folder / name) == made for name, made in entry.files.items())
        return entry if same else None

    def _remember(self, key: str, made: Outcome) -> None:
        if made.references is not None and not made.refusal:
            digests = made.files.digests
            self._cache.store(key, Entry(digests, made.counts, made.diagnostics, made.references))


def _digests(files: Mapping[str, bytes]) -> dict[str, str]:
    return {name: digest(data) for name, data in files.items()}


def _work(tasks: Sequence[Task], progress: Progress) -> Iterator[Outcome]:
    """Every task through the pipeline: in this process, or in several where that pays."""
    large = sum(len(task.source.data) >= LARGE for task in tasks)
    processes = min(len(tasks), os.cpu_count() or 1)
    if large < 2 or processes < 2:
        for done, task in enumerate(tasks):
            yield _run(task, _Steps(progress, done, len(tasks)))
        return
    from toolbind.cli.output.workers import run_all

    order = sorted(tasks, key=lambda task: -len(task.source.data))  # the longest first
    progress.show(f"{processes} processes", 0, len(tasks))
    for done, (_, outcome) in enumerate(run_all(run_task, order, processes), 1):
        progress.show(f"{processes} processes", done, len(tasks))
        yield outcome


class _Steps:
    """Moves the bar a little with each phase of a document: there are about ten."""

    def __init__(self, progress: Progress, done: int, total: int) -> None:
        self._progress = progress
        self._done = done
        self._total = total
        self._phases = 0

    def __call__(self, text: str) -> None:
        self._progress.show(text, self._done + min(0.9, self._phases / 10), self._total)
        self._phases += 1


def run_task(task: Task) -> Outcome:
    """One document through the pipeline, in a worker."""
    return _run(task, lambda _text: None)


def _run(task: Task, tell: Callable[[str], None]) -> Outcome:
    job = task.job
    timings = Timings()
    with timings.phase("import"):
        from toolbind.pipeline import Options, generate

    def phase(name: str) -> AbstractContextManager[None]:
        tell(f"{job.name}: {name}")
        return timings.phase(name)

    options = Options(
        read=read_options(job.options),
        lower=lower_options(job.options),
        document=job.document,
        command=job.command,
        overlays=job.overlays,
        package=task.package,
        runtime=task.runtime,
    )
    stores = task.stores if len(task.source.data) >= REMEMBERED else None
    try:
        with opened(stores, task.output) as memory:
            made = generate(task.source, name=job.name, options=options, memory=memory, phase=phase)
    except DocumentError as refused:
        return _refused(job, refused)
    contents = {name: text.encode() for name, text in made.files.items()}
    local = not any("://" in reference for reference in made.references)
    return Outcome(
        job,
        Files(_digests(contents), contents),
        _counts(made),
        made.diagnostics,
        references=made.references if local else None,
        costs=timings.costs,
    )


def _counts(made: Generated) -> Counts:
    warnings = sum(finding.severity is Severity.WARNING for finding in made.diagnostics)
    return Counts(made.operations, len(made.skipped), made.excluded, warnings)


def _refused(job: Job, error: DocumentError) -> Outcome:
    refusal = error.diagnostic.line()
    return Outcome(job, Files(), diagnostics=error.others, refusal=refusal)
