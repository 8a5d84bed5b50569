"""Which words of a tool go so that it stays small: whole sentences, in the order of their worth.

    words = Words("balanced")
    words.tidied(tool)                   # without what says nothing
    words.trimmed(tool, tokens)          # without plain sentences, until it is small
    unsaid(before, after)                # the sentences that one tool says and the other does not

`tool` is `{"name", "description", "parameters"}`; results share what did not change. Imports
`options`, `tokens`, `shorten` and `text.worth`.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, TypedDict

from toolbind.lower.fit.shorten import ADDED, Schema, clip, described, rewritten
from toolbind.lower.fit.tokens import cost
from toolbind.lower.options import Style
from toolbind.lower.text.worth import Worth, joined, split, vocabulary, worth

AIM = 300
"""Tokens under which a tool says all that its document says."""

_LENGTHS = (300, 160, 100)
"""Characters of the first sentence where descriptions are to be brief: of the operation, of an
argument, of what is inside one."""

Path = tuple[str, ...]
"""Steps from an argument to a description inside it."""

OPERATION = ""
"""Stands for the operation among the names of its arguments."""


class Tool(TypedDict):
    """A function-calling tool."""

    name: str
    description: str
    parameters: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Said:
    """A sentence of a tool: in the description of which argument, where in it, the how manieth."""

    holder: str
    path: Path
    number: int
    text: str
    worth: Worth


class Words:
    """Chooses among the sentences of the tools of one document."""

    def __init__(self, style: Style, limit: int) -> None:
        """`limit` is the budget of a tool, in tokens."""
        self._style = style
        self._aim = limit if style == "full" else min(AIM, limit)
        self._tidied: dict[tuple[str, int], tuple[Schema, Schema]] = {}
        self._cuts: dict[tuple[int, object], tuple[Schema, Schema]] = {}
        self._restored: dict[tuple[int, str], tuple[Schema, Schema]] = {}
        self._plain: dict[tuple[str, int], tuple[Schema, tuple[Said, ...]]] = {}

    def tidied(self, tool: Tool) -> Tool:
        """The tool without sentences that say nothing; where words are to be brief, with the first
        sentence of each description alone."""
        if self._style == "full":
            return tool
        choose = self._first if self._style == "brief" else _telling
        description = choose(tool["description"], tool["name"], 0)
        return _changed(tool, description, lambda name, each: self._argument(name, each, choose))

    def _argument(
        self, name: str, schema: Schema, choose: Callable[[str, str, int], str]
    ) -> Schema:
        known = self._tidied.get((name, id(schema)))
        if known is None:

            def change(path: Path, text: str) -> str:
                return choose(text, _named(name, path), 2 if path else 1)

            known = schema, rewritten(schema, change)  # holding the schema makes its id a name
            self._tidied[name, id(schema)] = known
        return known[1]

    @staticmethod
    def _first(text: str, _name: str, rank: int) -> str:
        prefix, sentences = split(text)
        kept = (clip(each, _LENGTHS[rank]) for each in sentences[:1])
        return joined((prefix, *kept), ended=rank == 0)

    def trimmed(self, tool: Tool, tokens: float) -> Tool:
        """The tool with plain sentences left out until it is small, or none is left: first what is
        inside optional arguments, last what is said of the operation."""
        excess = tokens - self._aim
        if excess <= 0:
            return tool
        gone: dict[str, dict[Path, set[int]]] = {}
        for each in self._in_order(tool):
            if excess <= 0:
                break
            gone.setdefault(each.holder, {}).setdefault(each.path, set()).add(each.number)
            excess -= cost(f" {each.text}")
        return self._without(tool, gone)

    def _without(self, tool: Tool, gone: Mapping[str, Mapping[Path, set[int]]]) -> Tool:
        """The tool without sentences: by argument, place in it, and number."""

        def change(name: str, schema: Schema) -> Schema:
            places = gone.get(name)
            return schema if places is None else self._cut(schema, places)

        of_operation = gone.get(OPERATION, {}).get((), ())
        return _changed(tool, _left(tool["description"], of_operation, ended=True), change)

    def _cut(self, schema: Schema, places: Mapping[Path, set[int]]) -> Schema:
        """The same object for the same cut: operations share arguments, and what is made of them
        is remembered by what they are."""
        key = id(schema), frozenset((path, frozenset(each)) for path, each in places.items())
        known = self._cuts.get(key)
        if known is None:
            known = schema, rewritten(schema, lambda path, text: _left(text, places.get(path, ())))
            self._cuts[key] = known
        return known[1]

    def restored(self, schema: Schema, whole: Schema) -> Schema:
        """A shortened argument with all that was said of it, and what shortening has added."""
        prefix, said = split(whole["description"])
        added = [each for each in split(schema["description"])[1] if each.startswith(ADDED)]
        text = joined((prefix, *said, *added))
        if text == schema["description"]:
            return schema
        known = self._restored.get((id(schema), text))
        if known is None:
            known = schema, {**schema, "description": text}
            self._restored[id(schema), text] = known
        return known[1]

    def _in_order(self, tool: Tool) -> list[Said]:
        """The sentences that may go: none that limits, and no description's first one. Those that
        are missed least come first."""
        required = tool["parameters"]["required"]
        plain = [
            each
            for name, schema in tool["parameters"]["properties"].items()
            for each in self._of_argument(name, schema)
        ]
        plain += _plain_of(_of_text(OPERATION, (), tool["description"], tool["name"]))

        def missed(each: Said) -> tuple[object, ...]:
            holder = each.holder
            return each.worth, holder == OPERATION, not each.path, holder in required, -each.number

        return sorted(plain, key=missed)

    def _of_argument(self, name: str, schema: Schema) -> tuple[Said, ...]:
        known = self._plain.get((name, id(schema)))
        if known is None:
            said = (
                each
                for path, text in described(schema)
                for each in _of_text(name, path, text, _named(name, path))
            )
            known = schema, tuple(_plain_of(said))  # holding the schema makes its id a name
            self._plain[name, id(schema)] = known
        return known[1]


def _plain_of(said: Iterable[Said]) -> Iterator[Said]:
    """The sentences that may go."""
    return (each for each in said if each.number and each.worth is not Worth.LIMIT)


def _changed(tool: Tool, description: str, change: Callable[[str, Schema], Schema]) -> Tool:
    properties = tool["parameters"]["properties"]
    changed = {name: change(name, each) for name, each in properties.items()}
    if description == tool["description"] and all(
        each is properties[name] for name, each in changed.items()
    ):
        return tool
    parameters = {**tool["parameters"], "properties": changed}
    return {"name": tool["name"], "description": description, "parameters": parameters}


def _left(text: str, numbers: Collection[int], *, ended: bool = False) -> str:
    """A description without some of its sentences."""
    if not numbers:
        return text
    prefix, sentences = split(text)
    kept = (sentence for index, sentence in enumerate(sentences) if index not in numbers)
    return joined((prefix, *kept), ended=ended)


def _telling(text: str, name: str, rank: int) -> str:
    """The text without the sentences about HTTP, but for one where there is no other; an
    operation's without those that repeat its first one either."""
    prefix, sentences = split(text)
    if len(sentences) < 2:
        return text
    told = [each for each in sentences if worth(each, frozenset())] or list(sentences[:1])
    if rank == 0:
        told = _unrepeated(told, vocabulary(name))
    if len(told) == len(sentences):
        return text
    return joined((prefix, *told), ended=rank == 0)


