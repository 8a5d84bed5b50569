"""What a user can choose about lowering. Imports nothing from the package."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

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
    """

    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    server: str = ""
    media_types: tuple[str, ...] = ()
    budget: int = DEFAULT_BUDGET
    prose: Style = "balanced"
