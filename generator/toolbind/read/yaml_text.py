"""YAML text to plain JSON values, in one pass over the events of PyYAML's C parser.

No node graph is built. The pass keeps where each event starts and which event follows its value,
eight bytes an event, so that places are found later without reading again. What JSON does not
know is refused: tags, keys that are not text, several documents, values that contain themselves.
Aliases share their value and are charged for what they add. Imports `faults`, `json_faults`,
`limits`, `positions`, `yaml_scalars`; the only user of PyYAML.
"""

from __future__ import annotations

import re
from array import array
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final, Protocol

import yaml
from yaml.cyaml import CParser  # type: ignore[attr-defined]  # stubs hide it

from toolbind.read.faults import ParseError
from toolbind.read.json_faults import duplicate_key, not_a_number, too_deep
from toolbind.read.limits import (
    MAX_ALIAS_CHARACTERS,
    MAX_ALIAS_NODES,
    MAX_DEPTH,
    MAX_DIRECTIVES,
)
from toolbind.read.positions import Wanted
from toolbind.read.yaml_scalars import TAGGED, NotJsonError, plain

BAD_ESCAPE: Final = "invalid Unicode character escape code"
"""What the parser says about escapes of surrogates, whole pairs included."""

_MERGE: Final = "<<"
_DIRECTIVE = re.compile(r"[\r\n]%")
_MAP_TAGS = frozenset({None, "!", "tag:yaml.org,2002:map"})
_SEQ_TAGS = frozenset({None, "!", "tag:yaml.org,2002:seq"})


class _Mark(Protocol):
    @property
    def index(self) -> int: ...


class _Event(Protocol):
    """What is used of PyYAML's events. Each kind of event has some of it."""

    start_mark: _Mark
    end_mark: _Mark
    anchor: str | None
    tag: str | None
    implicit: tuple[bool, bool]
    value: str


@dataclass(slots=True)
class _Anchor:
    """A value that aliases may repeat, and what each repetition costs."""

    value: Any
    event: int
    nodes: int = 1
    characters: int = 0
    is_open: bool = False


@dataclass(slots=True)
class _Frame:
    """A collection whose end has not been read yet. `order` is kept once a merge key was seen."""

    value: dict[str, Any] | list[Any]
    event: int
    anchor: _Anchor | None
    key: str | None = None
    is_merge: bool = False
    order: list[str | None] | None = None
    merges: list[Any] = field(default_factory=list)


@dataclass(slots=True)
class Layout:
    """Where the events of a text stand: `starts` in characters, `after` the event that follows the
    whole value. `aliases` leads from an alias to what it repeats; `orders` has the keys of mappings
    with merge keys as they are written, None for a merge key."""

    starts: array[int] = field(default_factory=lambda: array("I"))
    after: array[int] = field(default_factory=lambda: array("I"))
    aliases: dict[int, int] = field(default_factory=dict)
    orders: dict[int, list[str | None]] = field(default_factory=dict)

    def add(self, index: int) -> int:
        """A new event; gives its number."""
        event = len(self.starts)
        self.starts.append(index)
        self.after.append(event + 1)
        return event


def parse(text: str) -> tuple[Any, Layout]:
    """The value of a YAML text, None if it is empty. Raises ParseError."""
    _refuse_directives(text)
    builder = _Builder()
    try:
        builder.build(CParser(text))
    except yaml.reader.ReaderError as error:
        character = len(text.encode()[: error.position].decode(errors="ignore"))
        raise ParseError("document-syntax", f"not YAML: {error.reason}", character) from None
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        parts = filter(None, (error.problem, error.context))
        index = mark.index if mark else 0
        message = f"not YAML: {' '.join(parts)}"
        if text[index : index + 1] == "\t":
            message = "a tab in the place of indentation: YAML is indented with spaces alone"
        raise ParseError("document-syntax", message, index) from None
    return builder.value, builder.layout


