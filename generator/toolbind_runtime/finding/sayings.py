"""The tables of `vocabulary`, read once for an index and ready to look up by stems.

Imports `vocabulary`, `words`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from . import vocabulary
from .words import stem

_VERB_WITHIN = 6  # words: the verb of a request stands near its beginning
_NOT_A_WORD = re.compile(r"[^\w'@./-]+")


class Sayings(NamedTuple):
    """What people say, by stems of it: what documents say instead."""

    stop: frozenset[str]
    own: frozenset[str]
    own_names: tuple[str, ...]
    search: frozenset[str]
    listing: frozenset[str]
    list_names: tuple[str, ...]
    everything: frozenset[str]
    common: frozenset[str]
    synonyms: Mapping[str, tuple[str, ...]]
    phrases: tuple[tuple[str, tuple[str, ...]], ...]
    methods: Mapping[str, frozenset[str]]  # by verbs as they are said
    phrase_methods: Mapping[str, frozenset[str]]  # by stems of what a phrase means

    def wanted_methods(self, text: str, words: list[str]) -> frozenset[str]:
        """The methods that the first verb of a request asks for; none where none is near.

        `text` is the request in lower case, `words` are its words.
        """
        text = f" {text.strip()} "
        for phrase, stems in self.phrases:
            wanted = [
                self.phrase_methods[word]
                for word in stems
                if word in self.phrase_methods
            ]
            if wanted and phrase in text:
                return wanted[0]
        for word in words[:_VERB_WITHIN]:
            if word in self.methods:
                return self.methods[word]
        return frozenset()

    def take_phrases(self, text: str) -> tuple[str, list[tuple[str, tuple[str, ...]]]]:
        """A text in lower case without the phrases that are known, and these with their meaning."""
        text = f" {_NOT_A_WORD.sub(' ', text)} "
        taken = []
        for phrase, stems in self.phrases:
            if phrase in text:
                taken.append((phrase.strip(), stems))
                text = text.replace(phrase, "  ")
        return text, taken


def sayings() -> Sayings:
    """The tables, read."""
    synonyms: dict[str, dict[str, None]] = {}
    for documents, said in _rows(vocabulary.SYNONYMS):
        for word in said.split():
            synonyms.setdefault(stem(word), {}).update(dict.fromkeys(_stems(documents)))
    phrases = [
        (f" {phrase.strip()} ", _stems(documents))
        for documents, said in _rows(vocabulary.PHRASES)
        for phrase in said.split(",")
    ]
    methods: dict[str, frozenset[str]] = {}
    for wanted, verbs in _rows(vocabulary.VERBS):
        methods.update(dict.fromkeys(verbs.split(), frozenset(wanted.split())))
    return Sayings(
        stop=frozenset(vocabulary.STOP_WORDS.split()),
        own=frozenset(vocabulary.OWN_WORDS.split()),
        own_names=_stems(vocabulary.OWN_NAMES),
        search=frozenset(_stems(vocabulary.SEARCH_WORDS)),
        listing=frozenset(vocabulary.LIST_WORDS.split()),
        everything=frozenset(vocabulary.EVERYTHING.split()),
        list_names=_stems(vocabulary.LIST_NAMES),
        common=frozenset(_stems(vocabulary.COMMON_WORDS)),
        synonyms={said: tuple(words) for said, words in synonyms.items()},
        phrases=tuple(phrases),
        methods=methods,
        phrase_methods={stem(verb): wanted for verb, wanted in methods.items()},
    )


def _rows(table: str) -> Iterator[tuple[str, str]]:
    for line in table.replace(";", "\n").strip().splitlines():
        left, _, right = line.partition(":")
        yield left, right


def _stems(words: str) -> tuple[str, ...]:
    return tuple(stem(word) for word in words.split())
