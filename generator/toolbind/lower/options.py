"""What a user can choose about lowering. Imports `diagnostics` for its `Place`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, get_args

from toolbind.diagnostics import Place

Style = Literal["full", "balanced", "brief"]
STYLES: tuple[Style, ...] = get_args(Style)
"""How many of the document's words a tool holds."""

DEFAULT_BUDGET = 1500
"""Tokens that one tool may cost."""


@dataclass(frozen=True, slots=True)
class LowerOptions:
    """Choices that change what is made of a document.

    `include` and `exclude` hold patterns (`document.selection`). `server` is the number, the
    description or the URL of one of the document's servers; empty: the first. `media_types` are
    preferred, in their order, where a body is offered in several. `budget` counts tokens.
    `prose` says how much of the document's words a tool holds: all that the budget allows
    ("full"), all while the tool is small and then what matters ("balanced"), or the first sentence
    of each description ("brief").

    `list_style` is how lists are written where the document does not say: `repeat`, `comma`,
    `brackets` or `indices`; empty: as OpenAPI has it.

    The rest is the short form of `x-toolbind` (`document.curation`): `bind` pairs arguments of the
    document with arguments of the client, `hide` names arguments that are in no tool, `security` is
    a login that is added, `headers` go with every request, `presets` are choices of tools;
    `deprecated` keeps deprecated operations. `places` says where the settings say so, by key
    (`bind.accountId`).
    """

    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    server: str = ""
    media_types: tuple[str, ...] = ()
    budget: int = DEFAULT_BUDGET
    prose: Style = "balanced"
    list_style: str = ""
    bind: tuple[tuple[str, str], ...] = ()
    hide: tuple[str, ...] = ()
    security: str = ""
    headers: tuple[tuple[str, str], ...] = ()
    presets: tuple[tuple[str, Any], ...] = ()
    deprecated: bool = True
    places: Mapping[str, Place] = field(default_factory=dict)
