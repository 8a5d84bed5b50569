"""The stand-in without its server: judges requests, plays the script, records.

Imports `check`, `decisions`, `quirks`, `routes`, `shapes`, `streams`, `turns`.
"""

from __future__ import annotations

import json
import random
import threading
import time
from collections import defaultdict, deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import urlsplit

from toolbind.standin import check, decisions, quirks
from toolbind.standin.routes import Route, route
from toolbind.standin.shapes import Numbers, answer, envelope, error_body, shape_of
from toolbind.standin.streams import UNREADABLE_CALL, stream_text
from toolbind.standin.turns import STATUSES, Fault, Play, Script, Turn

ACCOUNT = "0123456789abcdef0123456789abcdef"
TOKEN = "standin-token"  # not a secret: it opens a server of one's own
JSON = "application/json"
ONE_MODEL = "@cf/zai-org/glm-4.7-flash"
"""What `/v1/models` lists, as a server does that has one model."""

HTML = "<!DOCTYPE html><html><head><title>503 Service Unavailable</title></head></html>"


@dataclass(frozen=True, slots=True)
class Received:
    """A request as it came. `complaints` say why it was refused, `warnings` what it should do
    better; header names are lower."""

    path: str
    route: Route
    model: str
    headers: Mapping[str, str]
    body: Any
    complaints: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()

    @property
    def messages(self) -> list[dict[str, Any]]:
        """The conversation so far, of chat and native bodies."""
        listed = self.body.get("messages") if isinstance(self.body, dict) else None
        return listed if isinstance(listed, list) else []

    @property
    def tools(self) -> list[str]:
        """Names of the tools that were sent."""
        listed = self.body.get("tools") if isinstance(self.body, dict) else None
        return [str((tool.get("function") or tool).get("name")) for tool in listed or ()]


@dataclass(frozen=True, slots=True)
class Answered:
    """What to send: `data` in chunks. `cut` closes the connection after half of it."""

    status: int
    content_type: str
    data: bytes
    headers: Mapping[str, str] = field(default_factory=dict)
    cut: bool = False


