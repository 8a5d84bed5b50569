"""Unified diffs: `patch` makes the new file of the old one, and long files take no long time."""

from __future__ import annotations

import difflib
import shutil
import subprocess
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from toolbind.cli.output import lines
from toolbind.cli.output.lines import unified

from tests.effort import examples

texts = st.lists(st.sampled_from([*"abcdefgh", "", "}", "x" * 30]), max_size=40)


def applied(old: list[str], diff: list[str]) -> list[str]:
    """The new file, made of the old one and the hunks alone."""
    made: list[str] = []
    at = 0
    for line in diff[2:]:
        kind, rest = line[0], line[1:]
        if kind == "@":
            start, _, count = line.split()[1][1:].partition(",")
            begin = int(start) - (count != "0")
            made += old[at:begin]
            at = begin
        elif kind == "+":
            made.append(rest)
        else:
            assert old[at] == rest
            at += 1
            made += [rest] * (kind == " ")
    return made + old[at:]


@settings(max_examples=examples(2000))
@given(texts, texts)
def test_the_hunks_make_the_new_file(old: list[str], new: list[str]) -> None:
    diff = list(unified(old, new, "a", "b"))
    assert applied(old, diff) == new
    assert bool(diff) == (old != new)


@settings(max_examples=examples(500))
@given(texts, texts)
def test_no_piece_is_too_large_for_a_right_diff(old: list[str], new: list[str]) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(lines, "SMALL", 4)
        assert applied(old, list(unified(old, new, "a", "b"))) == new


@pytest.mark.skipif(shutil.which("patch") is None, reason="there is no patch")
def test_patch_understands_it(tmp_path: Path) -> None:
    old = [f"line {n}" for n in range(200)]
    new = ["first", *old[:50], *old[60:120], "between", *old[120:199], "last"]
    (tmp_path / "file").write_text("\n".join(old) + "\n")
    diff = "\n".join(unified(old, new, "a/file", "b/file")) + "\n"
    subprocess.run(["patch", "-p1"], cwd=tmp_path, input=diff, text=True, check=True, timeout=60)
    assert (tmp_path / "file").read_text() == "\n".join(new) + "\n"


def test_small_changes_look_as_usual() -> None:
    old = [f"line {n}" for n in range(60)]
    new = [*old[:10], "new", *old[11:30], *old[33:]]
    usual = list(difflib.unified_diff(old, new, "a", "b", lineterm=""))
    assert list(unified(old, new, "a", "b")) == usual


def test_a_long_file_is_not_compared_line_with_line(monkeypatch: pytest.MonkeyPatch) -> None:
    compared = 0

    class Counting(difflib.SequenceMatcher[str]):
        def __init__(self, junk: None, one: list[str], other: list[str], autojunk: bool) -> None:
            nonlocal compared
            compared += len(one) * len(other)
            super().__init__(junk, one, other, autojunk)

    monkeypatch.setattr(lines, "SequenceMatcher", Counting)
    old = [text for n in range(5000) for text in (f"item {n}", "{", "}", "same")]
    new = [text for n in range(5000) for text in (f"item {n}", "{", f"new {n % 7}", "}", "same")]
    assert applied(old, list(unified(old, new, "a", "b"))) == new
    assert compared < 10 * len(old)
    compared = 0
    shuffled = [f"other {n % 3}" for n in range(20_000)]
    assert applied(old, list(unified(old, shuffled, "a", "b"))) == shuffled
    assert compared == 0
