"""Text of the document for the model: plain, short, and free of anything but description.

    prose = Prose(report)
    prose.whole(text, place) -> str                            # "" if nothing is left
    prose.brief(text, place, sentences=2, limit=300) -> str    # the beginning of it

CommonMark and HTML are stripped; hidden, bidirectional and control characters removed; lines that
command the model or praise the tool dropped with a diagnostic. Imports `injection`, `markup`,
`worth`, `diagnostics`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from toolbind.diagnostics import Place, Report
from toolbind.lower.text import markup, worth
from toolbind.lower.text.injection import TAGGED, suspicious

SENTENCES = 2
"""Sentences of a text that is to be brief."""

LIMIT = 300
"""Characters of a text that is to be brief."""


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


Remark = tuple[str, str]
"""The code and the message of something that is wrong with a text."""


@dataclass(frozen=True, slots=True)
class _Cleaned:
    """What is left of a text, and what is to be said about the rest."""

    sentences: tuple[str, ...]
    remarks: tuple[Remark, ...]


class Prose:
    """The texts of one document. Each is cleaned once; what is wrong with it is said of every place
    that has it."""

    def __init__(self, report: Report) -> None:
        self._report = report
        self._cleaned: dict[str, _Cleaned] = {}
        self._watched: dict[str, tuple[Remark, ...]] = {}

    def whole(self, text: str, place: Place) -> str:
        """All of `text` that is worth reading, plain, on one line."""
        return worth.joined(self._sentences(text, place))

    def brief(
        self, text: str, place: Place, *, sentences: int = SENTENCES, limit: int = LIMIT
    ) -> str:
        """The first `sentences` of `text`, plain, within `limit` characters."""
        return _joined(self._sentences(text, place)[:sentences], limit)

    def opening(self, summary: str, description: str, place: Place) -> str:
        """What a tool does: the summary, and then the description without what it repeats."""
        head = self._sentences(summary, place)
        said = {_bare(sentence) for sentence in head}
        more = (each for each in self._sentences(description, place) if _bare(each) not in said)
        return worth.joined((*head, *more), ended=True)

    def _sentences(self, text: str, place: Place) -> tuple[str, ...]:
        if not text:
            return ()
        cleaned = self._cleaned.get(text)
        if cleaned is None:
            cleaned = self._cleaned[text] = _clean(text)
        self._tell(cleaned.remarks, place)
        return cleaned.sentences

    def _tell(self, remarks: Iterable[Remark], place: Place) -> None:
        for code, message in remarks:
            self._report.say(code, place, message)

    def watch(self, value: str, place: Place) -> None:
        """Report what is wrong with text that the API needs as it stands, such as a name."""
        if value.isascii() and len(value) < _HARMLESS:
            return
        remarks = self._watched.get(value)
        if remarks is None:
            remarks = self._watched[value] = tuple(_watch(value))
        self._tell(remarks, place)

    def flagged(self, text: str) -> bool:
        """Whether `text` holds what would be dropped: for short texts, such as examples."""
        seen, hidden = markup.visible(text)
        if hidden or TAGGED.search(seen):
            return True
        return any(rule.pattern.search(seen) for rule in suspicious(seen))


def _clean(text: str) -> _Cleaned:
    """The sentences of a text that may be shown."""
    remarks: list[Remark] = []
    seen, hidden = markup.visible(text[: markup.TEXT_LIMIT])
    if hidden:
        remarks.append(("text-hidden", "the text holds characters that are not seen"))
    kept: list[str] = []
    text = markup.without_html(_untagged(seen, remarks))
    rules = suspicious(text)
    for block in markup.blocks(text):
        for sentence in markup.sentences(block):
            found = next((rule for rule in rules if rule.pattern.search(sentence)), None)
            if found is not None:
                remarks.append((found.code, f'{found.what}: "{sentence}"'))
                break
            plain = _tidy(sentence)
            if plain and plain not in kept:
                kept.append(plain)
    return _Cleaned(tuple(kept), tuple(remarks))


def _untagged(text: str, remarks: list[Remark]) -> str:
    """The text without parts that pose as instructions from outside."""
    if "<" not in text and "[" not in text and "&" not in text:
        return text
    text = markup.unescaped(text)
    found = TAGGED.search(text)
    if found is None:
        return text
    remarks.append(("text-command", f'poses as an instruction: "{found.group()}"'))
    return TAGGED.sub("\n", text)


def _watch(value: str) -> Iterator[Remark]:
    seen, hidden = markup.visible(value[: markup.TEXT_LIMIT])
    if hidden:
        yield "text-hidden", f"kept as the API needs it: {value!a}"
    found = next((rule for rule in suspicious(seen) if rule.pattern.search(seen)), None)
    if found is not None or TAGGED.search(seen):
        yield found.code if found else "text-command", f"kept as the API needs it: {value!a}"


def _bare(sentence: str) -> str:
    """A sentence without what tells two spellings of it apart."""
    return sentence.rstrip(".").casefold()


def _tidy(sentence: str) -> str:
    """The sentence without traces of markup; nothing if it only points elsewhere."""
    if _POINTING.match(sentence.lstrip(markup.LINK)) or _is_link(sentence):
        return ""
    words = " ".join(sentence.replace(markup.LINKED, "").replace(markup.LINK, "").split())
    plain = (_LEAD.sub("", words, count=1) if ":" in words else words).rstrip(_TRAILING)
    return plain if any(character.isalnum() for character in plain) else ""


def _is_link(sentence: str) -> bool:
    """Whether the sentence is no more than the title of a page."""
    bare = sentence.strip(" .*")
    if not bare.endswith(markup.LINKED):
        return False
    return bare.rfind(markup.LINK) == 0 or sentence.count(" ") < 4


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
