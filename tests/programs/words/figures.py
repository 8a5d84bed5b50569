"""What a document says and its tools do not: the figures, for one document.

Reads the document's own JSON and the finished tools; shares no code with the generator's handling
of text, so that a sentence that the generator does not know for what it is still counts here.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields
from typing import Any

from toolbind import ir

Json = Mapping[str, Any]

SMALL = 300
"""Tokens under which a tool has no reason to leave a limit unsaid."""

_SENTENCE = re.compile(r"(?<=[.!?])\s+(?=[A-Z`*\"'(])|\n\s*\n|\n\s*[-*]\s+|<br\s*/?>|</?(?:p|li)>")
_LIMITING = re.compile(
    r"\b(?:only|must|cannot|can't|never|at (?:most|least)|up to|maximum|minimum|exceed\w*|unless|"
    r"except|limited to|no (?:more|longer) than|required (?:if|when|for)|if (?:not|you|the|this)|"
    r"when|between \d+|defaults?|in (?:seconds|milliseconds|minutes|hours|days|bytes|cents)|"
    r"per (?:second|minute|hour|day)|comma.separated|ISO.?8601|RFC.?3339|unix|UTC|inclusive|"
    r"exclusive|case.(?:in)?sensitive|cannot be undone|irreversible|permanently|warning|"
    r"use `[^`]+`|set (?:it )?to|older than|newer than|not (?:be|supported|allowed|available))\b",
    re.IGNORECASE,
)
_ELSEWHERE = re.compile(
    r"(?:for (?:more|further|additional)\b|see\b|refer\b|learn more|read more|more info\w*)", re.I
)
_MARKUP = re.compile(r"<[^<>]*>|\[([^\[\]]*)\]\([^()]*\)|https?://\S+|[`*_~#>|]")
_WORD = re.compile(r"[a-z0-9]{3,}")

_CREDENTIAL_NAME = re.compile(
    r"(?:x[-_ ])?(?:access|auth|authentication|authorization|api|app|application|bearer|client|"
    r"oauth|user|session|security|secret|account)?[-_ ]?(?:token|key|secret|password|apikey)",
    re.IGNORECASE,
)
_CREDENTIAL_WORDS = re.compile(
    r"(?:auth(?:entication|ori[sz]ation)?|access|api|bearer|oauth|oauth 2\.0|session|secret|"
    r"client|application|app|developer|security|your)[ -](?:token|key|secret)\b|\bcredentials?\b|"
    r"\btoken (?:for|of) the (?:current user|session)|required scope",
    re.IGNORECASE,
)
_ABOUT_CREDENTIALS = re.compile(
    r"token|secret|credential|password|api.?key|revoke|log.?in|sign.?in|session|auth", re.IGNORECASE
)
_METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")


@dataclass(slots=True)
class Figures:
    """Counts; those of several documents can be added."""

    documents: int = 0
    tools: int = 0
    tokens: int = 0
    small_tools: int = 0
    credentials: int = 0
    limiting: int = 0
    limiting_said: int = 0
    json_bodies: int = 0
    whole_bodies: int = 0
    renamed: int = 0
    wordless: int = 0
    lost: list[str] = field(default_factory=list)
    shown: list[str] = field(default_factory=list)

    def add(self, other: Figures) -> None:
        for each in fields(self):
            setattr(self, each.name, getattr(self, each.name) + getattr(other, each.name))

    def rows(self) -> list[tuple[str, str]]:
        return [
            ("documents, tools", f"{self.documents}, {self.tools}"),
            ("credentials offered to the model", str(self.credentials)),
            (
                f"limiting sentences still said in tools under {SMALL} tokens",
                f"{_share(self.limiting_said, self.limiting)} of {self.limiting}",
            ),
            (
                "tools whose JSON object body is one argument",
                _share(self.whole_bodies, self.json_bodies),
            ),
            ("arguments renamed that need not be", str(self.renamed)),
            ("tools described by method and path despite words", str(self.wordless)),
            ("tokens a tool", f"{self.tokens / max(self.tools, 1):.0f}"),
        ]


def _share(part: int, whole: int) -> str:
    return f"{100 * part / max(whole, 1):.1f} %"


def measure(document: Json, api: ir.Api) -> Figures:
    """The figures of one document, of OpenAPI 3, and what was made of it."""
    found = Figures(documents=1)
    for operation in api.operations:
        item, raw = _raw(document, operation)
        _measure(found, document, operation, item, raw)
    return found


def _raw(document: Json, operation: ir.Operation) -> tuple[Json, Json]:
    item = _end(document, document["paths"].get(operation.wire_path, {}))
    return item, item.get(operation.method.lower(), {})


def _measure(
    found: Figures, document: Json, operation: ir.Operation, item: Json, raw: Json
) -> None:
    arguments = {each.name: each.schema for each in operation.arguments}
    tool = f"{operation.name} {operation.description} {json.dumps(arguments, ensure_ascii=False)}"
    found.tools += 1
    found.tokens += operation.tokens
    for argument in operation.arguments:
        if _is_credential(argument, raw, operation):
            found.credentials += 1
            found.shown.append(f"{operation.name}: {argument.name}: {_words_of(argument)[:90]}")
        found.renamed += argument.name.endswith("_")
    whole = [each for each in operation.arguments if each.place == "whole-body"]
    if operation.body is not None and "json" in operation.body.media_type:
        flat = any(each.place in ("body", "file") for each in operation.arguments)
        objects = bool(whole) and whole[0].schema.get("type") == "object"
        found.json_bodies += flat or objects
        found.whole_bodies += objects
    said_path = operation.description.startswith(f"{operation.method.upper()} /")
    words = any(str(part.get(key) or "").strip() for part in (raw, item) for key in _TEXTS)
    found.wordless += said_path and words
    if operation.tokens < SMALL:
        found.small_tools += 1
        heard = set(_WORD.findall(tool.lower()))
        for sentence in _limits(document, item, raw):
            found.limiting += 1
            if _said(sentence, heard):
                found.limiting_said += 1
            else:
                found.lost.append(f"{operation.name}: {sentence}")


_TEXTS = ("summary", "description")


def _words_of(argument: ir.Argument) -> str:
    return str(argument.schema.get("description", ""))


def _is_credential(argument: ir.Argument, raw: Json, operation: ir.Operation) -> bool:
    name = argument.wire.split(".")[-1]
    if argument.schema.get("type") != "string" or not _CREDENTIAL_NAME.fullmatch(name):
        return False
    subject = f"{operation.wire_path} {raw.get('operationId', '')} {raw.get('summary', '')}"
    if _ABOUT_CREDENTIALS.search(subject):
        return False
    return bool(_CREDENTIAL_WORDS.search(_words_of(argument)))


def _limits(document: Json, item: Json, raw: Json) -> Iterator[str]:
    """Every sentence of the operation, its parameters and its body's members that limits."""
    seen: set[str] = set()
    for text in _texts(document, item, raw):
        for piece in _SENTENCE.split(text):
            sentence = " ".join(_MARKUP.sub(r" \1 ", piece or "").split())
            if not _LIMITING.search(sentence) or _ELSEWHERE.match(sentence) or sentence in seen:
                continue
            if len(_WORD.findall(sentence.lower())) >= 3:
                seen.add(sentence)
                yield sentence


