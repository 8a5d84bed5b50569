"""What can be asked of a run, checked and put together before anything is sent."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Awaitable, Callable, Generator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, TypeAlias, TypedDict

from ..ai.checks import require_number
from ..ai.model import Model
from ..ai.streaming import Piece
from ..basics.nearest import require_known
from ..errors import SettingsError
from ..records.exchange import Answer, Message, Question, ToolChoice
from ..records.run import ApprovalRequest
from .approval import Approve, Decision
from .events import Event
from .found import FoundTools, Rank, Road
from .history import begin
from .limits import Limits
from .loop import Conversation
from .offering import bounds_of, offer, require_room
from .toolset import Toolset
from .wishes import Turn

logger = logging.getLogger("toolbind.run")

PrepareHook: TypeAlias = Callable[[Turn], "Turn | Awaitable[Turn | None] | None"]
EventHook: TypeAlias = Callable[[Event], "Awaitable[None] | None"]


class RunOptions(TypedDict, total=False):
    """Options of `run` and `arun`, with their defaults.

    A limit that is reached ends the run with a `stop_reason` of its name; before the run
    ends for turns, calls or repetition the model gives a last answer without tools.
    """

    approve: Approve  # "reads": what only reads may run; see `approval`
    system: str | None  # a system message in front, if the messages have none
    tool_choice: ToolChoice  # "auto"; of the first turn
    text_calls: bool  # False; True: an answer whose whole text is a call is one
    max_tools: int  # 24: of whole APIs more are found first, see `found`
    max_tool_tokens: int  # 8,000: likewise
    finder: Road  # "offer" found tools from the next turn on, or "call" by call_tool
    rank: Rank  # "words", or "clef": the decision model chooses what fits
    max_turns: int  # 8 answers of the model
    max_calls: int  # 32 calls that run
    max_calls_per_turn: int  # 16 calls of one answer
    max_total_tokens: int | None  # None: no bound
    max_cost: float | None  # US dollars; needs a model with a price
    timeout: float | None  # seconds for the whole run
    call_timeout: float | None  # seconds for one call
    parallel: int  # 4 calls at once, in `arun`
    repeats: int  # 3: the call that is not run, if it and its result stay the same
    on_event: EventHook | None  # is told everything that happens
    prepare: PrepareHook | None  # sees and may change each turn before it is sent
    session: str | None  # id for session affinity; None: a new one for each run
    fields: Mapping[str, Any] | None  # further fields of every request to the model


RUN_OPTIONS = (
    *("ai", "client", "tools", "stream"),
    *RunOptions.__annotations__,
)
"""Every keyword argument of `run` and `arun`."""

ELSEWHERE = (
    "settings of the model go into ai=WorkersAI(...), fields of its requests "
    "into fields={...}"
)


class AI(Protocol):
    """What `run` needs of the model's side; `WorkersAI` is one."""

    @property
    def model(self) -> Model: ...
    def ask(self, question: Question, *, deadline: float | None = None) -> Answer: ...
    def stream(
        self, question: Question, *, deadline: float | None = None
    ) -> Generator[Piece | Answer, None, None]: ...


class AsyncAI(Protocol):
    """What `arun` needs; `AsyncWorkersAI` and the client of a Worker's binding are."""

    @property
    def model(self) -> Model: ...
    async def ask(
        self, question: Question, *, deadline: float | None = None
    ) -> Answer: ...
    def stream(self, question: Question, *, deadline: float | None = None) -> Any: ...


@dataclass(frozen=True, slots=True)
class Hooks:
    """The caller's own functions of a run."""

    on_event: EventHook | None
    prepare: PrepareHook | None
    approve: Approve

    def decide(self, request: ApprovalRequest) -> Decision | Awaitable[Decision]:
        """Ask the caller's function about a call; there is one where this is wanted."""
        assert callable(self.approve)
        return self.approve(request)


def prepare_run(
    ai: AI | AsyncAI,
    prompt: str | Sequence[Message],
    gathered: Toolset,
    options: RunOptions,
) -> tuple[Conversation, Hooks]:
    """The conversation and its hooks. Raises SettingsError before anything is sent."""
    require_known("run()", options, RUN_OPTIONS, ELSEWHERE)
    messages = begin(prompt, options.get("system"))
    model = ai.model
    toolset = offer(gathered, ai, bounds_of(options), options)
    if toolset.tools:
        model.require_function_calling()
        require_room(model, gathered, toolset, messages)
    choice = options.get("tool_choice", "auto")
    if isinstance(toolset, FoundTools):
        toolset.offer([choice])
    if choice not in ("auto", "none", "required") and choice not in toolset.routes:
        raise SettingsError(f"tool_choice names no offered tool: {ascii(choice)[:80]}")
    if options.get("max_cost") is not None and model.price is None:
        raise SettingsError(
            f"max_cost needs a price, and that of {model.name} is not known: "
            "give WorkersAI(price=(in, out))"
        )
    approve = options.get("approve", "reads")
    conversation = Conversation(
        messages,
        toolset,
        model=model,
        approve=approve,
        limits=_limits(options),
        session=options.get("session") or secrets.token_hex(8),
        fields=options.get("fields"),
        tool_choice=choice,
        text_calls=bool(options.get("text_calls")),
    )
    return conversation, Hooks(options.get("on_event"), options.get("prepare"), approve)


_LIMITS: Mapping[str, str] = {
    "max_turns": "max_turns",
    "max_calls": "max_calls",
    "max_calls_per_turn": "max_calls_per_turn",
    "max_total_tokens": "max_total_tokens",
    "max_cost": "max_cost",
    "timeout": "seconds",
    "call_timeout": "call_seconds",
    "parallel": "parallel",
    "repeats": "repeats",
}


_LEAST: Mapping[str, tuple[int, bool]] = {
    "max_turns": (1, True),
    "max_calls": (0, True),
    "max_calls_per_turn": (1, True),
    "max_total_tokens": (0, True),
    "max_cost": (0, False),
    "timeout": (0, False),
    "call_timeout": (0, False),
    "parallel": (1, True),
    "repeats": (1, True),
}
"""The least that an option may be, and whether it must be a whole number."""


def _limits(options: RunOptions) -> Limits:
    given = {
        name: options[option]  # type: ignore[literal-required]  # keys of the table
        for option, name in _LIMITS.items()
        if option in options
    }
    for option, (least, whole) in _LEAST.items():
        if options.get(option) is not None:
            require_number(option, options.get(option), least, whole=whole)
    return Limits(**given)
