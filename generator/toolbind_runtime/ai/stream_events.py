"""Events of streams that are neither chat chunks nor native pieces: Responses, Anthropic.

Each is a function that puts one event into an `Assembly` and yields what is to be passed on;
the tables say which. Third-party models behind Cloudflare stream as their authors do (contract
section 12). Pure.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, TypeAlias

from ..records.exchange import Usage
from .answers import read_finish, read_model, read_name, read_text, read_usage
from .assembly import Assembly, Piece, as_text, index_of
from .errors import service_error

Event: TypeAlias = dict[str, Any]
Handler: TypeAlias = Callable[[Assembly, Event], Iterator[Piece]]


def _text_delta(answer: Assembly, event: Event) -> Iterator[Piece]:
    yield from answer.say(read_text(event.get("delta")))


def _reasoning_delta(answer: Assembly, event: Event) -> Iterator[Piece]:
    yield from answer.think(read_text(event.get("delta")))


def _item_added(answer: Assembly, event: Event) -> Iterator[Piece]:
    item = event.get("item")
    if isinstance(item, dict) and item.get("type") == "function_call":
        index = index_of(event, "output_index")
        name = read_name(item.get("name"))
        answer.begin(index, read_name(item.get("call_id")), name)
        yield Piece("call", name)


def _arguments_delta(answer: Assembly, event: Event) -> Iterator[Piece]:
    draft = answer.draft_at(index_of(event, "output_index"))
    if draft is not None:
        draft.add(read_text(event.get("delta")))
    yield from ()


def _arguments_done(answer: Assembly, event: Event) -> Iterator[Piece]:
    draft = answer.draft_at(index_of(event, "output_index"))
    if draft is not None and isinstance(event.get("arguments"), str):
        draft.text = [event["arguments"]]
    yield from ()


def _item_done(answer: Assembly, event: Event) -> Iterator[Piece]:
    item, index = event.get("item"), index_of(event, "output_index")
    if isinstance(item, dict) and isinstance(index, int):
        answer.items[index] = item
        if item.get("type") == "function_call" and answer.draft_at(index) is None:
            yield from _item_added(answer, event)
        yield from _arguments_done(answer, {**item, "output_index": index})


def _completed(answer: Assembly, event: Event) -> Iterator[Piece]:
    response = event.get("response")
    if isinstance(response, dict):
        answer.final = response
        answer.usage = read_usage(response.get("usage"))
        answer.model = read_model(response.get("model"))
        details = response.get("incomplete_details")
        why = details.get("reason") if isinstance(details, dict) else None
        answer.finish = read_finish(why or response.get("status"))
    answer.done = True
    yield from ()


def _response_failed(answer: Assembly, event: Event) -> Iterator[Piece]:
    error = service_error(0, event.get("response") or event)
    error.partial = answer.answer()
    raise error
    yield  # a generator, as the others are


def is_responses(kind: str) -> bool:
    """Whether an event of this type is one of Responses, known or not."""
    return kind.startswith("response.")


# --- Anthropic -------------------------------------------------------------------------


def _message_start(answer: Assembly, event: Event) -> Iterator[Piece]:
    message = _part(event, "message")
    answer.model = read_model(message.get("model"))
    answer.usage = _with(answer.usage, message.get("usage"))
    yield from ()


def _block_start(answer: Assembly, event: Event) -> Iterator[Piece]:
    block = _part(event, "content_block")
    if block.get("type") == "tool_use":
        name = read_name(block.get("name"))
        call_id = read_name(block.get("id"))
        answer.begin(index_of(event, "index"), call_id, name).add(
            as_text(block.get("input"))
        )
        yield Piece("call", name)
    yield from answer.say(read_name(block.get("text")))
    yield from answer.think(read_name(block.get("thinking")))


def _block_delta(answer: Assembly, event: Event) -> Iterator[Piece]:
    delta = _part(event, "delta")
    draft = answer.draft_at(index_of(event, "index"))
    if draft is not None:
        draft.add(read_name(delta.get("partial_json")))
    yield from answer.say(read_name(delta.get("text")))
    yield from answer.think(read_name(delta.get("thinking")))


def _message_delta(answer: Assembly, event: Event) -> Iterator[Piece]:
    answer.note_finish(_part(event, "delta").get("stop_reason"))
    answer.usage = _with(answer.usage, event.get("usage"))
    yield from ()


def _message_stop(answer: Assembly, _event: Event) -> Iterator[Piece]:
    answer.done = True
    yield from ()


def _ignored(_answer: Assembly, _event: Event) -> Iterator[Piece]:
    yield from ()


def _part(event: Event, name: str) -> Mapping[str, Any]:
    part = event.get(name)
    return part if isinstance(part, dict) else {}


def _with(before: Usage, told: Any) -> Usage:
    """Counts of two events together: each tells some of them, and what is cached apart."""
    if not isinstance(told, dict):
        return before
    now = read_usage(told)
    parts = ("cache_read_input_tokens", "cache_creation_input_tokens")
    read, made = (
        read_usage({"input_tokens": told.get(p)}).prompt_tokens for p in parts
    )
    into = max(before.prompt_tokens, now.prompt_tokens + read + made)
    out = max(before.completion_tokens, now.completion_tokens)
    return Usage(into, out, into + out, max(before.cached_tokens, read))


EVENTS: Mapping[str, Handler] = {
    "response.output_text.delta": _text_delta,
    "response.refusal.delta": _text_delta,
    "response.reasoning_text.delta": _reasoning_delta,
    "response.reasoning_summary_text.delta": _reasoning_delta,
    "response.output_item.added": _item_added,
    "response.output_item.done": _item_done,
    "response.function_call_arguments.delta": _arguments_delta,
    "response.function_call_arguments.done": _arguments_done,
    "response.completed": _completed,
    "response.incomplete": _completed,
    "response.failed": _response_failed,
    "message_start": _message_start,
    "content_block_start": _block_start,
    "content_block_delta": _block_delta,
    "content_block_stop": _ignored,
    "message_delta": _message_delta,
    "message_stop": _message_stop,
    "ping": _ignored,
}
"""By an event's `type`."""
