"""Documents to outcomes: from the cache where nothing changed, else through the pipeline.

Several large documents are worked on in several processes. Nothing here writes output.
Imports the rest of `cli`, and the pipeline when it is needed.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import asdict, dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from toolbind.cli.cache import Cache, Entry, digest, digest_of_file, key_of, program_digest
from toolbind.cli.findings import Counts
from toolbind.cli.jobs import Job, Plan
from toolbind.cli.progress import Progress
from toolbind.cli.reading import load_source, lower_options, read_options
from toolbind.cli.timings import Cost, Timings
from toolbind.diagnostics import Diagnostic, DocumentError, Severity

if TYPE_CHECKING:
    from toolbind.pipeline import Generated, Options, Phase
    from toolbind.read import Source

LARGE = 1_000_000
"""Bytes of a document from which it pays to use another process, and to remember the document."""

NOTHING = Counts(0, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class Files:
    """Files of the output: their names, and their contents unless those are on disk already."""

    names: frozenset[str]
    contents: Mapping[str, bytes] = field(default_factory=dict)


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
    """One document on its way into the pipeline, possibly in another process."""

    job: Job
    source: Source
    package: str
    last: Made | None = None


@dataclass(frozen=True, slots=True)
class Made:
    """What the output was made from when it was made last, with the same program and options, and
    the folder where it is."""

    document: bytes
    entry: Entry
    folder: Path


class Producer:
    """Makes the outcomes of one plan. The program is digested once, and only with a cache."""

    def __init__(self, plan: Plan, cache: Cache, progress: Progress, timings: Timings) -> None:
        self._plan = plan
        self._cache = cache
        self._progress = progress
        self._timings = timings
        self._program = program_digest() if cache.folder else ""
        self._documents: dict[str, tuple[str, bytes]] = {}

    def outcomes(self) -> list[Outcome]:
        """One outcome for each job, in their order. Raises Complaint for a document not found."""
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
                settings = {**asdict(job), "package": self._plan.package}
                keys[job.name] = self._key(source.data, settings)
                found = self._found(keys[job.name])
                if found is not None:
                    files = Files(frozenset(found.files))
                    done[job.name] = Outcome(job, files, found.counts, found.diagnostics)
                    continue
                last = None
                if len(source.data) >= LARGE:
                    place = self._key(b"", {**settings, "at": str(self._plan.output.absolute())})
                    last = self._last(place)
                    self._documents[place] = keys[job.name], source.data
                tasks.append(Task(job, source, self._plan.package, last))
        for outcome in _work(tasks, self._progress):
            self._timings.merge(outcome.costs)
            done[outcome.job.name] = outcome
            self._remember(keys[outcome.job.name], outcome)
        return [done[job.name] for job in self._plan.jobs]

    def keep_documents(self) -> None:
        """Remember what the output was made from. Call it when the output has been written."""
        for place, (key, document) in self._documents.items():
            self._cache.keep(place, key, document)

    def shared(self) -> Files:
        """The files that stand beside the modules, whichever they are."""
        key = self._key(b"", {"shared": True})
        found = self._found(key)
        if found is not None:
            return Files(frozenset(found.files))
        from toolbind.pipeline import shared_files

        made = shared_files()
        self._cache.store(key, Entry(_digests(made), NOTHING, (), {}))
        return Files(frozenset(made), made)

    def _key(self, document: bytes, settings: Mapping[str, object]) -> str:
        return key_of(self._program, document, settings) if self._cache.folder else ""

    def _found(self, key: str) -> Entry | None:
        """The cache's entry, if the files on disk are as it says."""
        entry = self._cache.find(key)
        if entry is None:
            return None
        folder = self._plan.output
        same = all(digest_of_file(folder / name) == made for name, made in entry.files.items())
        return entry if same else None

    def _last(self, place: str) -> Made | None:
        """What the output on disk was made from, if that is known and needed no other files."""
        known = self._cache.last(place)
        entry = self._found(known[0]) if known else None
        if known is None or entry is None or entry.references:
            return None
        return Made(known[1], entry, self._plan.output)

    def _remember(self, key: str, made: Outcome) -> None:
        if made.references is not None and not made.refusal:
            digests = _digests(made.files.contents)
            self._cache.store(key, Entry(digests, made.counts, made.diagnostics, made.references))


def _digests(files: Mapping[str, bytes]) -> dict[str, str]:
    return {name: digest(data) for name, data in files.items()}


def _work(tasks: Sequence[Task], progress: Progress) -> Iterator[Outcome]:
    """Every task through the pipeline: in this process, or in several where that pays."""
    large = sum(len(task.source.data) >= LARGE for task in tasks)
    processes = min(len(tasks), os.cpu_count() or 1)
    if large < 2 or processes < 2:
        for done, task in enumerate(tasks):
            yield _run(task, partial(progress.show, done=done, total=len(tasks)))
        return
    from toolbind.cli.workers import run_all

    order = sorted(tasks, key=lambda task: -len(task.source.data))  # the longest first
    progress.show(f"{processes} processes", 0, len(tasks))
    for done, (_, outcome) in enumerate(run_all(run_task, order, processes), 1):
        progress.show(f"{processes} processes", done, len(tasks))
        yield outcome


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
        package=task.package,
    )
    mended = _mended(task, options, phase)
    if mended is not None:
        return replace(mended, costs=timings.costs)
    try:
        made = generate(task.source, name=job.name, options=options, phase=phase)
    except DocumentError as refused:
        return _refused(job, refused)
    contents = {name: text.encode() for name, text in made.files.items()}
    local = not any("://" in reference for reference in made.references)
    return Outcome(
        job,
        Files(frozenset(contents), contents),
        _counts(made),
        made.diagnostics,
        references=made.references if local else None,
        costs=timings.costs,
    )


def _mended(task: Task, options: Options, phase: Phase) -> Outcome | None:
    """The outcome of a document in which one operation has changed since the last run."""
    if task.last is None:
        return None
    from toolbind.amend import Last, amend

    entry, folder, job = task.last.entry, task.last.folder, task.job
    try:
        files = {name: (folder / name).read_text("utf-8") for name in entry.files}
    except OSError:
        return None
    last = Last(task.last.document, files, entry.diagnostics)
    made = amend(task.source, last, name=job.name, options=options, phase=phase)
    if made is None:
        return None
    contents = {name: text.encode() for name, text in made.files.items()}
    return Outcome(
        job,
        Files(frozenset(contents), contents),
        entry.counts,
        made.diagnostics,
        references=entry.references,
    )


def _counts(made: Generated) -> Counts:
    warnings = sum(finding.severity is Severity.WARNING for finding in made.diagnostics)
    api = made.api
    return Counts(len(api.operations), len(api.skipped), api.excluded, warnings)


def _refused(job: Job, error: DocumentError) -> Outcome:
    return Outcome(job, Files(frozenset()), refusal=error.diagnostic.line())
