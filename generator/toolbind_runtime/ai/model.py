"""What is known about a model, and how its family wants to be asked.

The facts come from `table`; a model that is not listed works by the shape of its answers.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from ..errors import FunctionCallingError, SettingsError
from ..records.exchange import Usage
from .table import (
    DEFAULT_MODEL,
    MODELS,
    OTHER_KINDS,
    WITHOUT_FUNCTION_CALLING,
    Family,
)

__all__ = ["DEFAULT_MODEL", "Habits", "Model", "find_model"]

_EFFORT_ORDER = ("none", "minimal", "low", "medium", "high", "xhigh", "max")


@dataclass(frozen=True, slots=True)
class Habits:
    """How a family takes requests (contract sections 3 and 12).

    `tokens` is the token limit where the caller names none: natives stop at 256 by themselves,
    and reasoning needs room before any call. `choices` are the kinds of tool_choice that it
    takes; without `none` the tools are left out instead. `ids` is what ids of calls must match.
    `turn_after_results`: an empty turn of the assistant stands between a result and a user's turn.
    `refused` are fields that it does not take. `mislabels`: with reasoning off, its text comes
    in a stream as reasoning.
    """

    tokens: int
    choices: frozenset[str] = frozenset({"none", "required", "named"})
    ids: re.Pattern[str] | None = None
    reasons: bool = True
    turn_after_results: bool = False
    refused: frozenset[str] = frozenset()
    mislabels: bool = False

    @property
    def chat_ids(self) -> re.Pattern[str] | None:
        """What ids have to fit in chat form: what a model itself demands, not its schema."""
        return self.ids if self.ids is _NINE_ALONE else None


_NINE = re.compile(r"[0-9A-Za-z]{9}")  # somewhere in the id
_NINE_ALONE = re.compile(r"^[0-9A-Za-z]{9}$")
_NATIVE_CHOICES = frozenset({"required", "named"})
_CHAT = Habits(8192)
_NATIVE = Habits(2048, choices=_NATIVE_CHOICES, ids=_NINE, reasons=False)
_HABITS: Mapping[Family | None, Habits] = {
    "chat": _CHAT,
    "chat+responses": _CHAT,
    "native": _NATIVE,
    "native-nested": _NATIVE,
    "native-in-chat-out": Habits(4096, choices=_NATIVE_CHOICES),
    None: Habits(4096),
}
_EXCEPTIONS: Mapping[str, Habits] = {
    "@cf/zai-org/glm-4.7-flash": replace(_CHAT, choices=frozenset({"none", "named"})),
    # tool_choice is refused, or only `auto` is taken: section 2, not settled
    "@cf/mistralai/mistral-small-3.1-24b-instruct": Habits(
        2048,
        choices=frozenset(),
        ids=_NINE_ALONE,
        reasons=False,
        turn_after_results=True,
        refused=frozenset({"response_format", "chat_template_kwargs"}),
    ),
    "@cf/nvidia/nemotron-3-120b-a12b": replace(_CHAT, mislabels=True),
}


_DOES: Mapping[str, str] = {
    "a decision model": "chooses among a few answers (rank='clef' lets it choose tools)",
    "an extraction model": "fills fields from a text",
}


@dataclass(frozen=True, slots=True)
class Model:
    """A model by name. `family` None: not listed. Prices are US dollars a million tokens.

    `function_calling` is None where nothing is known. `context_window` counts tokens.
    `per_minute` are the requests that an account may send, where they are few; `by_form`: access
    is asked for with a form.
    """

    name: str
    family: Family | None = None
    function_calling: bool | None = None
    context_window: int | None = None
    efforts: tuple[str, ...] = ()
    switches: tuple[str, ...] = ()
    always_reasons: bool = False
    price: tuple[float, float] | None = None
    free_plan: bool | None = None
    deprecated: str = ""
    per_minute: int | None = None
    by_form: bool = False

    @property
    def habits(self) -> Habits:
        return _EXCEPTIONS.get(self.name.removeprefix(PROVIDER)) or _HABITS[self.family]

    @property
    def is_cloudflares(self) -> bool:
        """Whether Cloudflare runs it itself (`@cf/...`), and not its author."""
        return self.name.removeprefix(PROVIDER).startswith("@")

    @property
    def limit_key(self) -> str:
        """How the token limit is called in chat form (section 12, which LC doubts)."""
        return "max_tokens" if self.is_cloudflares else "max_completion_tokens"

    def require_conversation(self) -> None:
        """Raise SettingsError if this is known to be a model of another kind."""
        found = [name for name in OTHER_KINDS if name.endswith(f"/{self.name}")]
        plain = found[0] if found else self.name.removeprefix(PROVIDER)
        kind = OTHER_KINDS.get(plain)
        if kind is not None:
            raise SettingsError(
                f"{self.name} is {kind}, which {_DOES[kind]} and holds no conversation; "
                f"use for example {DEFAULT_MODEL}"
            )

    def require_function_calling(self) -> None:
        """Raise FunctionCallingError if the model is known not to call tools."""
        if self.function_calling is False:
            ended = f" ({self.deprecated})" if self.deprecated else ""
            raise FunctionCallingError(
                f"{self.name} cannot call tools{ended}; use for example {DEFAULT_MODEL}"
            )

    def token_limit(self, wanted: int | None) -> int:
        """The limit to send: the caller's, else the family's within the window."""
        if wanted is not None:
            return wanted
        room = (self.context_window or 1 << 20) // 4
        return min(self.habits.tokens, room)

    def reasoning(self, wanted: bool | str | None) -> dict[str, Any]:
        """Body fields that set the reasoning in chat form (section 3, models' notes).

        None leaves the model's default, False turns it off or as low as can be, True
        turns it on, a string is an effort. Raises SettingsError for an effort that the
        model does not know.
        """
        if wanted is None:
            return {}
        if isinstance(wanted, str):
            if self.efforts and wanted not in self.efforts:
                raise SettingsError(
                    f"{self.name} takes the efforts {', '.join(self.efforts)}, not {wanted!r}"
                )
            return {"reasoning_effort": wanted}
        fields: dict[str, Any] = {}
        if self.switches and (wanted or not self.always_reasons):
            fields["chat_template_kwargs"] = dict.fromkeys(self.switches, wanted)
        if self.efforts and not wanted:
            possible = (
                [e for e in self.efforts if e != "none"] if self.always_reasons else []
            )
            lowest = min(possible or self.efforts, key=_EFFORT_ORDER.index)
            fields["reasoning_effort"] = lowest
        return fields

    def cost(self, usage: Usage) -> float | None:
        """Estimated US dollars for `usage`; None where no price is known."""
        if self.price is None:
            return None
        into, out = self.price
        return (usage.prompt_tokens * into + usage.completion_tokens * out) / 1e6


PROVIDER = "workers-ai/"
"""What a gateway puts before the names of Cloudflare's own models (contract section 1)."""


def find_model(name: str) -> Model:
    """What is known about `name`; unknown models are fine."""
    plain = name.removeprefix(PROVIDER)
    row = MODELS.get(plain)
    if row is None:
        if plain in WITHOUT_FUNCTION_CALLING:
            ended = WITHOUT_FUNCTION_CALLING[plain]
            return Model(name, "native", function_calling=False, deprecated=ended)
        return Model(name)
    price = row.get("price")
    return Model(
        name,
        row["family"],
        function_calling=True,
        context_window=row.get("context_window"),
        efforts=tuple(row.get("efforts", ())),
        switches=tuple(row.get("switches", ())),
        always_reasons=row.get("always_reasons", False),
        price=(price[0], price[1]) if price else None,
        free_plan=row.get("free_plan"),
        deprecated=row.get("deprecated", ""),
        per_minute=row.get("per_minute"),
        by_form=row.get("by_form", False),
    )
