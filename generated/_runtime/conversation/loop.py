"""The conversation between a model and its tools, written once and without I/O.

`Conversation.steps` is a generator that yields what it wants done: ask the model, ask for
an approval, run calls, tell what happened. A driver does it, synchronously or not, and sends
back what came of it. Every call of the model is answered exactly once, in order, and every end
is a `Run`.
"""

from __future__ import annotations

import json
import logging
import time
from collections import Counter
from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import suppress
from typing import Any

from ..ai.model import Model
from ..basics.json_repair import UnreadableArgumentsError, read_arguments
from ..basics.text import estimate_tokens
from ..errors import of_model_side, of_unreadable_call
from ..records.exchange import (
    Answer,
    ErrorKind,
    Message,
    Question,
    ToolCall,
    ToolChoice,
    ToolResult,
    Usage,
)
from ..records.run import ApprovalRequest, Call, Run, StopReason, call_key
from . import approval
from .approval import Approve, Decision
from .events import (
    CallFinished,
    CallStarted,
    Event,
    ReasoningDelta,
    TextDelta,
    TurnStarted,
    UsageReported,
)
from .found import FoundTools
from .history import complete, unanswered, unreadable, written
from .limits import Limits, Repetition
from .toolset import Route, Toolset
from .wishes import (
    OUT_OF_TIME,
    Approval,
    Ask,
    Effect,
    Execute,
    Planned,
    Prepare,
    Steps,
    Tell,
    Turn,
)

logger = logging.getLogger("toolbind.run")

LIMIT_REACHED = (
    "Not run: no more calls are allowed in this conversation. "
    "Answer with what you have."
)
TOO_MANY_AT_ONCE = "Not run: too many calls in one answer. Call again if still needed."


