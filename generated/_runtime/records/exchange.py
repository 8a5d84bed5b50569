"""One exchange with a model, in one form for every family: Question, Answer, Usage, ToolResult.

Plain frozen data, no network and no wire form: `ai/answers` reads answers into it, `ai/bodies`
writes requests from it. Messages are plain JSON in OpenAI's chat form, whatever model
they go to.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, TypeAlias

from ..basics.json_repair import UnreadableArgumentsError, read_arguments
from ..contract import Tool

Message: TypeAlias = dict[str, Any]
"""A message of the conversation as JSON. Roles: system, developer, user, assistant (with
`tool_calls`, and `reasoning` if there was any), tool (with `tool_call_id` and `name`).
An answer in Responses form keeps its items under `output`; only that form sends them."""

ToolChoice: TypeAlias = str
"""`auto`, `none`, `required`, or the name of the one tool that must be called."""

Finish = Literal["stop", "length", "tool_calls", "content_filter", "error", "unknown"]

UNREADABLE = "unreadable"
"""Key under which arguments that are no JSON are sent back: services parse them."""


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens of one answer or of a whole run; zero where the service said nothing."""

    prompt_tokens: int = 0
    completion_tokens: int = 0
    total_tokens: int = 0
    cached_tokens: int = 0
    reasoning_tokens: int = 0

    def __str__(self) -> str:
        """For people: `1,240 tokens in, 68 out (256 cached, 9 for reasoning)`."""
        into, out = self.prompt_tokens, self.completion_tokens
        text = f"{into:,} tokens in, {out:,} out"
        if not into and not out:
            total = self.total_tokens
            text = f"{total:,} tokens" if total else "no tokens reported"
        kinds = {"cached": self.cached_tokens, "for reasoning": self.reasoning_tokens}
        details = [f"{count:,} {kind}" for kind, count in kinds.items() if count]
        return f"{text} ({', '.join(details)})" if details else text

    def __add__(self, other: Usage) -> Usage:
        return Usage(
            self.prompt_tokens + other.prompt_tokens,
            self.completion_tokens + other.completion_tokens,
            self.total_tokens + other.total_tokens,
            self.cached_tokens + other.cached_tokens,
            self.reasoning_tokens + other.reasoning_tokens,
        )


@dataclass(frozen=True, slots=True)
class ToolCall:
    """A call that a model asks for. `arguments` is as it came: an object or its text."""

    id: str
    name: str
    arguments: Any

    def arguments_text(self) -> str:
        """The arguments as the JSON text that every family takes back."""
        try:
            read = read_arguments(self.arguments)
        except UnreadableArgumentsError:
            shown = self.arguments
            text = shown if isinstance(shown, str) else json.dumps(shown)
            return json.dumps({UNREADABLE: text[:1000]})
        if isinstance(self.arguments, str) and _is_object(self.arguments):
            return self.arguments  # unchanged, so that a cached prefix stays the same
        return json.dumps(read, ensure_ascii=False)


def _is_object(text: str) -> bool:
    try:
        return isinstance(json.loads(text), dict)
    except ValueError:
        return False


@dataclass(frozen=True, slots=True)
class Answer:
    """What a model said: text, calls, or both.

    `output` holds the items of a Responses answer. `finish` says why the model ended;
    calls decide, whatever it says (contract section 0.8).
    """

    text: str = ""
    calls: tuple[ToolCall, ...] = ()
    reasoning: str = ""
    usage: Usage = field(default_factory=Usage)
    finish: Finish = "unknown"
    model: str = ""
    output: tuple[Mapping[str, Any], ...] = ()
    kind: Literal["answer"] = field(default="answer", init=False, repr=False)
    """What tells the end of a stream from its pieces, whoever's class it is."""

    def message(self) -> Message:
        """The assistant's message to append to the conversation."""
        message: Message = {"role": "assistant", "content": self.text}
        if self.reasoning:
            message["reasoning"] = self.reasoning
        if self.calls:
            message["tool_calls"] = [
                {
                    "id": call.id,
                    "type": "function",
                    "function": {
                        "name": call.name or "unnamed",
                        "arguments": call.arguments_text(),
                    },
                }
                for call in self.calls
            ]
        if self.output:
            message["output"] = list(self._items())
        return message

    def _items(self) -> list[Message]:
        """The Responses items, their calls with the ids and arguments that we keep."""
        calls = iter(self.calls)
        items: list[Message] = []
        for item in self.output:
            if item.get("type") == "function_call":
                call = next(calls, None)
                if call is None:
                    continue
                kept = {"call_id": call.id, "arguments": call.arguments_text()}
                item = {**item, **kept, "name": call.name or "unnamed"}
            items.append(dict(item))
        return items


@dataclass(frozen=True, slots=True)
class Question:
    """What to ask a model. Settings that are None are left to the client.

    `reasoning`: False turns it off or as low as the model allows, a string is an effort.
    `fields` go into the body as they are and win over everything else.
    `session` is sent as session affinity, so that turns share a cached prefix. `text_calls`: an
    answer whose whole text is a call of an offered tool is that call.
    """

    messages: tuple[Message, ...]
    tools: tuple[Tool, ...] = ()
    tool_choice: ToolChoice = "auto"
    max_tokens: int | None = None
    reasoning: bool | str | None = None
    fields: Mapping[str, Any] = field(default_factory=dict)
    session: str = ""
    text_calls: bool = False

    @property
    def reads_text(self) -> bool:
        """Whether a call may stand in the text of the answer."""
        return self.forced or (
            self.text_calls and bool(self.tools) and self.tool_choice != "none"
        )

    @property
    def forced(self) -> bool:
        """Whether the model was told to call a tool."""
        return bool(self.tools) and self.tool_choice not in ("auto", "none")

    @property
    def offered(self) -> frozenset[str]:
        return frozenset(tool["name"] for tool in self.tools)


ErrorKind = Literal[
    "unknown-tool",  # no tool of that name
    "bad-arguments",  # the arguments do not fit; nothing was sent
    "credentials",  # no token could be got, or it may not be sent there
    "connection",  # no answer: refused, reset, name not found
    "timeout",  # no whole answer in time
    "bad-answer",  # an answer that cannot be read
    "too-large",  # an answer over the limit in bytes
    "http-status",  # the API answered with a status outside 2xx
    "refused",  # the call was not allowed to run
    "limit",  # a limit of the conversation stopped the call
]

EFFECT_UNKNOWN = "It may or may not have had an effect: look before you call it again."
"""Of a call that was given up and may not be repeated without harm."""


@dataclass(frozen=True, slots=True)
class ToolResult:
    """The outcome of one tool call.

    `content` is the text for the model: JSON, short, free of secrets and hidden characters.
    `data` is the decoded answer, whole, for the program. `status_code` is the HTTP status, None
    when no answer came. `error` says what kind of failure it was, None when `ok`.
    """

    ok: bool
    content: str
    data: Any = None
    status_code: int | None = None
    error: ErrorKind | None = None


@dataclass(frozen=True, slots=True)
class Preview:
    """What a tool call would send, for who must approve it: `url` holds no secret.

    `refusal` is the result of a call that cannot be made; then nothing else is known.
    """

    method: str = ""
    url: str = ""
    title: str = ""
    refusal: ToolResult | None = None
