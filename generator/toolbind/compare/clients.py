"""How the clients differ: what their constructors take, and where the API lives.

Imports `changes` and `ir`.
"""

from __future__ import annotations

from collections.abc import Iterator

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
    was, now = _base(old), _base(new)
    if was != now:
        message = f"the API was at {was or 'no known place'} and is at {now or 'no known place'}"
        yield Change("server-changed", "", "", "server", message)


def _credentials(api: ir.Api) -> dict[str, None]:
    names = [name for scheme in api.schemes for name in scheme.credentials]
    return dict.fromkeys((*names, *(each.name for each in api.bindings)))


def _base(api: ir.Api) -> str:
    return api.servers[0].url if api.servers else ""
