"""What the clients of the model's side share: settings, requests, retries; no sending."""

from __future__ import annotations

import os
import time
from abc import abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, Generic, TypeVar, get_args
from urllib.parse import urlsplit

from ..basics.secrets import Redactor, Secret
from ..contract import Tool
from ..errors import (
    BrokenStreamError,
    ServiceError,
    SettingsError,
    UnreadableAnswerError,
    WorkersAIError,
    quiet,
)
from ..records.exchange import Answer, Message, Question, ToolChoice
from ..request.outgoing import Outgoing, sendable
from ..transport.answers import Answer as Reply
from ..transport.policy import Clock, Policy
from ..transport.receiving import Opened
from ..transport.steps import Steps
from . import clef
from .answers import read_answer
from .attempts import attempts, read_json
from .bodies import Body, Form, dump, form_of, write_body
from .checks import require_choice, require_fields, require_kind, require_number
from .clef import Decisions
from .endpoint import Endpoint, Gateway, Surface, locate
from .errors import in_place
from .model import DEFAULT_MODEL, Model, find_model
from .streaming import StreamReader
from .telemetry import Span, chat_span

_CLOUDFLARE = ("api.cloudflare.com", "gateway.ai.cloudflare.com")
_LOOPBACK = ("localhost", "127.0.0.1", "::1")

H = TypeVar("H")
T = TypeVar("T")


