"""The table of results, the bars, and the failures grouped by cause.

Imports work.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from math import floor
from statistics import median
from typing import Any

from tests.programs.corpus.work import Outcome

EXAMPLES = 3
PLACES = ("path", "query", "header", "cookie", "json", "form", "multipart", "other")


@dataclass(frozen=True)
class Row:
    """One measure: `value` out of `total`, in percent, and the bar it has to reach."""

    title: str
    value: int
    total: int
    bar: float | None = None

    @property
    def percent(self) -> float:
        return 100 * self.value / self.total if self.total else 100.0

    @property
    def missed(self) -> bool:
        return self.bar is not None and self.percent < self.bar

    def cells(self) -> tuple[str, str, str, str]:
        # Cut, not rounded: only all is 100.
        share = f"{floor(self.percent * 100) / 100:.2f} %" if self.total else "-"
        bar = "" if self.bar is None else f"{self.bar:g} %"
        return self.title, share, f"{self.value:,} of {self.total:,}", bar


def rows(outcomes: list[Outcome]) -> list[Row]:
    """All measures, in the order of the table."""
    found = [outcome.findings for outcome in outcomes if outcome.loaded]
    whole = [outcome for outcome in outcomes if not outcome.empty]
    old = [outcome for outcome in whole if outcome.version.startswith("2")]
    calls = [call for one in found for call in one["calls"]]
    declared = _sum(found, "declared")
    tools = _sum(found, "tools")
    escaped = sum(len(one["escapes"]) for one in found)
    tries = _sum(found, "escape_tries")
    checked = _sum(found, "arguments_checked")
    table = [
        Row("documents loaded", sum(o.loaded for o in whole), len(whole), 99.5),
        Row("Swagger 2.0 documents loaded", sum(o.loaded for o in old), len(old), 99.5),
        Row("operations accounted for", declared - _count(found, "unaccounted"), declared, 100),
        Row("operations that are tools", tools, declared, 99.5),
        Row("names valid and unique", tools - _count(found, "names_wrong"), tools, 100),
        Row("schemas valid and self-contained", tools - _count(found, "schemas_wrong"), tools, 100),
        Row("schemas accept what the document allows",
            checked - _count(found, "unsound"), checked, 99.7),
        Row("**requests right**", sum(not call["wrong"] for call in calls), len(calls), 99.7),
    ]  # fmt: skip
    for place in PLACES:
        used = [call for call in calls if place in call["places"] or place in call["wrong"]]
        right = sum(place not in call["wrong"] for call in used)
        table.append(Row(f"- {place}", right, len(used), 99))
    table.append(Row("hostile arguments kept in their place", tries - escaped, tries, 100))
    return table


def bars_missed(outcomes: list[Outcome]) -> list[str]:
    """Titles of the measures below their bars."""
    return [row.title for row in rows(outcomes) if row.missed]


def markdown(outcomes: list[Outcome], heading: str) -> str:
    """The whole report."""
    found = [outcome.findings for outcome in outcomes if outcome.loaded]
    lines = ["# Corpus results", "", heading, "", *_table(outcomes), ""]
    tokens = sorted(count for one in found for count in one["tokens"])
    if tokens:
        lines += [f"Tokens a tool (as listed): median {median(tokens):.0f}, 90th percentile "
                  f"{tokens[len(tokens) * 9 // 10]}, largest {tokens[-1]}.", ""]  # fmt: skip
    lines += [f"{_count(found, 'unjudged'):,} samples were not judged: for something required "
              "no value was found that the document allows and a style can write.", ""]  # fmt: skip
    for title, groups in _sections(outcomes):
        lines += [f"## {title}", "", *_grouped(groups), ""]
    return "\n".join(lines).rstrip() + "\n"


def _table(outcomes: list[Outcome]) -> list[str]:
    lines = ["| measure | share | count | bar |", "| --- | ---: | ---: | ---: |"]
    for row in rows(outcomes):
        title, share, count, bar = row.cells()
        lines.append(f"| {title} | {share}{' (missed)' if row.missed else ''} | {count} | {bar} |")
    return lines


Groups = dict[str, list[str]]


def _sections(outcomes: list[Outcome]) -> Iterable[tuple[str, Groups]]:
    refused: Groups = defaultdict(list)
    failed: Groups = defaultdict(list)
    wrong: Groups = defaultdict(list)
    for outcome in outcomes:
        if outcome.refused:
            refused[outcome.refused.rpartition(" [")[2].partition("]")[0]].append(outcome.refused)
        if outcome.failed:
            failed[_head(outcome.failed)].append(f"{outcome.name}: {outcome.failed[-600:]}")
        for call in outcome.findings.get("calls", []):
            if call["wrong"]:
                wrong[call["cause"]].append(_call_line(outcome, call))
    yield "Documents refused", refused
    yield "Documents failed", failed
    yield "Requests that were not right", wrong
    for key, title in (
        ("unaccounted", "Operations not accounted for"), ("skips", "Operations skipped"),
        ("names_wrong", "Names"), ("schemas_wrong", "Schemas"),
        ("unsound", "Schemas that refuse what the document allows"), ("escapes", "Escapes"),
        ("unjudged", "Samples not judged"),
    ):  # fmt: skip
        yield title, _listed(outcomes, key)


def _listed(outcomes: list[Outcome], key: str) -> Groups:
    """Lines of one kind, each `cause | detail`, by cause."""
    groups: Groups = defaultdict(list)
    for outcome in outcomes:
        for line in outcome.findings.get(key, []):
            cause, _, detail = line.partition(" | ")
            groups[cause].append(f"{outcome.name}: {detail}")
    return groups


def _call_line(outcome: Outcome, call: dict[str, Any]) -> str:
    which = "everything" if call["everything"] else "required only"
    return f"{outcome.name}: {call['operation']} ({which}): {call['detail']}"


def _grouped(groups: Groups) -> list[str]:
    if not groups:
        return ["None."]
    lines = []
    for cause, members in sorted(groups.items(), key=lambda row: (-len(row[1]), row[0])):
        lines.append(f"- **{_code(cause)}**: {len(members)}")
        lines += [f"  - {_code(line)}" for line in members[:EXAMPLES]]
    return lines


def _code(text: str) -> str:
    flat = " ".join(ascii(text)[1:-1].replace("`", "'").split())
    return f"`{flat[:500]}`"


def _head(text: str) -> str:
    return text.strip().splitlines()[-1][:80]


def _sum(found: list[dict[str, Any]], key: str) -> int:
    return sum(one[key] for one in found)


def _count(found: list[dict[str, Any]], key: str) -> int:
    return sum(len(one[key]) for one in found)


def causes(outcomes: list[Outcome]) -> Counter[str]:
    """How often each cause of a wrong request occurs."""
    return Counter(
        call["cause"] for o in outcomes for call in o.findings.get("calls", []) if call["wrong"]
    )