def _texts(document: Json, item: Json, raw: Json) -> Iterator[str]:
    yield from (str(raw.get(key) or "") for key in _TEXTS)
    for each in (*item.get("parameters", ()), *raw.get("parameters", ())):
        parameter = _end(document, each)
        if parameter.get("in") != "header" or parameter.get("name", "").lower() not in _IGNORED:
            schema = _end(document, parameter.get("schema") or {})
            yield str(parameter.get("description") or schema.get("description") or "")
    body = _end(document, raw.get("requestBody") or {})
    for media in list(body.get("content", {}).values())[:1]:
        schema = _end(document, media.get("schema") or {})
        for member in (schema.get("properties") or {}).values():
            member = _end(document, member)
            if not member.get("readOnly"):
                yield str(member.get("description") or "")


_IGNORED = ("accept", "authorization", "content-type")


def _said(sentence: str, heard: set[str]) -> bool:
    """Whether four in five words of a sentence are somewhere in the tool."""
    words = set(_WORD.findall(sentence.lower()))
    return len(words & heard) >= 0.8 * len(words)


def _end(document: Json, node: Any) -> Json:
    """The value at the end of references inside the document; nothing for any other."""
    for _ in range(20):
        reference = node.get("$ref") if isinstance(node, dict) else None
        if not isinstance(reference, str):
            return node if isinstance(node, dict) else {}
        if not reference.startswith("#/"):
            return {}
        node = document
        for step in reference[2:].split("/"):
            step = step.replace("~1", "/").replace("~0", "~")
            node = node.get(step, {}) if isinstance(node, dict) else {}
    return {}
