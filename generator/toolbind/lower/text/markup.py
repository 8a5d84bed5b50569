"""CommonMark and HTML to plain sentences; characters that nobody sees removed.

Pure functions on text. Works line by line with patterns that take linear time, because a document
can hold anything. Imports nothing from the package.
"""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Iterator

TEXT_LIMIT = 20_000
"""Characters of one text that are looked at; only its beginning is ever shown."""

LINKED = "\ue000"
LINK = "\ue001"
"""Stand behind and before words that were a link until the sentences are told apart; private, so no
text of a document can hold them once `visible` has been there."""


# --- characters --------------------------------------------------------------------------------

_SPACING = {"\t": " "} | dict.fromkeys("\n\r\x0b\x0c\x85\u2028\u2029", "\n")
_UNUSUAL = re.compile(r"[^\n\x20-\x7e]")
_UNSEEN_CATEGORIES = frozenset(("Cc", "Cf", "Cn", "Co", "Cs"))
_BLANK_LETTERS = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u2800\u3164\uffa0")
_INNOCENT = frozenset("\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\ufeff")
_INNOCENT_RUN = 4
"""That many zero-width characters in a row are no accident of typing: they can encode text."""


def is_unseen(character: str) -> bool:
    """Whether a reader sees nothing where this character stands, or sees others rearranged."""
    return (
        unicodedata.category(character) in _UNSEEN_CATEGORIES
        or character in _BLANK_LETTERS
        or "\ufe00" <= character <= "\ufe0f"
        or "\U000e0100" <= character <= "\U000e01ef"
    )


def visible(text: str) -> tuple[str, bool]:
    """`text` without unseen characters, and whether they look as if they were to hide something.

    Line ends of every kind become `\\n`. Joiners and byte-order marks that typing and copying
    leave behind are removed without suspicion, unless they come in numbers.
    """
    if not _UNUSUAL.search(text):
        return text, False
    kept: list[str] = []
    suspicious = False
    run = 0
    for character in text.replace("\r\n", "\n"):
        if character in _SPACING:
            kept.append(_SPACING[character])
        elif not is_unseen(character):
            kept.append(" " if character.isspace() else character)
            run = 0
        elif character in _INNOCENT:
            run += 1
            suspicious = suspicious or run >= _INNOCENT_RUN
        elif not "\ufe00" <= character <= "\ufe0f":
            suspicious = True
    return "".join(kept), suspicious


# --- HTML --------------------------------------------------------------------------------------

_BREAKING = re.compile(
    r"br|p|div|li|[ou]l|tr|table|hr|h[1-6]|blockquote|d[dlt]|section|article", re.IGNORECASE
)
_INLINE = re.compile(
    r"a|abbr|b|big|body|center|cite|code|col|colgroup|del|details|em|font|footer|form|head|header|"
    r"html|i|img|ins|input|kbd|label|link|main|mark|meta|nav|pre|q|s|samp|small|span|strike|"
    r"strong|sub|summary|sup|tbody|td|tfoot|th|thead|title|tt|u|var|video|wbr",
    re.IGNORECASE,
)
_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_MUTE = re.compile(r"<(script|style)\b.*?(?:</\1\s*>|\Z)", re.DOTALL | re.IGNORECASE)
_TAG = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9:_-]*)\b[^<>]*>")


def unescaped(text: str) -> str:
    """`text` with character references resolved, and again without unseen characters."""
    return visible(html.unescape(text))[0] if "&" in text else text


def without_html(text: str) -> str:
    """`text` without HTML; placeholders such as `<id>` stay, for they are no elements."""
    text = unescaped(text)
    if "<" not in text:
        return text
    text = _MUTE.sub(" ", _COMMENT.sub(" ", text))
    closed = {match.group(2).lower() for match in _TAG.finditer(text) if match.group(1)}

    def plain(match: re.Match[str]) -> str:
        name = match.group(2).lower()
        if _BREAKING.fullmatch(name):
            return "\n- " if name == "li" and not match.group(1) else "\n"
        if name == "a":
            return LINKED if match.group(1) else LINK
        return "" if _INLINE.fullmatch(name) or name in closed else match.group()

    return _TAG.sub(plain, text)