class Player:
    """Answers requests from a script. Safe to use from several threads.

    `script`: turns in order (each a `Turn` or a function of `Received` that gives one), or
    one such function for everything. `decide` plays the decision model Clef, whose requests
    are kept in `decisions`. With `rate_limits` a model refuses more requests in a minute than
    Cloudflare's takes. With `each_conversation` (or `once=False`) every conversation plays the
    whole script: the turn is chosen by the number of assistant messages. `chunk` is the
    size in bytes of the chunks of streams, 0 for random sizes from `seed`.
    """

    base_url = "https://api.cloudflare.com/client/v4"

    def __init__(
        self,
        script: Script = (),
        *,
        each_conversation: bool = False,
        once: bool | None = None,
        chunk: int = 64,
        seed: int = 0,
        token: str | None = TOKEN,
        account_id: str = ACCOUNT,
        decide: decisions.Decide | None = None,
        rate_limits: bool = False,
    ) -> None:
        self.requests: list[Received] = []
        self.decisions: list[Received] = []
        self.account_id = account_id
        self.token = token
        self._script = script
        self._decide = decide
        self._recent: dict[str, deque[float]] | None = defaultdict(deque) if rate_limits else None
        if once and each_conversation:
            raise ValueError("once and each_conversation say the opposite: give one of them")
        self._each = each_conversation if once is None else not once
        self._chunk = chunk
        self._random = random.Random(seed)
        self._numbers = Numbers()
        self._played = 0
        self._left = 0
        self._beyond = 0
        self._lock = threading.Lock()
        self._stop = threading.Event()

    @property
    def settings(self) -> dict[str, Any]:
        """Keyword arguments that point a Workers AI client here."""
        return {
            "base_url": self.base_url,
            "account_id": self.account_id,
            "api_token": self.token,
        }

    @property
    def complaints(self) -> list[str]:
        """Everything that was wrong with what came."""
        received = [*self.requests, *self.decisions]
        return [complaint for each in received for complaint in each.complaints]

    @property
    def warnings(self) -> list[str]:
        """Everything that what came should do better."""
        return [each for received in self.requests for each in received.warnings]

    @property
    def unplayed(self) -> int:
        """Turns of the script that nobody has asked for, those of earlier scripts included."""
        with self._lock:
            return self._left + self._unplayed()

    def _unplayed(self) -> int:
        if callable(self._script) or self._each:
            return 0
        return max(0, len(self._script) - self._played)

    def check_played(self) -> None:
        """Raise AssertionError unless the script was played to its end, and no further."""
        if self.unplayed:
            raise AssertionError(
                f"the script of the stand-in was not played to its end: {self.unplayed} of its "
                f"turns are left after {len(self.requests)} requests"
            )
        if self._beyond:
            raise AssertionError(
                f"the stand-in was asked {self._beyond} times after its script was over"
            )

    def play(self, script: Script) -> None:
        """Start over with another script; what was received stays."""
        with self._lock:
            self._left += self._unplayed()
            self._script = script
            self._played = 0

    # --- one request ---------------------------------------------------------------------------

    def answer(self, method: str, target: str, headers: Mapping[str, str], raw: bytes) -> Answered:
        """Judge, record and answer one request."""
        found = route(urlsplit(target).path)
        if method == "GET" and found is not None and found.list and not found.account:
            row = {"id": ONE_MODEL, "object": "model", "created": 0, "owned_by": "standin"}
            return Answered(200, "application/json", _raw({"object": "list", "data": [row]}))
        refused = self._gate(method, found, headers)
        if found is None:
            return refused or _error(7000, "No route for that URI")
        if refused is not None:
            return _as_sdks_read(refused, found)
        try:
            body = json.loads(raw.decode("utf-8"))
        except ValueError:
            return _error(3003, "the body is no JSON")
        if found.binding:
            model = headers.get("cf-consn-model-id", "")
            inputs = body.get("inputs") if isinstance(body, dict) else None
            return _unbound(self._judge(target, found, model, headers, inputs))
        named = body.get("model") if isinstance(body, dict) else None
        model = found.model or (named if isinstance(named, str) else "")
        return self._judge(target, found, model, headers, body)

    def _judge(
        self, target: str, found: Route, model: str, headers: Mapping[str, str], body: Any
    ) -> Answered:
        if model in decisions.TOKENS:
            return self._decided(target, found, model, headers, body)
        bare = bool(found.compat) and model.startswith("@")
        model = model.removeprefix("workers-ai/") if found.compat else model
        wrong = check.complaints(model, found.surface, body)
        wrong += ["model: needs workers-ai/ in front here"] if bare else []
        form = check.form_of(model, found.surface, body) if not wrong else None
        better = tuple(quirks.warnings(form, body)) if form else ()
        received = Received(target, found, model, headers, body, tuple(wrong), better)
        with self._lock:
            self.requests.append(received)
        if wrong:
            refusal = _error(_code(wrong), "AiError: Bad input: " + "; ".join(wrong))
            return _as_sdks_read(refusal, found)
        if self._too_often(model, gateway="cf-aig-gateway-id" in headers):
            text = "AiError: Capacity temporarily exceeded, please try again."
            return _as_sdks_read(_error(3040, text), found)
        return _as_sdks_read(self._perform(self._next(received), received), found)

    def _too_often(self, model: str, *, gateway: bool) -> bool:
        """Whether this request is one too many within a minute (section 8)."""
        if self._recent is None:
            return False
        now = time.monotonic()
        with self._lock:
            recent = self._recent[model]
            while recent and recent[0] <= now - 60:
                recent.popleft()
            recent.append(now)
            return len(recent) > quirks.per_minute(model, gateway=gateway)

    def _decided(
        self, target: str, found: Route, model: str, headers: Mapping[str, str], body: Any
    ) -> Answered:
        """What a decision model says; recorded apart from the conversation."""
        wrong = tuple(decisions.complaints(model, body))
        with self._lock:
            self.decisions.append(Received(target, found, model, headers, body, wrong))
        if wrong:
            return _error(5006, "AiError: Bad input: " + "; ".join(wrong))
        said = decisions.answer(body, self._decide)
        broken = _broken(said) if isinstance(said, Fault) else None
        return broken or Answered(200, "application/json", _raw(envelope(said)))

    def _gate(
        self, method: str, found: Route | None, headers: Mapping[str, str]
    ) -> Answered | None:
        """What is refused before the body is looked at."""
        if found is None:
            return _error(7000, "No route for that URI")
        if method != "POST" or found.list:
            return _error(7000, f"{method} is not allowed", 405)
        if found.account and found.account != self.account_id:
            text = "Could not route, perhaps your object identifier is invalid?"
            return _error(7003, text)
        if self.token is not None and not found.binding:
            keys = (headers.get("authorization"), headers.get("cf-aig-authorization"))
            if f"Bearer {self.token}" not in keys:
                return _error(10000, "Authentication error")
        if not headers.get("content-type", "").startswith("application/json"):
            return _error(3003, "content-type is not application/json")
        return None

    def _next(self, received: Received) -> Turn:
        with self._lock:
            script = self._script
            if callable(script):
                chosen: Turn | Play = script
            else:
                asked = [m for m in received.messages if m.get("role") == "assistant"]
                index = len(asked) if self._each else self._played
                self._played += 1
                if index >= len(script):
                    self._beyond += not self._each
                    return Turn(fault=Fault("error", 8005, "the script is over"))
                chosen = script[index]
        return chosen if isinstance(chosen, Turn) else chosen(received)

    def _perform(self, turn: Turn, received: Received) -> Answered:
        fault = turn.fault
        if fault is not None:
            if fault.kind == "stall":
                self._stop.wait(fault.seconds)
            broken = _broken(fault)
            if broken is not None:
                return broken
        answered = self._whole(turn, received)
        if fault is not None and fault.kind in ("half", "drop"):
            data = answered.data if fault.kind == "half" else b""
            return Answered(
                answered.status, answered.content_type, data, answered.headers, cut=True
            )
        return answered

    def _whole(self, turn: Turn, received: Received) -> Answered:
        if turn.raw is not None:
            return Answered(turn.status, turn.content_type, _raw(turn.raw), turn.headers)
        surface = received.route.surface
        shape = shape_of(received.model, surface, received.body)
        plain = turn.fault is not None and turn.fault.kind == "plain"
        if received.body.get("stream") and not plain:
            switches = received.body.get("chat_template_kwargs")
            thinks = not isinstance(switches, dict) or switches.get("enable_thinking", True)
            model = received.model
            text = stream_text(turn, model, shape, self._numbers, thinks=bool(thinks))
            return Answered(200, "text/event-stream", text.encode(), turn.headers)
        if turn.fault is not None and turn.fault.kind == "unreadable-call":
            return Answered(500, "application/json", _raw(UNREADABLE_CALL), turn.headers)
        result = answer(turn, received.model, shape, self._numbers)
        body = envelope(result) if surface == "run" else result
        return Answered(turn.status, "application/json", _raw(body), turn.headers)

    def chunks(self, answered: Answered) -> Iterator[bytes]:
        """A stream's bytes in the sizes that were asked for; anything else in one piece."""
        data = answered.data
        if answered.cut:
            data = data[: len(data) // 2]
        if answered.content_type != "text/event-stream":
            if data:
                yield data
            return
        at = 0
        while at < len(data):
            with self._lock:
                size = self._chunk or self._random.choice((1, 2, 3, 7, 31, 1000))
            yield data[at : at + size]
            at += size


def _broken(fault: Fault) -> Answered | None:
    """The answer of a fault that needs no turn."""
    headers = {"retry-after": fault.retry_after} if fault.retry_after else {}
    if fault.kind == "error":
        return _error(fault.code, fault.message, fault.status, headers)
    table = {
        "html": Answered(503, "text/html", HTML.encode(), headers),
        "garbage": Answered(200, "application/json", b"\xff{not json", headers),
        "empty": Answered(200, "application/json", b"", headers),
    }
    return table.get(fault.kind)


def _unbound(answered: Answered) -> Answered:
    """An answer as the binding's own protocol has it: the result alone, or `internalCode`."""
    if answered.content_type != "application/json" or answered.cut:
        return answered
    try:
        value = json.loads(answered.data)
    except ValueError:
        return answered
    if isinstance(value, dict) and value.get("errors"):
        error = value["errors"][0]
        told = {"internalCode": error["code"], "description": error["message"], "name": "AiError"}
        return replace(answered, data=_raw(told))
    unwrapped = value["result"] if isinstance(value, dict) and "success" in value else value
    return replace(answered, data=_raw(unwrapped))


def _as_sdks_read(answered: Answered, found: Route) -> Answered:
    """An error of an address that OpenAI has, too, with the member whose text its SDKs show."""
    if found.surface == "run" or answered.status < 400 or answered.content_type != JSON:
        return answered
    try:
        value = json.loads(answered.data)
        error = value["errors"][0]
    except (ValueError, TypeError, KeyError, IndexError):
        return answered
    told = {"message": error["message"], "code": error["code"], "type": "error", "param": None}
    return replace(answered, data=_raw({**value, "error": told}))


def _code(wrong: Sequence[str]) -> int:
    """8001 for what upstream refuses, 5006 for what the schema refuses (section 6)."""
    upstream = ("tool_choice: unknown", ".description: not a string")
    return 8001 if any(mark in each for each in wrong for mark in upstream) else 5006


def _error(
    code: int, text: str, status: int | None = None, headers: Mapping[str, str] | None = None
) -> Answered:
    status = status or STATUSES.get(code, 400)
    return Answered(status, "application/json", _raw(error_body(code, text)), headers or {})


def _raw(value: Any) -> bytes:
    if isinstance(value, bytes):
        return value
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return text.encode("utf-8", "surrogatepass")