def _refuse_directives(text: str) -> None:
    """Nobody writes so many directives; the parser's time grows with their square."""
    if text.count("\n%") + text.count("\r%") <= MAX_DIRECTIVES:
        return
    index = [match.start() + 1 for match in _DIRECTIVE.finditer(text)][MAX_DIRECTIVES]
    message = f"more than {MAX_DIRECTIVES} lines begin with %, which are directives"
    raise ParseError("document-syntax", message, index)


class _Builder:
    """Takes events one by one; `value` is the document's value once the stream has ended."""

    def __init__(self) -> None:
        self.value: Any = None
        self.layout = Layout()
        self._documents = 0
        self._top: _Frame | None = None
        self._outer: list[_Frame | None] = []
        self._anchors: dict[str, _Anchor] = {}
        self._keys: dict[str, str] = {}  # one string for all keys that are spelt the same
        self._extra_nodes = 0
        self._extra_characters = 0

    def build(self, parser: CParser) -> None:
        take: dict[type, Callable[[_Event], None]] = {
            yaml.ScalarEvent: self._scalar,
            yaml.MappingStartEvent: self._mapping,
            yaml.SequenceStartEvent: self._sequence,
            yaml.MappingEndEvent: self._end_mapping,
            yaml.SequenceEndEvent: self._end,
            yaml.AliasEvent: self._alias,
            yaml.DocumentStartEvent: self._document,
        }
        get_event: Callable[[], Any] = parser.get_event
        while (event := get_event()) is not None:
            handle = take.get(type(event))
            if handle is not None:
                handle(event)

    def _document(self, event: _Event) -> None:
        self._documents += 1
        if self._documents > 1:
            message = "a second YAML document begins here; one is allowed"
            raise ParseError("document-syntax", message, event.start_mark.index)

    # --- scalars --------------------------------------------------------------------------------

    def _scalar(self, event: _Event) -> None:
        text: str = event.value
        top = self._top
        number = self.layout.add(event.start_mark.index)
        value: Any = text
        if event.tag is not None:
            value = self._tagged(event)
        elif event.implicit[0]:
            try:
                value = plain(text)
            except NotJsonError:
                raise not_a_number(text, event.start_mark.index) from None
        if top is not None and top.key is None and type(top.value) is dict:
            self._key(top, event)
            value = text
        else:
            self._put(value)
        if event.anchor is not None:
            self._anchors[event.anchor] = _Anchor(value, number, 1, len(text))

    def _tagged(self, event: _Event) -> Any:
        convert = TAGGED.get(event.tag or "!")
        if convert is None:
            raise _refused_tag(event)
        try:
            return convert(event.value)
        except NotJsonError:
            message = f"{event.value!r} is not what its tag {event.tag!r} says"
            raise ParseError("document-tag", message, event.start_mark.index) from None

    def _key(self, top: _Frame, event: _Event) -> None:
        key = self._keys.setdefault(event.value, event.value)
        top.is_merge = key == _MERGE and event.implicit[0]
        if top.is_merge and top.order is None:
            top.order = list(top.value)
        elif not top.is_merge and key in top.value:
            raise duplicate_key(key, event.start_mark.index)
        top.key = key

    def _put(self, value: Any) -> None:
        top = self._top
        if top is None:
            self.value = value
        elif isinstance(top.value, list):
            top.value.append(value)
        else:
            key, top.key = top.key or "", None
            if top.is_merge:
                top.merges.append(value)
            else:
                top.value[key] = value
            if top.order is not None:
                top.order.append(None if top.is_merge else key)

    # --- collections ----------------------------------------------------------------------------

    def _mapping(self, event: _Event) -> None:
        self._start(event, {}, _MAP_TAGS)

    def _sequence(self, event: _Event) -> None:
        self._start(event, [], _SEQ_TAGS)

    def _start(
        self,
        event: _Event,
        value: dict[str, Any] | list[Any],
        tags: frozenset[str | None],
    ) -> None:
        self._refuse_as_key(event)
        if event.tag not in tags:
            raise _refused_tag(event)
        if len(self._outer) >= MAX_DEPTH:
            raise too_deep(event.start_mark.index)
        number = self.layout.add(event.start_mark.index)
        self._put(value)
        anchor = None
        if event.anchor is not None:
            costs = (number + self._extra_nodes, self._extra_characters + event.start_mark.index)
            anchor = self._anchors[event.anchor] = _Anchor(value, number, *costs, is_open=True)
        self._outer.append(self._top)
        self._top = _Frame(value, number, anchor)

    def _end_mapping(self, event: _Event) -> None:
        top = self._top
        if top is not None and top.order is not None:
            self.layout.orders[top.event] = top.order
            self._merge(top, event)
        self._end(event)

    def _end(self, event: _Event) -> None:
        top = self._top
        assert top is not None  # the parser pairs starts and ends
        self.layout.after[top.event] = number = len(self.layout.starts)
        if top.anchor is not None:
            top.anchor.nodes = number + self._extra_nodes - top.anchor.nodes
            end = event.end_mark.index + self._extra_characters
            top.anchor.characters = end - top.anchor.characters
            top.anchor.is_open = False
        self._top = self._outer.pop()

    def _merge(self, top: _Frame, event: _Event) -> None:
        """Add the members of merge keys: own ones win, then those of earlier sources."""
        own: dict[str, Any] = top.value  # type: ignore[assignment]  # a mapping ends here
        for merged in top.merges:
            for source in merged if isinstance(merged, list) else [merged]:
                if not isinstance(source, dict):
                    message = "a merge key takes a mapping, or a list of mappings"
                    raise ParseError("document-key", message, event.start_mark.index)
                for name, member in source.items():
                    own.setdefault(name, member)

    # --- aliases --------------------------------------------------------------------------------

    def _alias(self, event: _Event) -> None:
        self._refuse_as_key(event)
        index = event.start_mark.index
        anchor = self._anchors.get(event.anchor or "")
        if anchor is None:
            raise ParseError(
                "document-alias", f"nothing is named {event.anchor!r} before here", index
            )
        if anchor.is_open:
            raise ParseError("document-alias", f"{event.anchor!r} contains itself", index)
        self._extra_nodes += anchor.nodes
        self._extra_characters += anchor.characters
        if self._extra_nodes > MAX_ALIAS_NODES or self._extra_characters > MAX_ALIAS_CHARACTERS:
            message = f"aliases up to here add more than {MAX_ALIAS_NODES} values, or too much text"
            raise ParseError("document-alias", message, index)
        self.layout.aliases[self.layout.add(index)] = anchor.event
        self._put(anchor.value)

    def _refuse_as_key(self, event: _Event) -> None:
        top = self._top
        if top is not None and top.key is None and isinstance(top.value, dict):
            raise ParseError("document-key", "a key must be plain text", event.start_mark.index)


def _refused_tag(event: _Event) -> ParseError:
    message = f"the tag {event.tag!r} does not belong here; JSON has no such values"
    return ParseError("document-tag", message, event.start_mark.index)


def locate(value: Any, layout: Layout, wanted: Wanted) -> None:
    """Fill in where the wanted values of a parsed text stand; merged members have no place."""
    todo: list[tuple[Wanted, Any, int]] = [(wanted, value, 0)] if layout.starts else []
    while todo:
        here, value, event = todo.pop()
        here.index = layout.starts[event]
        if not here.children:
            continue
        event = layout.aliases.get(event, event)
        at = event + 1
        if isinstance(value, list):
            for number, element in enumerate(value):
                if (child := here.children.get(str(number))) is not None:
                    todo.append((child, element, at))
                at = layout.after[at]
        elif isinstance(value, dict):
            for key in layout.orders.get(event) or value:
                at += 1
                if key is not None and (child := here.children.get(key)) is not None:
                    todo.append((child, value[key], at))
                at = layout.after[at]
