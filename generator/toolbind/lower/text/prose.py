"""Text of the document for the model: plain, short, and free of anything but description.

    prose = Prose(report)
    prose.brief(text, place, sentences=2, limit=300) -> str    # "" if nothing is left

CommonMark and HTML are stripped; hidden, bidirectional and control characters removed; lines that
command the model or praise the tool dropped with a diagnostic. Imports `injection`, `markup`,
`diagnostics`.
"""

from __future__ import annotations

import re

from toolbind.diagnostics import Place, Report
from toolbind.lower.text import markup
from toolbind.lower.text.injection import TAGGED, suspicious

SENTENCES = 2
"""Sentences of a description that a model is shown."""

SHOWN = 4
"""Sentences of a text that anybody asks for."""

LIMIT = 300
"""Characters of a description that a model is shown; a tool's own may be longer (see callers)."""


_POINTING = re.compile(
    r"(?:for (?:more|further|additional|detailed) (?:info\w*|details?)\b|"
    r"(?:learn|read|find out) more\b|more (?:info\w*|details?)\b(?! about the)|"
    r"(?:please |also )?(?:see|refer|check|consult|visit)\b(?=.*\ue000))",
    re.IGNORECASE,
)
"""Sentences that only point elsewhere; the model cannot go there."""

_HARMLESS = 24
"""Characters of plain text in which no command fits."""

_LEAD = re.compile(r"(?:note|nb|n\.b\.|warning|caution|tip)\s*:\s*", re.IGNORECASE)
_ENDS = ".!?:\u3002\uff01\uff1f"
_TRAILING = " \t,;:-\u2013\u2014"


class Prose:
    """The texts of one document. Each is cleaned once, and what is wrong with it said once."""

    def __init__(self, report: Report) -> None:
        self._report = report
        self._cleaned: dict[str, tuple[str, ...]] = {}
        self._watched: set[str] = set()

    def brief(
        self, text: str, place: Place, *, sentences: int = SENTENCES, limit: int = LIMIT
    ) -> str:
        """The first `sentences` (at most `SHOWN`) of `text`, plain, within `limit` characters."""
        if not text:
            return ""
        cleaned = self._cleaned.get(text)
        if cleaned is None:
            cleaned = self._clean(text, place)
            self._cleaned[text] = cleaned
        return _joined(cleaned[:sentences], limit)

    def opening(self, summary: str, description: str, place: Place, *, limit: int = LIMIT) -> str:
        """What a tool does: the summary, and the first sentence of the description if that adds
        much in few words; without a summary the description's own first two sentences."""
        head = self.brief(summary, place, sentences=1, limit=limit)
        if not head:
            return self.brief(description, place, limit=limit)
        more = self.brief(description, place, sentences=1, limit=limit)
        return _joined((head, more), limit) if _adds(head, more) else head

    def _clean(self, text: str, place: Place) -> tuple[str, ...]:
        seen, hidden = markup.visible(text[: markup.TEXT_LIMIT])
        if hidden:
            self._report.say("text-hidden", place, "the text holds characters that are not seen")
        kept: list[str] = []
        text = markup.without_html(self._untagged(seen, place))
        rules = suspicious(text)
        for block in markup.blocks(text):
            if len(kept) >= SHOWN and not rules:
                break  # nothing more is shown, and there is nothing to be found
            for sentence in markup.sentences(block):
                found = next((rule for rule in rules if rule.pattern.search(sentence)), None)
                if found is not None:
                    self._report.say(found.code, place, f'{found.what}: "{sentence}"')
                    break
                plain = _tidy(sentence)
                if plain and plain not in kept:
                    kept.append(plain)
        return tuple(kept)

    def _untagged(self, text: str, place: Place) -> str:
        """The text without parts that pose as instructions from outside."""
        if "<" not in text and "[" not in text and "&" not in text:
            return text
        text = markup.unescaped(text)
        found = TAGGED.search(text)
        if found is None:
            return text
        self._report.say("text-command", place, f'poses as an instruction: "{found.group()}"')
        return TAGGED.sub("\n", text)

    def watch(self, value: str, place: Place) -> None:
        """Report what is wrong with text that the API needs as it stands, such as a name."""
        if value in self._watched or (value.isascii() and len(value) < _HARMLESS):
            return
        self._watched.add(value)
        seen, hidden = markup.visible(value[: markup.TEXT_LIMIT])
        if hidden:
            self._report.say("text-hidden", place, f"kept as the API needs it: {value!a}")
        found = next((rule for rule in suspicious(seen) if rule.pattern.search(seen)), None)
        if found is not None or TAGGED.search(seen):
            code = found.code if found else "text-command"
            self._report.say(code, place, f"kept as the API needs it: {value!a}")

    def flagged(self, text: str) -> bool:
        """Whether `text` holds what would be dropped: for short texts, such as examples."""
        seen, hidden = markup.visible(text)
        if hidden or TAGGED.search(seen):
            return True
        return any(rule.pattern.search(seen) for rule in suspicious(seen))


_COMMON = re.compile(
    r"an?|the|all|any|as|by|for|from|in|is|are|be|it|its|of|on|or|and|this|that|these|to|with|you|"
    r"your|can|us(?:e|es|ed|ing)|gets?|returns?|lists?|retriev\w*|shows?|information|about"
)
_ASIDE = re.compile(
    r"(?:Note\b|Please\b|You (?:must|can|may|need)\b|To (?:use|call)\b|"
    r"This (?:API|call|endpoint|method|operation|resource|request)\b)"
)
"""How sentences begin that speak about the documentation rather than the operation."""

_WORD = re.compile(r"[^\W\d_]+")
_ADDED_LENGTH = 80
"""Characters of a sentence that is told besides the summary."""


def _adds(head: str, more: str) -> bool:
    """Whether most words of `more` are new, and it is short."""
    if not more or len(more) > _ADDED_LENGTH or _ASIDE.match(more):
        return False
    known = {_stem(word) for word in _WORD.findall(head.lower())}
    said = [w for w in _WORD.findall(more.lower()) if not _COMMON.fullmatch(w)]
    return 2 * sum(1 for word in said if _stem(word) not in known) > len(said)


def _stem(word: str) -> str:
    """A word without its ending, near enough."""
    return word.rstrip("s")[:6]


def _tidy(sentence: str) -> str:
    """The sentence without traces of markup; nothing if it only points elsewhere."""
    if _POINTING.match(sentence) or _is_link(sentence):
        return ""
    words = " ".join(sentence.replace(markup.LINKED, "").split())
    plain = (_LEAD.sub("", words, count=1) if ":" in words else words).rstrip(_TRAILING)
    return plain if any(character.isalnum() for character in plain) else ""


def _is_link(sentence: str) -> bool:
    """Whether the sentence is no more than the title of a page."""
    return sentence.rstrip(".").endswith(markup.LINKED) and sentence.count(" ") < 4


def _joined(sentences: tuple[str, ...], limit: int) -> str:
    """The sentences as one text. A second one that does not fit is left out, a first one cut."""
    text = ""
    for sentence in sentences:
        if not text:
            text = sentence if len(sentence) <= limit else _cut(sentence, limit)
        elif len(text) + len(sentence) + 2 <= limit:
            text = f"{text} {sentence}" if text[-1] in _ENDS else f"{text}. {sentence}"
        else:
            break
    return text


def _cut(sentence: str, limit: int) -> str:
    """The sentence, ended at a word so that it fits."""
    head = sentence[: limit - 3]
    whole = head.rpartition(" ")[0]
    return (whole if len(whole) > limit // 2 else head).rstrip(_TRAILING + ".") + "..."
