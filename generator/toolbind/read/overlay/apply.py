"""Carrying out the actions of overlays, one after the other, on the tree of a document.

Imports `form`, `merge`, `near`, `query`, `tree`, and `diagnostics`, `parse`, `pointers`, `source`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any, Final
from urllib.parse import unquote, urlsplit

from toolbind.diagnostics import DocumentError, Place, Report
from toolbind.read.overlay.form import Action, Overlay, read_overlay
from toolbind.read.overlay.merge import Allowance, Given, MergeError, TooLargeError, kind, merge
from toolbind.read.overlay.near import guess
from toolbind.read.overlay.query import Location, Query, QueryError
from toolbind.read.overlay.tree import Trace, Working
from toolbind.read.parse import Parsed
from toolbind.read.pointers import MISSING, join
from toolbind.read.source import Source

_KINDS: Final = {dict: "objects", list: "lists", object: "other values"}


@dataclass(frozen=True, slots=True)
class Mended:
    """A document's tree after its overlays. `trace` says who gave each place of it; `texts` are
    the overlays, by their names."""

    value: Any
    trace: Trace
    texts: dict[str, Parsed]

    def origin(self, place: Place) -> Place:
        """A place of the mended tree, as a place of the text that gave it."""
        file, pointer = self.trace.origin(place.pointer)
        return Place(file, pointer)


def mend(document: Source, value: Any, overlays: Sequence[Source], report: Report) -> Mended:
    """The document's tree as its overlays make it. Each is applied to what the one before gave.

    Raises DocumentError, at a place of an overlay, for whatever cannot be done as it is said;
    actions without an effect are told through `report`.
    """
    tree = Working(value, document.name)
    allowance = Allowance()
    texts: dict[str, Parsed] = {}
    for source in overlays:
        overlay = read_overlay(source, report)
        texts[overlay.name] = overlay.parsed
        if overlay.extends and not _names(overlay.extends, document):
            message = f"is made for {overlay.extends!r} and is applied to {document.name!r}"
            report.say("overlay-extends", overlay.place("#/extends"), message)
        for action in overlay.actions:
            _Step(tree, overlay, action, allowance, report).carry_out()
    return Mended(tree.value, tree.trace, texts)


def _names(extends: str, document: Source) -> bool:
    """Whether `extends` can mean the document: a copy elsewhere has the same name."""
    wanted = PurePath(unquote(urlsplit(extends).path)).name
    known = urlsplit(document.url).path if document.url else document.name
    return wanted == PurePath(known.replace("\\", "/")).name


@dataclass(frozen=True, slots=True)
class _Step:
    """One action of one overlay."""

    tree: Working
    overlay: Overlay
    action: Action
    allowance: Allowance
    report: Report

    def carry_out(self) -> None:
        targets = self._select("target", self.action.target)
        if not targets:
            self._tell_unmatched()
            return
        if self.action.remove:
            self._remove(targets)
            return
        if self.action.copy is not None:
            changed = self._merge(targets, self._copied(self.action.copy, targets))
        elif self.action.update is not MISSING:
            pointer = join(self.action.pointer, "update")
            given = Given(self.action.update, self.overlay.name, pointer, is_copy=False)
            changed = self._merge(targets, given)
        else:
            changed = False
        if not changed:
            says_nothing = self.action.update is MISSING and self.action.copy is None
            message = (
                "the action has neither 'update', 'copy' nor 'remove: true'"
                if says_nothing
                else f"the action changes nothing at {self.action.target}: it is so already"
            )
            self.report.say("overlay-unchanged", self._place("target"), message)

    def _select(self, member: str, text: str) -> list[Location]:
        try:
            return Query.of(text).select(self.tree.value)
        except QueryError as error:
            raise self._refusal("overlay-query", f"{text!r}: {error}", member) from None

    def _tell_unmatched(self) -> None:
        reached, step, before = Query.of(self.action.target).reach(self.tree.value)
        message = f"the target matches nothing: {reached} has no {step}{guess(step, before)}"
        self.report.say("overlay-unmatched", self._place("target"), message)

    def _remove(self, targets: list[Location]) -> None:
        if () in targets:
            raise self._refusal("overlay-merge", "the document itself cannot be removed", "target")
        self.tree.remove(targets)

    def _copied(self, text: str, targets: list[Location]) -> Given:
        """The one value that `copy` selects, as it is before the action."""
        found = self._select("copy", text)
        if len(found) != 1:
            message = f"{text!r} selects {len(found) or 'no'} places, and one is to be copied"
            raise self._refusal("overlay-copy", message, "copy")
        source = found[0]
        if any(source == target[: len(source)] for target in targets if target != source):
            message = f"{text!r} is copied into a place inside itself"
            raise self._refusal("overlay-copy", message, "copy")
        if targets == [source]:
            message = f"{text!r} is copied into itself"
            raise self._refusal("overlay-copy", message, "copy")
        value = self.tree.at(source)
        self.tree.share()
        return Given(value, self.overlay.name, join(self.action.pointer, "copy"), is_copy=True)

    def _merge(self, targets: list[Location], given: Given) -> bool:
        kinds = list(dict.fromkeys(kind(self.tree.at(target)) for target in targets))
        if len(kinds) > 1:
            names = " and ".join(_KINDS[each] for each in kinds)
            message = f"the target selects {names}; one action changes places of one kind"
            raise self._refusal("overlay-merge", message, "target")
        try:
            self.allowance.take(given.value, len(targets), 1 + max(map(len, targets)))
            changed = [merge(self.tree, target, given) for target in targets]
        except TooLargeError:
            message = f"the action adds too much: {len(targets)} places get what it says"
            raise self._refusal("overlay-size", message, "target") from None
        except MergeError as error:
            raise self._misfit(given, error) from None
        return any(changed)

    def _misfit(self, given: Given, error: MergeError) -> DocumentError:
        _, pointer = given.source(error.below)
        where = "".join(f"[{token!r}]" for token in error.below)
        message = f"{error.message}, at {self.action.target}{where}"
        return self.report.refuse("overlay-merge", self.overlay.place(pointer), message)

    def _place(self, member: str) -> Place:
        return self.overlay.place(join(self.action.pointer, member))

    def _refusal(self, code: str, message: str, member: str) -> DocumentError:
        return self.report.refuse(code, self._place(member), message)
