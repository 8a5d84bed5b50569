"""What earlier runs worked out, so that only what has changed is worked out again.

A memory keeps bytes by keys. What it gives back is believed only where it is whole and fits: every
entry names the places of the document that were read for it, with a digest of what stood there. So
any memory gives the output that none gives, and one that is lost, full, of another document or
damaged costs time only. What it must not be is forged: whoever gives `generate` a memory answers
for who may write to it. Imports `diagnostics`, `ir`, `lower`, `present`, `program`, `read` and
`typerefs`.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any, Protocol

from toolbind import ir, typerefs
from toolbind.codes import CODES
from toolbind.diagnostics import Diagnostic, Place
from toolbind.entrydata import (
    SEAL,
    decoded,
    encoded,
    entry_data,
    entry_of,
    finding,
    finding_data,
    names_of,
    share,
    share_data,
    skipped,
    skipped_data,
)
from toolbind.lower import Found, Lowering, Root, Settled
from toolbind.lower.document.curation import Share
from toolbind.lower.schemas import Either, Joined, parts_of
from toolbind.present import Definition, Entry
from toolbind.present.literals import Source
from toolbind.program import program_digest
from toolbind.read import Document, Node, ReferenceFailure
from toolbind.read.nodes import Layered
from toolbind.read.pointers import MISSING
from toolbind.read.trace import Account
from toolbind.read.versions import METHODS

_OPERATIONS = frozenset((*METHODS["3.2"], "additionalOperations"))

_EITHER = "anyOf"
"""Marks a root that is several alternatives; pointers begin with a number sign."""


class Memory(Protocol):
    """Bytes by keys of 32 bytes. It may forget anything at any time."""

    def get(self, key: bytes) -> bytes | None: ...

    def put(self, key: bytes, value: bytes) -> None: ...


@dataclass(frozen=True, slots=True)
class Kept:
    """An operation as it was worked out and printed before.

    `fit` is a digest of all that it has from other operations, such as names of types;
    `share` is what it brings to the whole; it and `entry` are None where it was skipped.
    `finished` are the findings of finishing it.
    """

    account: Account
    roots: tuple[Root, ...]
    skipped: ir.Skipped | None
    fit: str
    share: Share | None
    entry: Entry | None
    finished: tuple[Diagnostic, ...]


@dataclass(frozen=True, slots=True)
class KeptTypes:
    """The types of all operations: as they were settled, and as they are printed."""

    settled: Settled
    definitions: tuple[Definition, ...]


class Recall:
    """The entries of one document's operations."""

    def __init__(self, memory: Memory, lowering: Lowering) -> None:
        self._memory = memory
        self._lowering = lowering
        self._digests = _Digests(lowering.document)
        self._root = lowering.document.root
        self._ground = digest(program_digest(), lowering.ground)

    def find(self, found: Found) -> Kept | None:
        """What is known of an operation, if all that it was made from is as it was."""
        key = self._key(found)
        return decoded(self._memory.get(key), key, lambda data: self._kept(found, data))

    def keep(self, found: Found, kept: Kept) -> None:
        """Remember an operation, unless it hangs on other files or on what no pointer leads to."""
        places = self._own_places(kept.account)
        parts = [each for root in kept.roots for each in parts_of(root[0])]
        if places is None or not all(map(self._stands, parts)):
            return
        if any(each.file != self._root.file for each in (found.node, *_layers(found.item))):
            return
        entry = kept.entry
        data = {
            "places": sorted(places),
            "read": self._read(found, places),
            "found": [finding_data(each) for each in kept.account.findings],
            "roots": [_spelt(each) for each in kept.roots],
            "fit": kept.fit,
            "marks": list(kept.account.marks),
            "share": share_data(kept.share),
            "finished": [finding_data(each) for each in kept.finished],
            "skipped": skipped_data(kept.skipped),
            "entry": None if entry is None else entry_data(entry),
        }
        key = self._key(found)
        self._memory.put(key, encoded(key, data))

    def find_types(self, several: Sequence[Sequence[Root]]) -> KeptTypes | None:
        """The types of all operations, if all that they were made from is as it was."""
        key = _hash(self._ground, "types")
        return decoded(self._memory.get(key), key, lambda data: self._types(several, data))

    def keep_types(self, several: Sequence[Sequence[Root]], kept: KeptTypes) -> None:
        """Remember the types of all operations, unless they hang on other files."""
        settled = kept.settled
        places = self._own_places(settled.account)
        parts = [part for each in several for root in each for part in parts_of(root[0])]
        if places is None or not all(map(self._stands, parts)):
            return
        key = _hash(self._ground, "types")
        data = {
            "places": sorted(places),
            "read": self._read_types(several, places),
            "found": [finding_data(each) for each in settled.account.findings],
            "wanted": [_spelt(each) for each in settled.wanted],
            "references": [typerefs.data(each) for each in settled.references],
            "failures": [
                [number, each.code, each.place.file, each.place.pointer, each.message]
                for number, each in settled.failures.items()
            ],
            "definitions": [[each.source, sorted(each.names)] for each in kept.definitions],
        }
        self._memory.put(key, encoded(key, data))

    def _read_types(self, several: Sequence[Sequence[Root]], places: Iterable[str]) -> str:
        spelt = json.dumps([[_spelt(root) for root in each] for each in several])
        read = {part.pointer for each in several for root in each for part in parts_of(root[0])}
        read.update(places)
        own = (text for each in sorted(read) for text in (each, self._digests.of(each)))
        return digest(spelt, *self._lowering.ground_of_types, "", *own)

    def _types(self, several: Sequence[Sequence[Root]], data: Any) -> KeptTypes | None:
        places = [str(each) for each in data["places"]]
        if data["read"] != self._read_types(several, places):
            return None
        own = self._root.file
        found = [finding(each) for each in data["found"]]
        wanted = tuple(self._rooted(each) for each in data["wanted"])
        references = tuple(typerefs.made(each) for each in data["references"])
        failures = {
            int(number): ReferenceFailure(str(code), Place(str(file), str(at)), str(message))
            for number, code, file, at, message in data["failures"]
        }
        definitions = tuple(
            Definition(Source(str(text)), names_of(names)) for text, names in data["definitions"]
        )
        if len(references) != len(wanted) or not all(
            each.code in CODES for each in failures.values()
        ):
            return None
        account = Account({(own, each) for each in places}, {}, found)
        return KeptTypes(Settled(wanted, references, failures, (), account), definitions)

    # --- what an entry hangs on ------------------------------------------------------------------

    def _key(self, found: Found) -> bytes:
        return _hash(self._ground, found.method, found.path, found.name)

    def _read(self, found: Found, places: Iterable[str]) -> str:
        """A digest of everything in the document that an operation was made from."""
        return digest(
            found.node.pointer,
            json.dumps(found.node.value),
            json.dumps([each.pointer for each in _layers(found.item)]),
            json.dumps([_beside(each) for each in _layers(found.item)]),
            *(text for each in sorted(places) for text in (each, self._digests.of(each))),
        )

    def _own_places(self, account: Account) -> list[str] | None:
        """The pointers of what was read; None if other files were."""
        own = self._root.file
        if all(file == own for file, _ in account.places):
            return [pointer for _, pointer in account.places]
        return None

    def _stands(self, node: Node) -> bool:
        """Whether a node is what stands at its place: some are made up on the way."""
        return node.file == self._root.file and self._digests.value(node.pointer) is node.value

    def _kept(self, found: Found, data: Any) -> Kept | None:
        places = [str(each) for each in data["places"]]
        if data["read"] != self._read(found, places):
            return None
        own = self._root.file
        account = Account(
            {(own, each) for each in places},
            {(str(kind), str(what), *map(str, more)): None for kind, what, *more in data["marks"]},
            [finding(each) for each in data["found"]],
        )
        entry = data["entry"]
        return Kept(
            account,
            tuple(self._rooted(each) for each in data["roots"]),
            skipped(data["skipped"]),
            str(data["fit"]),
            share(found.candidate, data["share"]),
            None if entry is None else entry_of(entry),
            tuple(finding(each) for each in data["finished"]),
        )

    def _rooted(self, data: Any) -> Root:
        pointers, direction = data
        either = pointers[:1] == [_EITHER]
        nodes = [self._node(str(each)) for each in pointers[either:]]
        if direction not in ("request", "response") or not nodes:
            raise ValueError("no direction")
        first = nodes[0]
        if len(nodes) == 1:
            return first, direction
        kind, keyword = (Either, "anyOf") if either else (Joined, "allOf")
        value = {keyword: [each.value for each in nodes]}
        return kind(value, first.pointer, first.file, tuple(nodes)), direction

    def _node(self, pointer: str) -> Node:
        value = self._digests.value(pointer)
        if value is MISSING:
            raise ValueError("nothing stands there")
        return Node(value, pointer, self._root.file)