class Settings(Generic[H]):
    """A model, where it is, and how to ask it: what all clients are made with."""

    @quiet
    def __init__(
        self,
        model: str | None = None,
        *,
        account_id: str | None = None,
        api_token: str | None = None,
        base_url: str | None = None,
        surface: Surface | None = None,
        form: Form | None = None,
        gateway: str | Gateway | None = None,
        http_client: H | None = None,
        timeout: float = 120.0,
        max_retries: int = 2,
        backoff: float = 0.5,
        max_tokens: int | None = None,
        reasoning: bool | str | None = None,
        reject_if_busy: bool = False,
        allow_http: bool = False,
        price: tuple[float, float] | None = None,
        **fields: Any,
    ) -> None:
        """The model, where it is, and how to ask it.

        `surface` chooses `/ai/run` ("run"), `/ai/v1/chat/completions` ("chat") or
        `/ai/v1/responses` ("responses"); `form` the body's form where `/ai/run` takes several.
        `base_url` is Cloudflare's API root, or any OpenAI-compatible server's base (with `model`).
        `gateway` is a gateway's id or a `Gateway`. `timeout` is seconds for one attempt,
        `backoff` seconds before the first of `max_retries` further ones. `price` is US dollars
        for a million tokens in and out, where ours is missing or old. A session's turns are
        sent to the same replica, so that its prefix is cached. Further keyword arguments are
        fields of every body (`temperature=0.2`, `seed=7`).

        Credentials come from CLOUDFLARE_ACCOUNT_ID and CLOUDFLARE_API_TOKEN if not given; the
        environment's token goes to Cloudflare's own hosts only. Raises SettingsError.
        """
        asked = DEFAULT_MODEL if model is None else model
        require_kind("model", asked, str, "a name like '@cf/zai-org/glm-4.7-flash'")
        require_fields(fields, Settings.__init__.__annotations__)
        _check(timeout, max_retries, backoff, max_tokens, price)
        known = find_model(asked)
        self.model = replace(known, price=price) if price else known
        self.gateway = _gateway(gateway)
        self.policy = Policy(timeout, max_retries, backoff, allow_http)
        self.max_tokens = max_tokens
        self.reasoning = reasoning
        self.reject_if_busy = reject_if_busy
        self.fields = fields
        self.endpoint = locate(
            asked,
            surface=surface,
            base_url=base_url,
            account_id=account_id or os.environ.get("CLOUDFLARE_ACCOUNT_ID"),
            gateway=self.gateway,
        )
        _require_model(model, self.endpoint)
        self.form: Form = _form(form, self.endpoint, known)
        self._token = _find_token(self.endpoint, api_token, allow_http)
        self._owned = http_client is None
        self._http = self._open() if http_client is None else self._given(http_client)
        self._redactor = Redactor(self._secrets())
        self._ready()

    def _given(self, http_client: H) -> H:
        """The client that was given, if it is of the right kind. Raises SettingsError."""
        return http_client

    def _secrets(self) -> list[str]:
        token = [self._token.reveal()] if self._token is not None else []
        gateway = self.gateway.token if self.gateway is not None else None
        return [*token, gateway] if gateway else token

    @abstractmethod
    def _ready(self) -> None:
        """Makes what carries out the steps of a question."""

    @abstractmethod
    def _open(self) -> H:
        """A client of its own, where none is given."""

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.model.name!r}, {self.form}, {self.host})"

    @property
    def host(self) -> str:
        return urlsplit(self.endpoint.url).hostname or ""

    def question(
        self,
        messages: str | Sequence[Message],
        tools: Sequence[Tool] = (),
        tool_choice: ToolChoice = "auto",
        *,
        max_tokens: int | None = None,
        reasoning: bool | str | None = None,
        **fields: Any,
    ) -> Question:
        """A question from plain parts; a string is a user's message."""
        if isinstance(messages, str):
            messages = [{"role": "user", "content": messages}]
        return Question(
            tuple(messages),
            tuple(tools),
            tool_choice,
            max_tokens=max_tokens,
            reasoning=reasoning,
            fields=fields,
        )

    def body(self, question: Question, *, stream: bool = False) -> Body:
        """The request's body for this endpoint, as JSON values (contract section 3).

        Raises FunctionCallingError if the model is known not to call tools.
        """
        if question.tools:
            self.model.require_function_calling()
        reasoning = question.reasoning
        filled = replace(
            question,
            max_tokens=question.max_tokens or self.max_tokens,
            reasoning=self.reasoning if reasoning is None else reasoning,
            fields={**self.fields, **question.fields},
        )
        ours = self.endpoint.cloudflare
        body = write_body(filled, self.model, self.form, cloudflare=ours)
        if self.endpoint.surface != "run":
            body = {"model": self.endpoint.prefix + self.model.name, **body}
        if self.reject_if_busy and ours:
            body = {**body, "options": {"rejectIfBusy": True}}
        if stream:
            body["stream"] = True
            if self.form == "chat":
                body.setdefault("stream_options", {"include_usage": True})
        return body

    def headers(self, question: Question) -> dict[str, str]:
        """The request's headers, the token among them: these must not be logged."""
        headers = {
            "content-type": "application/json",
            "accept": "application/json, text/event-stream",
            "accept-encoding": "identity",
        }
        if self._token is not None:
            headers["authorization"] = f"Bearer {self._token.reveal()}"
        if self.gateway is not None and self.endpoint.cloudflare:
            headers.update(self.gateway.headers())
        if question.session and self.endpoint.cloudflare:
            headers["x-session-affinity"] = question.session
        return headers

    # --- exchanges ---------------------------------------------------------------------

    def _whole(self, deadline: float | None) -> Clock:
        """The time for all attempts, until a moment of `time.monotonic`."""
        return Clock(None, None if deadline is None else deadline - time.monotonic())

    def _posting(
        self, question: Question, model: str = ""
    ) -> Callable[[Body], Outgoing]:
        """How a body becomes a request, for this model or another one of the same account.

        It may be repeated: at worst a model thinks twice.
        """
        url = self.endpoint.beside(model).url if model else self.endpoint.url

        def post(body: Body) -> Outgoing:
            return Outgoing(
                "POST",
                url,
                list(self.headers(question).items()),
                dump(body),
                template="(model)",
                idempotent=True,
            )

        return post

    def _steps(self, question: Question, deadline: float | None) -> Steps[Answer]:
        steps = attempts(
            self.body(question),
            self._posting(question),
            self.policy,
            self._whole(deadline),
            self._reader(question),
        )
        return self._in_place(steps)

    def _open_steps(
        self, question: Question, deadline: float | None
    ) -> Steps[Opened | Answer]:
        """An open stream, or the answer where one came instead of a stream."""
        read = self._reader(question)

        def open_or_read(reply: Reply | Opened) -> Opened | Answer | None:
            if isinstance(reply, Opened):
                return reply
            try:
                return read(reply)
            except UnreadableAnswerError:
                return None

        body, post = self.body(question, stream=True), self._posting(question)
        whole = self._whole(deadline)
        steps = attempts(body, post, self.policy, whole, open_or_read, stream=True)
        found = yield from self._in_place(steps)
        if found is None:  # some models answer a streaming request with nothing at all
            found = yield from self._steps(question, deadline)
        return found

    def _in_place(self, steps: Steps[T]) -> Steps[T]:
        """The steps, with advice in their errors for this model and this server."""
        try:
            return (yield from steps)
        except ServiceError as error:
            in_place(error, self.model, cloudflare=self.endpoint.cloudflare)
            raise

    def _stream_reader(self, question: Question) -> StreamReader:
        """A reader of this model's streams."""
        reasoning = self.reasoning if question.reasoning is None else question.reasoning
        silent = reasoning is False and self.endpoint.cloudflare
        return StreamReader(question, mislabels=silent and self.model.habits.mislabels)

    def _decision_steps(
        self, decisions: Decisions, deadline: float | None
    ) -> Steps[dict[str, float]]:
        def read(reply: Reply | Opened) -> dict[str, float]:
            return decisions.read(read_json(self._told(reply)))

        post = self._posting(Question(()), clef.MODEL)
        policy = self.policy._replace(timeout=clef.SECONDS)
        whole = self._whole(deadline)
        return attempts(decisions.body(), post, policy, whole, read)

    def _told(self, reply: Reply | Opened) -> Reply:
        """A whole reply without secrets: gateways repeat what they were sent, tokens too."""
        assert isinstance(reply, Reply)  # a stream comes to those who asked for one
        content = self._redactor.data(reply.content)
        return Reply(reply.status_code, reply.headers, content)

    def _next_by(self, reader: StreamReader, deadline: float | None) -> float:
        """The moment by which more of a stream must have come: of answer, not only of bytes."""
        latest = reader.moved + (self.policy.timeout or 0)
        return latest if deadline is None else min(latest, deadline)

    def require_decisions(self) -> None:
        """Raise SettingsError where the decision model cannot be asked."""
        self.endpoint.beside(clef.MODEL)

    def _reader(self, question: Question) -> Callable[[Reply | Opened], Answer]:
        def read(reply: Reply | Opened) -> Answer:
            told = self._told(reply)
            return read_answer(read_json(told), question, status=told.status_code)

        return read

    def _span(self, question: Question) -> Span:
        limit = self.model.token_limit(question.max_tokens or self.max_tokens)
        return chat_span(self.model.name, self.host, limit)