def _unrepeated(sentences: list[str], known: frozenset[str]) -> list[str]:
    """The first sentence, and those that add to what stands before them; not the first one if the
    next says the same, and more."""
    first, *rest = sentences
    known |= vocabulary(first)
    kept = []
    for sentence in rest:
        if worth(sentence, known):
            kept.append(sentence)
        known |= vocabulary(sentence)
    return kept if kept and _is_said_by(first, kept[0]) else [first, *kept]


def _is_said_by(sentence: str, other: str) -> bool:
    """Whether the other one says the same with more words: it begins alike, or the sentence is no
    more than the name of a function, which frameworks make a title of (`Get Ticket`)."""
    if worth(sentence, vocabulary(other)) is not Worth.NOTHING:
        return False
    first = sentence.split(" ", 1)[0].casefold()
    return first == other.split(" ", 1)[0].casefold() or (
        sentence.istitle() and worth(other, frozenset()) is Worth.PLAIN
    )


def _of_text(holder: str, path: Path, text: str, name: str) -> Iterator[Said]:
    known = vocabulary(name)
    for number, sentence in enumerate(split(text)[1]):
        yield Said(holder, path, number, sentence, worth(sentence, known))


def _named(argument: str, path: Path) -> str:
    """The name of the innermost member on the way, else the argument's."""
    members = [step for before, step in pairwise(path) if before == "properties"]
    return members[-1] if members else argument


def unsaid(before: Tool, after: Tool) -> Iterator[Said]:
    """The sentences of one tool that the other does not hold any more."""
    old, new = (each["parameters"]["properties"] for each in (before, after))
    yield from _missing(OPERATION, before["description"], after["description"], before["name"])
    for name, schema in old.items():
        if schema is not new[name]:
            heard = "\n".join(text for _, text in described(new[name]))
            for path, text in described(schema):
                yield from _missing(name, text, heard, _named(name, path), path)


def _missing(holder: str, text: str, heard: str, name: str, path: Path = ()) -> Iterator[Said]:
    if text not in heard:
        for said in _of_text(holder, path, text, name):
            if said.text.rstrip(".") not in heard:
                yield said
