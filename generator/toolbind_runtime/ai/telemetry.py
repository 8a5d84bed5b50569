"""OpenTelemetry spans by the conventions for generative AI, where it is in use.

Spans are made only if the program has imported `opentelemetry` itself; otherwise nothing
is done and nothing is imported. No message, argument or result is ever recorded.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import Any, Literal

from ..records.exchange import Answer, Usage

SCOPE = "toolbind"
_PROVIDER = "cloudflare.workers_ai"


class Span:
    """A span, or nothing at all, with the same few methods."""

    __slots__ = ("_span", "_trace")

    def __init__(self, span: Any = None, trace: Any = None) -> None:
        self._span = span
        self._trace = trace

    def active(self) -> AbstractContextManager[Any]:
        """Makes it the parent of spans started inside; does not end it."""
        if self._span is None:
            return nullcontext()
        manager: AbstractContextManager[Any] = self._trace.use_span(
            self._span, record_exception=False, set_status_on_exception=False
        )
        return manager

    def note(self, attributes: Mapping[str, Any]) -> None:
        if self._span is not None:
            self._span.set_attributes(attributes)

    def end(self, error: BaseException | str | None = None) -> None:
        """End it; an error is told by its type alone."""
        if self._span is None:
            return
        if error is not None:
            kind = error if isinstance(error, str) else type(error).__name__
            self._span.set_attribute("error.type", kind)
            self._span.set_status(self._trace.StatusCode.ERROR)
        self._span.end()


@contextmanager
def ending(span: Span) -> Iterator[Span]:
    """Ends `span` with the block, and tells the error that leaves it."""
    try:
        yield span
    except BaseException as error:
        span.end(error)
        raise
    span.end()


def start_span(
    name: str, attributes: Mapping[str, Any], kind: Literal["CLIENT", "INTERNAL"]
) -> Span:
    """A span that has started, child of the active one."""
    trace = sys.modules.get("opentelemetry.trace")
    if trace is None:
        return Span()
    tracer = trace.get_tracer(SCOPE)
    kind_value = getattr(trace.SpanKind, kind)
    return Span(tracer.start_span(name, kind=kind_value, attributes=attributes), trace)


def chat_span(model: str, host: str, max_tokens: int) -> Span:
    """One answer of a model: operation `chat`."""
    return start_span(
        f"chat {model}",
        {
            "gen_ai.operation.name": "chat",
            "gen_ai.provider.name": _PROVIDER,
            "gen_ai.request.model": model,
            "gen_ai.request.max_tokens": max_tokens,
            "server.address": host,
        },
        "CLIENT",
    )


def note_answer(span: Span, answer: Answer) -> None:
    """What an answer tells about itself."""
    told = {
        "gen_ai.response.finish_reasons": (answer.finish,),
        **_usage(answer.usage),
    }
    if answer.model:
        told["gen_ai.response.model"] = answer.model
    span.note(told)


def run_span(model: str) -> Span:
    """A whole conversation: operation `invoke_agent`."""
    return start_span(
        "invoke_agent toolbind",
        {
            "gen_ai.operation.name": "invoke_agent",
            "gen_ai.provider.name": _PROVIDER,
            "gen_ai.agent.name": "toolbind",
            "gen_ai.request.model": model,
        },
        "INTERNAL",
    )


def note_run(span: Span, usage: Usage, stop_reason: str) -> None:
    span.note({"toolbind.stop_reason": stop_reason, **_usage(usage)})


def tool_span(name: str, call_id: str) -> Span:
    """One tool call: operation `execute_tool`."""
    return start_span(
        f"execute_tool {name}",
        {
            "gen_ai.operation.name": "execute_tool",
            "gen_ai.tool.name": name,
            "gen_ai.tool.call.id": call_id,
            "gen_ai.tool.type": "function",
        },
        "INTERNAL",
    )


def _usage(usage: Usage) -> dict[str, Any]:
    return {
        "gen_ai.usage.input_tokens": usage.prompt_tokens,
        "gen_ai.usage.output_tokens": usage.completion_tokens,
    }