def may_ask_again(error: WorkersAIError) -> bool:
    """Whether a stream that gave nothing yet may be asked for as a whole answer."""
    return error.retryable or isinstance(error, BrokenStreamError)


def _require_model(model: str | None, endpoint: Endpoint) -> None:
    """The default is Cloudflare's: no other server is told its name."""
    if model is None and not endpoint.cloudflare:
        host = urlsplit(endpoint.url).hostname
        raise SettingsError(
            f"model is missing: {host} is not Cloudflare's, so say which of its models to "
            "ask: model='...'"
        )


def _check(
    timeout: float,
    max_retries: int,
    backoff: float,
    max_tokens: int | None,
    price: tuple[float, float] | None,
) -> None:
    """Raises SettingsError for numbers that are none."""
    require_number("timeout", timeout, 0.001)
    require_number("max_retries", max_retries, whole=True)
    require_number("backoff", backoff)
    if max_tokens is not None:
        require_number("max_tokens", max_tokens, 1, whole=True)
    if price is not None:
        if not isinstance(price, tuple | list) or len(price) != 2:
            raise SettingsError("price is US dollars for a million tokens: (in, out)")
        for each in price:
            require_number("price", each)


def _gateway(given: str | Gateway | None) -> Gateway | None:
    """Raises SettingsError for what is none."""
    gateway = Gateway(given) if isinstance(given, str) else given
    if gateway is not None:
        require_kind("gateway", gateway, Gateway, "an id or a Gateway")
    return gateway


def _form(given: Form | None, endpoint: Endpoint, model: Model) -> Form:
    """The form of bodies. Raises SettingsError for what is none, or no model for it."""
    if endpoint.cloudflare:
        model.require_conversation()
    usual = form_of(model) if endpoint.surface == "run" else endpoint.surface
    form = given or usual
    require_choice("form", form, get_args(Form))
    return form


def _find_token(
    endpoint: Endpoint, given: str | None, allow_http: bool
) -> Secret | None:
    place = urlsplit(endpoint.url)
    host = place.hostname or ""
    if given is None and host in _CLOUDFLARE and place.scheme == "https":
        given = os.environ.get("CLOUDFLARE_API_TOKEN")
        if not given:
            raise SettingsError(
                "api_token is missing: give it or set CLOUDFLARE_API_TOKEN; the token "
                "needs the rights Workers AI Read and Edit"
            )
    if given is None:
        return None
    if place.scheme == "http" and host not in _LOOPBACK and not allow_http:
        raise SettingsError("a token over plain http needs allow_http=True")
    return sendable(given, "api_token")
