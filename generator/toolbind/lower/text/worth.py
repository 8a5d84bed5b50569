"""What a sentence of a description is worth to a model that is to make a call.

    parts("Lists pets. At most 50.") -> ("Lists pets.", "At most 50")
    worth("At most 50", known) -> Worth.LIMIT

Pure functions on text that has been cleaned. Imports `ir` and `markup`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from enum import IntEnum
from functools import lru_cache

from toolbind.ir import OPTIONAL
from toolbind.lower.text import markup


class Worth(IntEnum):
    """What is missed least, first."""

    NOTHING = 0
    """Repeats what is known already, or speaks about HTTP."""

    PLAIN = 1
    LIMIT = 2
    """A limit, condition, warning, unit, format, default or special value."""


_HTTP = re.compile(
    r"\b(?:GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS)\b[` ]*(?:HTTP |API )?"
    r"(?:requests?|methods?|calls?|operations?|verbs?|endpoints?|\"?/)|"
    r"\b(?:HTTP|request|call|endpoint|route)\b.{0,30}(?<![\w<.])/[\w{:$]+[/\w{}:$-]*|"
    r"\b(?:request|response) bod(?:y|ies) (?:is|are|has|contains?|of|will|must be)\b.{0,20}"
    r"\b(?:JSON|XML|empty)\b|"
    r"\b(?:response|result|output)s? (?:will be|is|are|contains?|returns?) (?:an? )?JSON\b|"
    r"\bHTTP (?:status|response|[1-5]\d\d)\b|\b(?:status|response) code\b|"
    r"\breturns? (?:an? )?(?:HTTP )?[1-5]\d\d\b|"
    r"\bmust be URL.?encoded\b|\bContent-(?:Type|Length)\b"
)
"""Sentences about the message on the wire: the client makes it, the model does not."""

_FACT = re.compile(
    r"(?:E\.g|Default|Pattern|Always|One of|With|Also|Or an?|Members as|Goes into|Sent as)\b"
)
"""How the sentences begin that the generator adds itself."""

_LIMIT = re.compile(
    r"\b(?:only|must|cannot|can ?not|can'?t|may not|should|never|always|won'?t|will not|"
    r"does ?n[o']t|do(?:es)? not|is ?n[o']t|(?:is|are|be) not|not (?:be|allowed|supported|"
    r"available|valid|possible|permitted|required|specified|set|provided|included)|no (?:more|"
    r"less|fewer|longer)|at (?:most|least)|up to|max(?:imum|imal)?|min(?:imum|imal)?|limit\w*|"
    r"exceed\w*|between|range|(?:greater|less|more|fewer|larger|smaller|longer|shorter|older|newer|"
    r"earlier|later|other) than|before|after|until|since|unless|except\w*|excluding|if|when|"
    r"whether|while|once|otherwise|instead|required?|requires|requir(?:ing|ements?)|mandatory|"
    r"needs? to|have to|has to|optional\w*|defaults?|deprecated|irrevers\w*|undone|permanent\w*|"
    r"warning|caution|careful\w*|important|milli ?seconds?|seconds?|ms|minutes?|hours?|days?|"
    r"weeks?|months?|years?|bytes?|[KMG]i?B|kilobytes?|megabytes?|gigabytes?|cents?|percent\w*|pixels?|"
    r"characters?|digits?|letters?|UTC|GMT|time ?zones?|timestamps?|epoch|unix|ISO|RFC|formats?|"
    r"formatted|e\.g|i\.e|for example|such as|pattern|regex\w*|regular expression|commas?|"
    r"separated|delimited|case.?(?:in)?sensitive\w*|lower.?case|upper.?case|one of|"
    r"(?:possible|allowed|valid|accepted|supported|available|permitted) (?:\w+ )?(?:values?|"
    r"options?|types?|fields?)|values? (?:is|are|can)|supports?|either|use|set (?:it |this )?to|"
    r"specif(?:y|ied|ies)|null|true|false|empty|blank|omit\w*|ignored|ignores|inclusive|exclusive|"
    r"unique|wildcards?|ascending|descending|sort\w*|prefix\w*|first|last|latest|every|per)\b|"
    r"[%*<>=]|\d",
    re.IGNORECASE,
)
"""What tells how to fill in a value, or what will happen otherwise."""

_COMMON = re.compile(
    r"an?|the|all|any|as|by|for|from|in|is|are|be|it|its|of|on|or|and|this|that|these|to|with|you|"
    r"your|can|us(?:e|es|ed|ing)|gets?|returns?|lists?|retriev\w*|shows?|information|about|"
    r"which|will|has|have|an?other|given|specif\w+|provided|api|endpoint|method|operation|request|"
    r"call|allows?"
)
_PART = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[^\W\d_A-Z]+|\d+")
_WORD = re.compile(r"[^\W\d_]+|\d+")


@lru_cache(maxsize=1 << 14)
def parts(text: str) -> tuple[str, ...]:
    """The sentences of a description, in their order."""
    return tuple(markup.sentences(text)) if text else ()


def joined(sentences: Iterable[str], *, ended: bool = False) -> str:
    """Sentences put one behind the other; the last one needs no full stop."""
    text = ""
    for sentence in sentences:
        if sentence:
            joint = "" if not text else " " if text.endswith((".", "!", "?", ":")) else ". "
            text = f"{text}{joint}{sentence}"
    if ended or text == OPTIONAL or text.endswith(("..", "etc.")):
        return text
    return text.removesuffix(".")


def split(text: str) -> tuple[str, tuple[str, ...]]:
    """`OPTIONAL` or nothing, and the sentences behind it."""
    sentences = parts(text)
    if sentences[:1] == (OPTIONAL,):
        return OPTIONAL, sentences[1:]
    return "", sentences


def vocabulary(*texts: str) -> frozenset[str]:
    """The words of names and texts, as `worth` knows them."""
    return frozenset(_stem(word.lower()) for text in texts for word in _PART.findall(text))


def worth(sentence: str, known: frozenset[str]) -> Worth:
    """What a sentence is worth where the words `known` have been said already."""
    limits = bool(_FACT.match(sentence) or _LIMIT.search(sentence))
    if _HTTP.search(sentence):
        return Worth.PLAIN if limits and _strict(sentence) else Worth.NOTHING
    if limits:
        return Worth.LIMIT
    said = [word for word in _WORD.findall(sentence.lower()) if not _COMMON.fullmatch(word)]
    new = sum(1 for word in said if _stem(word) not in known)
    return Worth.PLAIN if new > len(said) // 5 else Worth.NOTHING


_STRICT = re.compile(
    r"\b(?:only|must|cannot|can'?t|never|at (?:most|least)|up to|maximum|minimum|unless|except|if|"
    r"when|defaults?|required)\b",
    re.IGNORECASE,
)


def _strict(sentence: str) -> bool:
    """Whether a sentence about HTTP says more than how the request is made."""
    return bool(_STRICT.search(sentence))


def _stem(word: str) -> str:
    """A word without its ending, near enough."""
    return word.rstrip("s")[:6]