class Conversation:
    """One run. `fields` go into every request, `tool_choice` into the first only."""

    def __init__(
        self,
        messages: Sequence[Message],
        toolset: Toolset | FoundTools,
        *,
        model: Model,
        approve: Approve = "reads",
        limits: Limits | None = None,
        session: str = "",
        fields: Mapping[str, Any] | None = None,
        tool_choice: ToolChoice = "auto",
        text_calls: bool = False,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        approval.check(approve)
        self._messages = complete(messages)
        self._toolset = toolset
        toolset.recall(self._messages)
        self._model = model
        self._approve: Approve = approve
        self._limits = limits or Limits()
        self._session = session
        self._fields = fields or {}
        self._tool_choice = tool_choice
        self._text_calls = text_calls
        self._clock = clock
        seconds = self._limits.seconds
        self._deadline = None if seconds is None else clock() + seconds
        self._calls: list[Call] = []
        self._usage = Usage()
        self._spent = Usage()  # what the limits count: estimated where nothing is told
        self._turns = 0
        self._ran = 0
        self._repetition = Repetition(self._limits.repeats)
        self._pending: list[ApprovalRequest] = []
        self._text = ""
        self._written: tuple[str, ...] = ()
        self._begun = False  # an answer has come
        self._unread = False  # the last one could not be read

    def steps(self) -> Steps:
        """The run, as wishes; returns the Run. Errors of the model's side carry it."""
        try:
            return (yield from self._steps())
        except Exception as error:
            if not of_model_side(error):
                raise
            if isinstance(error, TimeoutError):
                return self.run("deadline")
            error.run = self.run("error")
            raise

    def run(self, stop_reason: StopReason) -> Run:
        """The conversation as it stands."""
        return Run(
            text=self._text,
            messages=list(self._messages),
            calls=list(self._calls),
            usage=self._usage,
            stop_reason=stop_reason,
            turns=self._turns,
            model=self._model.name,
            cost=self._model.cost(self._usage),
            pending=list(self._pending),
            text_calls=self._written,
        )

    def _steps(self) -> Steps:
        waiting = unanswered(self._messages)
        if waiting and not (yield from self._answer_calls(waiting)):
            return self.run("approval")
        while True:
            if self._out_of_time():
                return self.run("deadline")
            last = self._last_turn()
            answer = yield from self._ask(last)
            if answer is None:  # it was no answer, and the model was told so
                continue
            if not answer.calls:
                forced = last if self._toolset.tools else None
                return self.run(forced or _natural_end(answer))
            over = self._limits.over(self._spent, self._model.cost(self._spent))
            stop = over or last
            if stop is not None:
                yield from self._refuse_all(answer.calls, LIMIT_REACHED, "limit")
                return self.run(stop)
            if not (yield from self._answer_calls(answer.calls)):
                return self.run("approval")

    # --- asking ------------------------------------------------------------------------

    def _last_turn(self) -> StopReason | None:
        """Why the coming turn must be the last, or None."""
        if self._ran >= self._limits.max_calls:
            return "max_calls"
        if self._repetition.strikes >= 2:
            return "repeated_calls"
        if self._turns + 1 >= self._limits.max_turns:
            return "max_turns"
        return None

    def _ask(self, last: StopReason | None) -> Generator[Effect, Any, Answer | None]:
        """The model's answer; None where it called a tool so that its server could not read it.

        The model is told that once; twice in a row, or in the last turn, it is an error.
        """
        self._turns += 1
        yield Tell(TurnStarted(self._turns))
        tools = self._toolset.tools
        choice = self._tool_choice if not self._begun else "auto"
        if last is not None and choice == "auto":
            choice = "none"
        turn: Turn = yield Prepare(
            Turn(self._turns, list(self._messages), list(tools), choice)
        )
        question = Question(
            messages=tuple(turn.messages),
            tools=tuple(turn.tools),
            tool_choice=turn.tool_choice,
            fields={**self._fields, **turn.fields},
            session=self._session,
            text_calls=self._text_calls,
        )
        try:
            answer: Answer = yield Ask(question, self._deadline)
        except Exception as error:
            if not of_unreadable_call(error) or last or self._unread:
                raise
            self._unread = True
            logger.warning("the model is told that its call could not be read")
            self._messages += unreadable(error, question.offered)
            return None
        self._begun, self._unread = True, False
        self._text = answer.text
        self._written = written(answer, question)
        self._usage += answer.usage
        self._spent += self._used(question, answer)
        self._messages.append(answer.message())
        logger.debug(
            "turn %d: %s, %d calls, %d tokens",
            self._turns,
            answer.finish,
            len(answer.calls),
            answer.usage.total_tokens,
        )
        yield Tell(UsageReported(answer.usage, self._usage))
        return answer

    def _used(self, question: Question, answer: Answer) -> Usage:
        """Tokens of an answer; services may leave them out, and limits must hold."""
        if answer.usage.total_tokens or not self._limits.counts_tokens:
            return answer.usage
        if self._turns == 1:
            logger.warning("the model tells no usage: the limits go by an estimate")
        into = _estimate([*question.messages, *question.tools])
        out = _estimate([answer.message()])
        return Usage(into, out, into + out)

    # --- calls -------------------------------------------------------------------------

    def _answer_calls(self, calls: Sequence[ToolCall]) -> Generator[Effect, Any, bool]:
        """Answer every call, in order. False: decisions are missing, nothing was run."""
        planned: list[Planned] = []
        going: Counter[str] = Counter()
        for number, call in enumerate(calls):
            plan = self._plan(call, number, going)
            planned.append(plan)
            going[plan.key] += plan.result is None
        self._pending = []
        for plan in planned:
            if plan.result is None:
                yield from self._decide(plan)
        if self._pending:
            return False
        todo = tuple(plan for plan in planned if plan.result is None)
        for plan in todo:
            yield Tell(CallStarted(plan.call.id, plan.name, plan.arguments))
        if todo:
            self._ran += len(todo)
            outcomes = yield Execute(todo, self._deadline, self._limits)
            for plan, outcome in zip(todo, outcomes, strict=True):
                plan.result, plan.seconds = outcome.result, outcome.seconds
        for plan in planned:
            yield from self._record(plan)
        return True

    def _request(self) -> str:
        """What the user said last."""
        said = (each for each in reversed(self._messages) if each.get("role") == "user")
        return str(next(said, {}).get("content", ""))[:2000]

    def _plan(self, call: ToolCall, number: int, going: Counter[str]) -> Planned:
        """Where a call goes, or why it is answered without being run.

        `number` counts from 0 in its answer; `going` are those before it that will run, by key.
        """
        if number >= self._limits.max_calls_per_turn:
            refused = _refused(TOO_MANY_AT_ONCE, "limit")
            return Planned(call, call.name, call.arguments, "", result=refused)
        name, arguments, route, problem = self._toolset.aim(call)
        plan = Planned(call, name, arguments, call_key(name, arguments))
        with suppress(UnreadableArgumentsError):  # the API will say what is wrong
            plan.arguments = read_arguments(arguments)
        if self._ran + going.total() >= self._limits.max_calls:
            plan.result = _refused(LIMIT_REACHED, "limit")
        elif self._out_of_time():
            plan.result = _refused(OUT_OF_TIME, "limit")
        elif route is None and not problem:
            why = self._toolset.unknown(name, plan.arguments, self._request())
            plan.result = _refused(why, "unknown-tool")
        elif route is None or problem:
            plan.result = _refused(problem, "bad-arguments")
        else:
            plan.route = route
            plan.read = route.api.is_read(route.name)
            told = self._repetition.refusal(plan.key, name, going[plan.key])
            if told is not None:
                plan.result = _refused(told, "limit")
        return plan

    def _decide(self, plan: Planned) -> Generator[Effect, Any, None]:
        """Look at the request, and get a decision where one is needed."""
        route = plan.route
        assert route is not None
        if route.free:
            return
        request = self._preview(plan, route)
        if plan.result is not None:
            return
        decision: Decision
        if not approval.needs_asking(self._approve, read=plan.read):
            decision = approval.by_policy(self._approve, read=plan.read)
        elif isinstance(self._approve, Mapping):
            decision = approval.remembered(self._approve, request)
        else:
            decision = yield Approval(request)
        if decision is None:
            self._pending.append(request)
            return
        plan.approved = None if plan.read and decision is True else decision is True
        if decision is not True:
            plan.result = _refused(approval.refusal(decision), "refused")

    def _preview(self, plan: Planned, route: Route) -> ApprovalRequest:
        """The request as a person would see it; a write that cannot be made ends here."""
        arguments = plan.arguments if isinstance(plan.arguments, dict) else {}
        shown = route.api.look(route.name, plan.arguments, client=route.client)
        if shown.refusal is None:
            plan.request = f"{shown.method} {shown.url}"
        elif not plan.read:  # reads are left to the API, which says the same
            plan.result = shown.refusal
        return ApprovalRequest(
            plan.call.id, plan.name, arguments, shown.method, shown.url, shown.title
        )

    def _record(self, plan: Planned) -> Generator[Effect, Any, None]:
        """Put a call's result into the conversation."""
        assert plan.result is not None
        if plan.result.error not in ("limit", "refused"):
            self._repetition.note(plan.key, plan.name, plan.result, read=plan.read)
        call = Call(
            id=plan.call.id,
            name=plan.name,
            arguments=plan.arguments,
            turn=self._turns,
            result=plan.result,
            request=plan.request,
            approved=plan.approved,
            seconds=plan.seconds,
        )
        self._calls.append(call)
        logger.debug("%s %s: %s", call.name, call.request, plan.result.error or "ok")
        self._messages.append(
            {
                "role": "tool",
                "tool_call_id": plan.call.id,
                "name": plan.call.name or "unnamed",
                "content": plan.result.content,
            }
        )
        yield Tell(CallFinished(call))

    def _refuse_all(
        self, calls: Sequence[ToolCall], why: str, kind: ErrorKind
    ) -> Generator[Effect, Any, None]:
        for call in calls:
            name, arguments, _, _ = self._toolset.aim(call)
            plan = Planned(call, name, arguments, call_key(name, arguments))
            plan.result = _refused(why, kind)
            yield from self._record(plan)

    def _out_of_time(self) -> bool:
        return self._deadline is not None and self._clock() >= self._deadline


def _refused(why: str, kind: ErrorKind) -> ToolResult:
    return ToolResult(False, json.dumps({"error": why}), error=kind)


def _estimate(values: Sequence[Any]) -> int:
    """About how many tokens some messages and tools take."""
    return estimate_tokens(json.dumps(values, ensure_ascii=False))


def _natural_end(answer: Answer) -> StopReason:
    if answer.finish in ("length", "content_filter"):
        return "length" if answer.finish == "length" else "content_filter"
    return "stop" if answer.text else "empty"


def answer_events(answer: Answer) -> list[Event]:
    """A whole answer as the events that a streamed one would have given."""
    events: list[Event] = []
    if answer.reasoning:
        events.append(ReasoningDelta(answer.reasoning))
    if answer.text:
        events.append(TextDelta(answer.text))
    return events
