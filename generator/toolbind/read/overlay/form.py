"""An overlay as its file says it: checked as a whole before any of its actions is carried out.

What is checked is what the schemas of Overlay 1.0 and 1.1 ask for, and that no action says two
things at once. Imports `diagnostics`, `near`, and `limits`, `parse`, `pointers`, `source`,
`versions` of `read`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from toolbind.diagnostics import Place, Report, near_miss
from toolbind.read.limits import MAX_OVERLAY_BYTES
from toolbind.read.parse import Parsed, parse
from toolbind.read.pointers import MISSING, ROOT, join
from toolbind.read.source import Source
from toolbind.read.versions import kind_of

_VERSION = re.compile(r"1\.[01]\.[0-9]+", re.ASCII)

_ROOT_MEMBERS: Final = {"overlay": str, "info": dict, "extends": str, "actions": list}
_INFO_MEMBERS: Final = {"title": str, "version": str, "description": str}
_ACTION_MEMBERS: Final = {
    "target": str,
    "description": str,
    "update": object,
    "copy": str,
    "remove": bool,
}
_SINCE_1_1: Final = frozenset({"copy"})
_KINDS: Final = {str: "text", dict: "an object", list: "a list", bool: "true or false"}


@dataclass(frozen=True, slots=True)
class Action:
    """One action. `update` is MISSING and `copy` None where the overlay has no such member."""

    pointer: str
    target: str
    update: Any = MISSING
    copy: str | None = None
    remove: bool = False


@dataclass(frozen=True, slots=True)
class Overlay:
    """A sound overlay. `extends` is the document that it names, or empty."""

    name: str
    parsed: Parsed
    extends: str
    actions: tuple[Action, ...]

    def place(self, pointer: str = ROOT) -> Place:
        """A place in the overlay's file, with its line and column."""
        line, column = self.parsed.positions([pointer])[pointer]
        return Place(self.name, pointer, line, column)


class _Fault(Exception):  # noqa: N818  a verdict, no failure of ours
    """What is wrong with an overlay, and where."""

    def __init__(self, pointer: str, message: str) -> None:
        super().__init__(message)
        self.pointer = pointer
        self.message = message


def read_overlay(source: Source, report: Report) -> Overlay:
    """The overlay in a file. Raises DocumentError, at its place, for what is none."""
    if len(source.data) > MAX_OVERLAY_BYTES:
        message = f"the overlay has more than {MAX_OVERLAY_BYTES} bytes"
        raise report.refuse("overlay-size", Place(source.name), message)
    parsed = parse(source.data, source.name, report)
    try:
        return _overlay(source.name, parsed)
    except _Fault as fault:
        line, column = parsed.positions([fault.pointer])[fault.pointer]
        place = Place(source.name, fault.pointer, line, column)
        raise report.refuse("overlay-invalid", place, fault.message) from None


def _overlay(name: str, parsed: Parsed) -> Overlay:
    root = parsed.value
    if not isinstance(root, dict):
        raise _Fault(ROOT, f"an overlay is an object, and this is {kind_of(root)}")
    if "overlay" not in root:
        what = next((key for key in ("openapi", "swagger") if key in root), "")
        guess = ": this is an OpenAPI document" if what else ""
        raise _Fault(ROOT, f"no overlay: 'overlay' is missing{guess}")
    version = root["overlay"]
    if not isinstance(version, str) or not _VERSION.fullmatch(version):
        shown = repr(version) if isinstance(version, (str, int, float)) else kind_of(version)
        message = f"'overlay' is {shown}; versions 1.0.x and 1.1.x are known (as text: '1.1.0')"
        raise _Fault(join(ROOT, "overlay"), message)
    _check(root, _ROOT_MEMBERS, ("info", "actions"), ROOT, "an overlay")
    _check(root["info"], _INFO_MEMBERS, ("title", "version"), join(ROOT, "info"), "'info'")
    entries: list[Any] = root["actions"]
    pointer = join(ROOT, "actions")
    if not entries:
        raise _Fault(pointer, "'actions' is empty; an overlay has at least one")
    actions = tuple(
        _action(entry, join(pointer, number), is_1_0=version.startswith("1.0"))
        for number, entry in enumerate(entries)
    )
    _refuse_repetition(entries, pointer)
    return Overlay(name, parsed, root.get("extends", ""), actions)


def _action(entry: Any, pointer: str, *, is_1_0: bool) -> Action:
    if not isinstance(entry, dict):
        raise _Fault(pointer, f"an action is an object, and this is {kind_of(entry)}")
    if is_1_0 and (later := next((key for key in entry if key in _SINCE_1_1), None)):
        message = f"{later!r} is of Overlay 1.1, and this overlay says that it is of 1.0"
        raise _Fault(join(pointer, later), message)
    _check(entry, _ACTION_MEMBERS, ("target",), pointer, "an action")
    if "update" in entry and "copy" in entry:
        raise _Fault(join(pointer, "copy"), "an action has 'update' or 'copy', not both")
    if not entry["target"].startswith("$"):
        message = f"the target {entry['target']!r} does not begin with '$', as JSONPath does"
        raise _Fault(join(pointer, "target"), message)
    return Action(
        pointer,
        entry["target"],
        entry.get("update", MISSING),
        entry.get("copy"),
        entry.get("remove", False),
    )


def _check(
    value: Mapping[str, Any],
    members: Mapping[str, type],
    required: Sequence[str],
    pointer: str,
    what: str,
) -> None:
    """Raises _Fault unless `value` has the required members, and no others but extensions."""
    for key, member in value.items():
        if key.startswith("x-"):
            continue
        if key not in members:
            message = f"{what} has no member {key!r}{near_miss(key, members)}"
            raise _Fault(join(pointer, key), message)
        if not isinstance(member, members[key]):
            quoted = " (in quotes)" if members[key] is str else ""
            message = f"{key!r} is {kind_of(member)}, and must be {_KINDS[members[key]]}{quoted}"
            raise _Fault(join(pointer, key), message)
    for key in required:
        if key not in value:
            raise _Fault(pointer, f"{what} must have {key!r}")


def _refuse_repetition(entries: Sequence[Any], pointer: str) -> None:
    """Actions that are equal are one too many: the second does nothing, or doubles lists."""
    seen: dict[str, int] = {}
    for number, entry in enumerate(entries):
        spelt = json.dumps(entry, sort_keys=True)
        if spelt in seen:
            message = f"the action is the same as number {seen[spelt] + 1}"
            raise _Fault(join(pointer, number), message)
        seen[spelt] = number