# --- CommonMark --------------------------------------------------------------------------------

_FENCE = re.compile(r"\s{0,3}(```|~~~)")
_HEADING = re.compile(r"\s{0,3}#{1,6}\s+(.*?)[\s#]*\Z")
_BOLD = re.compile(r"\s{0,3}(\*\*|__)(?=\S)((?:(?!\1).)+)(?<=\S)\1[\s:.]*")
"""A line of nothing but strong words is a heading, whatever its author calls it."""

_RULE = re.compile(r"\s{0,3}(?:[-=_*]\s*){3,}\Z")
_ITEM = re.compile(r"\s*(?:[-*+\u2022\u00b7]|\d{1,3}[.)])\s+(.*)\Z")
_QUOTE = re.compile(r"\A\s{0,3}(?:>\s?)+")
_ALERT = re.compile(r"\A\[!\w+\]\s*")
_TABLE = re.compile(r"\s*\|")
_BELOW_HEAD = re.compile(r"[\s|:-]*-[\s|:-]*")
_DEFINITION = re.compile(r"\s{0,3}\[[^\]]+\]:\s")

_IMAGE = re.compile(r"!\[[^\[\]]*\]\([^()]*\)")
_LINK = re.compile(r"\[([^\[\]]*)\]\((?:[^()]|\([^()]*\))*\)")
_REFERENCE = re.compile(r"\[([^\[\]]+)\]\[[^\[\]]*\]")
_ADDRESS = re.compile(r"<?\b(?:https?|ftp)://[^\s<>]+>?")
_CODE = re.compile(r"(`+)\s?([^`]+?)\s?\1")
_STRONG = re.compile(r"(\*\*|__)(?=\S)(.+?)(?<=\S)\1")
_EMPHASIS = re.compile(r"(?<![\w*])([*_])(?=[^\s*_])([^*_\n]+?)(?<=[^\s*_])\1(?![\w*])")
_ESCAPE = re.compile(r"\\([!-/:-@\[-`{-~])")
_PUT_AWAY = 0xE100
_BROUGHT_BACK = {_PUT_AWAY + code: chr(code) for code in range(0x21, 0x7F)}
_SPACES = re.compile(r"[ \t\u00a0]+")


def inline(text: str) -> str:
    """One line without inline markup. What was a link is followed by `LINKED`."""
    if not any(mark in text for mark in "[`*_\\<:"):
        return text
    if "\\" in text:
        return _marks(_ESCAPE.sub(_put_away, text)).translate(_BROUGHT_BACK)
    return _marks(text)


def _put_away(match: re.Match[str]) -> str:
    """An escaped sign as a private character, which no mark is made of."""
    return chr(_PUT_AWAY + ord(match.group(1)))


def _marks(text: str) -> str:
    if "[" in text:
        text = _IMAGE.sub("", text)
        text = _LINK.sub(rf"{LINK}\1{LINKED}", text)
        text = _REFERENCE.sub(rf"{LINK}\1{LINKED}", text)
    if "://" in text:
        text = _ADDRESS.sub(_address, text)
    if "`" in text:
        text = _CODE.sub(r"\2", text)
    if "*" in text or "_" in text:
        text = _EMPHASIS.sub(r"\2", _STRONG.sub(r"\2", text))
    return text


def _address(match: re.Match[str]) -> str:
    """A short address stays, since it may show a form; a long one only costs room."""
    bare = match.group().strip("<>")
    tail = bare[len(bare.rstrip(".,;:)'\"")) :]
    address = bare[: len(bare) - len(tail)]
    return (address if len(address) <= 40 else "") + LINKED + tail


def blocks(text: str) -> Iterator[str]:
    """The paragraphs and list items of `text`, each on one line, without markup.

    A list belongs to the line that announces it with a colon; the rows of a table are items. Code
    and rules are left out; headings too, unless there is nothing else.
    """
    headings: list[str] = []
    found = False
    for kind, line in _gathered(text):
        if kind == "heading":
            headings.append(line)
        else:
            found = True
            yield line
    if not found:
        yield from headings