class _Digests:
    """Digests of values of one document, each made once."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._known: dict[str, str] = {}

    def value(self, pointer: str) -> Any:
        return self._document.value(pointer)

    def of(self, pointer: str) -> str:
        known = self._known.get(pointer)
        if known is None:
            value = self.value(pointer)
            known = "" if value is MISSING else digest(json.dumps(value))
            self._known[pointer] = known
        return known


def digest(*texts: str) -> str:
    """One digest of several texts, in hexadecimal digits."""
    return _hash(*texts).hex()


def _hash(*texts: str) -> bytes:
    total = blake2b(digest_size=SEAL)
    for text in texts:
        data = text.encode("utf-8", "surrogatepass")
        total.update(len(data).to_bytes(8, "big"))
        total.update(data)
    return total.digest()


def _layers(item: Node) -> Sequence[Node]:
    """A path item, or those that make it up."""
    return item.layers if isinstance(item, Layered) else (item,)


def _beside(item: Node) -> dict[str, Any]:
    """What a path item holds beside operations."""
    return {key: each for key, each in item.value.items() if key not in _OPERATIONS}


def _spelt(root: Root) -> list[Any]:
    """Its pointers and direction; `_EITHER` goes before those of which one counts."""
    how = [_EITHER] if isinstance(root[0], Either) else []
    return [[*how, *(each.pointer for each in parts_of(root[0]))], root[1]]
