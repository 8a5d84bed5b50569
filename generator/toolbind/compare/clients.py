"""How the clients differ: what their constructors take, and where the API lives.

Imports `changes` and `ir`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from toolbind import ir
from toolbind.compare.changes import Change


def differences(old: ir.Api, new: ir.Api) -> Iterator[Change]:
    before, after = _credentials(old), _credentials(new)
    for name in before:
        if name not in after:
            message = f"the client takes no `{name}` any more"
            yield Change("credential-removed", "", "", name, message)
    for name in after:
        if name not in before:
            yield Change("credential-added", "", "", name, f"the client takes `{name}`")
    yield from _headers(dict(old.headers), dict(new.headers))
    yield from _presets(old, new)
    was, now = _base(old), _base(new)
    if was != now:
        message = f"the API was at {was or 'no known place'} and is at {now or 'no known place'}"
        yield Change("server-changed", "", "", "server", message)


def _headers(old: Mapping[str, str], new: Mapping[str, str]) -> Iterator[Change]:
    for name in sorted(old.keys() | new.keys()):
        if old.get(name) != new.get(name):
            was, now = (repr(each.get(name, "not sent")) for each in (old, new))
            message = f"header {name!r} of every request was {was} and is {now}"
            yield Change("constant-changed", "", "", f"header {name}", message)


def _presets(old: ir.Api, new: ir.Api) -> Iterator[Change]:
    before = {each.name: each.tools for each in old.presets}
    after = {each.name: each.tools for each in new.presets}
    for name in before:
        place = f"preset {name}"
        if name not in after:
            yield Change("preset-removed", "", "", place, f"the preset `{name}` is gone")
        elif before[name] != after[name]:
            message = f"the preset `{name}` holds {_held(before[name], after[name])}"
            yield Change("preset-changed", "", "", place, message)
    for name in after:
        if name not in before:
            tools = f"{len(after[name])} tool{'s' * (len(after[name]) != 1)}"
            message = f"there is a preset `{name}` of {tools}"
            yield Change("preset-added", "", "", f"preset {name}", message)


def _held(old: Sequence[str], new: Sequence[str]) -> str:
    gone = [f"no `{name}`" for name in old if name not in new]
    more = [f"`{name}`" for name in new if name not in old]
    return ", ".join([*more, *gone][:8]) or "its tools in another order"


def _credentials(api: ir.Api) -> dict[str, None]:
    names = [name for scheme in api.schemes for name in scheme.credentials]
    return dict.fromkeys((*names, *(each.name for each in api.bindings)))


def _base(api: ir.Api) -> str:
    return api.servers[0].url if api.servers else ""