def _gathered(text: str) -> Iterator[tuple[str, str]]:
    paragraph: list[str] = []
    items: list[str] = []
    for kind, line in _lines(text):
        if items and kind != "item" and kind != "blank":
            yield from _flushed(paragraph, items)
        if kind == "item":
            if paragraph and not "".join(paragraph[-1:]).rstrip().endswith(":") and not items:
                yield from _flushed(paragraph, items)
            items.append(line)
        elif kind == "text":
            paragraph.append(line)
        elif kind == "blank":
            if paragraph and not paragraph[-1].rstrip().endswith(":"):
                yield from _flushed(paragraph, items)
        else:
            yield from _flushed(paragraph, items)
            yield kind, line
    yield from _flushed(paragraph, items)


def _flushed(paragraph: list[str], items: list[str]) -> Iterator[tuple[str, str]]:
    """What has been gathered so far; both lists are emptied."""
    head = " ".join(paragraph).strip()
    if head and items and head.endswith(":"):
        yield "text", f"{head} {', '.join(item.rstrip('.,;') for item in items)}."
    else:
        if head:
            yield "text", head
        for item in items:
            yield "text", item
    paragraph.clear()
    items.clear()


def _lines(text: str) -> Iterator[tuple[str, str]]:
    fenced = False
    table: list[str] = []
    for line in (*text.split("\n"), ""):
        if table and not _TABLE.match(line):
            yield from _rows(table)
            table.clear()
        if line[:1].isalpha() and not fenced:
            yield "text", _folded(line)  # by far the most lines
        elif _FENCE.match(line):
            fenced = not fenced
        elif fenced or _RULE.match(line) or _DEFINITION.match(line):
            continue
        elif _TABLE.match(line):
            table.append(line)
            continue
        elif not line.strip():
            yield "blank", ""
        else:
            yield _line(line)


def _rows(table: list[str]) -> Iterator[tuple[str, str]]:
    """The rows of a table without its head: the first cell, and what the others say of it."""
    ruled = next((i for i, line in enumerate(table) if _BELOW_HEAD.fullmatch(line)), -1)
    for line in table[ruled + 1 :]:
        cells = [_folded(cell) for cell in line.strip().strip("|").split("|")]
        first, *others = [cell for cell in cells if cell] or [""]
        yield "item", f"{first}: {', '.join(others)}" if others else first


def _line(line: str) -> tuple[str, str]:
    line = _ALERT.sub("", _QUOTE.sub("", line, count=1), count=1)
    heading = _HEADING.match(line)
    if heading:
        return "heading", _folded(heading.group(1))
    item = _ITEM.match(line)
    if item:
        return "item", _folded(item.group(1))
    bold = _BOLD.fullmatch(line)
    if bold and not bold.group(2).rstrip().endswith(":"):
        return "heading", _folded(bold.group(2))
    return "text", _folded(line)


def _folded(line: str) -> str:
    text = inline(line).strip()
    return _SPACES.sub(" ", text) if "  " in text or not text.isprintable() else text


# --- sentences ---------------------------------------------------------------------------------

_END = re.compile(r"[.!?][\"')\]\ue000]*\s+|[\u3002\uff01\uff1f]\s*")
_ABBREVIATION = re.compile(
    r"e\.?g|i\.?e|etc|vs|cf|approx|nos?|incl|excl|resp|max|min|fig|ca|inc|ltd|co|corp|st|dr|mrs?|ms|"
    r"u\.s|dept|est|sec|ref|[a-z]"
)


def sentences(block: str) -> Iterator[str]:
    """The sentences of one block."""
    start = 0
    for end in _END.finditer(block):
        following = block[end.end() : end.end() + 1]
        last_word = block[start : end.start()].rpartition(" ")[2].lstrip("([\"'").lower()
        western = block[end.start()] in ".!?"
        if western and (following.islower() or _ABBREVIATION.fullmatch(last_word)):
            continue
        yield block[start : end.end()].strip()
        start = end.end()
    rest = block[start:].strip()
    if rest:
        yield rest
