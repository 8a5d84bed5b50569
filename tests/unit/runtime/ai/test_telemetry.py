"""OpenTelemetry spans by the GenAI conventions where it is in use, and nothing where it is not."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import toolbind_runtime
from opentelemetry import trace
from opentelemetry.context import Context
from toolbind.standin import Player, call, calls, fault, say
from toolbind_runtime.ai.telemetry import Span, start_span
from toolbind_runtime.errors import CapacityError

from tests.unit.runtime.conversation.test_agent import hold_async, hold_sync
from tests.unit.runtime.pets import Server, make_api
from tests.unit.runtime.standing_in import async_ai, sync_ai


class Recorded(trace.Span):
    """A span that remembers; ids count up."""

    def __init__(self, name: str, number: int, parent: Any, kind: Any, attributes: Any) -> None:
        self.name = name
        self.parent = parent
        self.kind = kind
        self.attributes = dict(attributes or {})
        self.ended = 0
        self.status: Any = None
        self._context = trace.SpanContext(1, number, is_remote=False)

    def get_span_context(self) -> trace.SpanContext:
        return self._context

    def set_attributes(self, attributes: Any) -> None:
        self.attributes.update(attributes)

    def set_attribute(self, key: str, value: Any) -> None:
        self.attributes[key] = value

    def set_status(self, status: Any, description: str | None = None) -> None:
        self.status = status

    def end(self, end_time: int | None = None) -> None:
        self.ended += 1

    def is_recording(self) -> bool:
        return not self.ended

    def add_event(self, name: str, attributes: Any = None, timestamp: Any = None) -> None:
        raise AssertionError("no events: they would hold messages")

    def update_name(self, name: str) -> None:
        raise AssertionError("names do not change")

    def record_exception(self, *args: Any, **kwargs: Any) -> None:
        raise AssertionError("exceptions are told by their type alone")


class Tracer(trace.Tracer):
    def __init__(self) -> None:
        self.spans: list[Recorded] = []

    def start_span(
        self,
        name: str,
        context: Context | None = None,
        kind: Any = None,
        attributes: Any = None,
        *args: Any,
        **kwargs: Any,
    ) -> Recorded:
        parent = trace.get_current_span(context)
        found = parent.name if isinstance(parent, Recorded) else None
        made = Recorded(name, len(self.spans) + 1, found, kind, attributes)
        self.spans.append(made)
        return made

    def start_as_current_span(self, *args: Any, **kwargs: Any) -> Any:
        raise AssertionError("not used: it would leak through generators")


@pytest.fixture
def tracer(monkeypatch: pytest.MonkeyPatch) -> Iterator[Tracer]:
    made = Tracer()
    monkeypatch.setattr(trace, "get_tracer", lambda scope: made)
    yield made
    assert all(span.ended == 1 for span in made.spans)
    assert not isinstance(trace.get_current_span(), Recorded)


SCRIPT = [calls(("get_pet", {"pet_id": 7}), ("get_pet", {"pet_id": 404})), say("Sold.")]


@pytest.mark.parametrize("stream", [False, True], ids=["whole", "stream"])
@pytest.mark.parametrize("hold", [hold_sync, hold_async], ids=["sync", "async"])
def test_a_run_is_a_tree_of_spans(tracer: Tracer, hold: Any, stream: bool) -> None:
    hold(Player(SCRIPT), stream=stream)
    root = "invoke_agent toolbind"
    assert [(span.name, span.parent) for span in tracer.spans] == [
        (root, None),
        ("chat @cf/zai-org/glm-4.7-flash", root),
        ("execute_tool get_pet", root),
        ("execute_tool get_pet", root),
        ("chat @cf/zai-org/glm-4.7-flash", root),
    ]
    run, chat, tool = tracer.spans[:3]
    assert chat.attributes == {
        "gen_ai.operation.name": "chat",
        "gen_ai.provider.name": "cloudflare.workers_ai",
        "gen_ai.request.model": "@cf/zai-org/glm-4.7-flash",
        "gen_ai.response.model": "@cf/zai-org/glm-4.7-flash",
        "gen_ai.request.max_tokens": 8192,
        "gen_ai.response.finish_reasons": ("tool_calls",),
        "gen_ai.usage.input_tokens": 310,
        "gen_ai.usage.output_tokens": 17,
        "server.address": "api.cloudflare.com",
    }
    assert chat.kind is trace.SpanKind.CLIENT
    assert tool.attributes["gen_ai.operation.name"] == "execute_tool"
    assert tool.attributes["gen_ai.tool.name"] == "get_pet"
    assert tool.attributes["gen_ai.tool.type"] == "function"
    assert tool.attributes["gen_ai.tool.call.id"]
    assert run.attributes["gen_ai.operation.name"] == "invoke_agent"
    assert run.attributes["gen_ai.usage.input_tokens"] == 620
    assert run.attributes["toolbind.stop_reason"] == "stop"


def test_nothing_that_was_said_is_in_a_span(tracer: Tracer) -> None:
    secret = "canary-word"
    hold_sync(Player([call("get_pet", {"pet_id": secret}), say(secret)]), secret)
    assert secret not in repr([span.attributes for span in tracer.spans])


def test_a_failed_answer_is_told_by_its_type(tracer: Tracer) -> None:
    with pytest.raises(CapacityError):
        hold_sync(Player([fault(3040)] * 9))
    assert [span.attributes["error.type"] for span in tracer.spans] == ["CapacityError"] * 2
    assert all(span.status is trace.StatusCode.ERROR for span in tracer.spans)


def test_spans_end_when_a_stream_is_left(tracer: Tracer) -> None:
    api = make_api()
    with Server().sync(api) as client, sync_ai(Player([say("x" * 500)], chunk=9)) as ai:
        events = api.run("hi", ai=ai, client=client, stream=True)
        while next(events).kind != "text":
            pass
        events.close()  # type: ignore[attr-defined]  # a generator
    assert [span.attributes["error.type"] for span in tracer.spans] == ["GeneratorExit"] * 2


def test_a_question_alone_is_a_span(tracer: Tracer) -> None:
    async def go() -> None:
        async with async_ai(Player([say("Hi.")])) as ai:
            await ai.ask(ai.question("hi"))

    asyncio.run(go())
    assert [span.name for span in tracer.spans] == ["chat @cf/zai-org/glm-4.7-flash"]


def test_without_opentelemetry_nothing_is_imported_or_done(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delitem(sys.modules, "opentelemetry.trace")
    span = start_span("x", {}, "CLIENT")
    assert span._span is None
    with span.active():
        span.note({"a": 1})
    span.end(ValueError())
    assert isinstance(span, Span)
    folder = Path(toolbind_runtime.__file__).parents[1]
    code = "import sys, toolbind_runtime.conversation.run; sys.exit('opentelemetry' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], cwd=folder, check=False)
    assert done.returncode == 0
