"""Where requests go (contract section 1): Cloudflare, gateways, OpenAI-compatible servers."""

from __future__ import annotations

import dataclasses
from typing import Any

import httpx
import pytest
from toolbind.standin import StandIn, say
from toolbind_runtime.ai.endpoint import Gateway, locate
from toolbind_runtime.ai.workers_ai import WorkersAI
from toolbind_runtime.ai.workers_ai_async import AsyncWorkersAI
from toolbind_runtime.errors import ConfigurationError, SettingsError

MODEL = "@cf/zai-org/glm-4.7-flash"
API = "https://api.cloudflare.com/client/v4/accounts/acc"
GATEWAY = "https://gateway.ai.cloudflare.com/v1/acc/gw/workers-ai"


@pytest.mark.parametrize(
    ("settings", "url"),
    [
        ({}, f"{API}/ai/run/{MODEL}"),
        ({"surface": "chat"}, f"{API}/ai/v1/chat/completions"),
        ({"surface": "responses"}, f"{API}/ai/v1/responses"),
        ({"gateway": Gateway("gw")}, f"{API}/ai/run/{MODEL}"),
        ({"gateway": Gateway("gw", old_url=True)}, f"{GATEWAY}/{MODEL}"),
        (
            {"gateway": Gateway("gw", old_url=True), "surface": "chat"},
            f"{GATEWAY}/v1/chat/completions",
        ),
        ({"base_url": f"{API}/ai"}, f"{API}/ai/run/{MODEL}"),
        ({"base_url": f"{API}/ai/v1"}, f"{API}/ai/v1/chat/completions"),
        ({"base_url": GATEWAY}, f"{GATEWAY}/{MODEL}"),
        ({"base_url": f"{GATEWAY}/v1"}, f"{GATEWAY}/v1/chat/completions"),
        ({"base_url": "http://localhost:11434/v1/"}, "http://localhost:11434/v1/chat/completions"),
        (
            {"base_url": "http://localhost:8080", "surface": "responses"},
            "http://localhost:8080/responses",
        ),
        (
            {"base_url": "http://127.0.0.1:99/client/v4"},
            f"http://127.0.0.1:99/client/v4/accounts/acc/ai/run/{MODEL}",
        ),
    ],
)
def test_section_1_urls(settings: dict[str, Any], url: str) -> None:
    assert locate(MODEL, account_id="acc", **settings).url == url


COMPAT = "https://gateway.ai.cloudflare.com/v1/acc/gw/compat"


@pytest.mark.parametrize(
    ("model", "sent"),
    [
        (MODEL, f"workers-ai/{MODEL}"),
        (f"workers-ai/{MODEL}", f"workers-ai/{MODEL}"),
        ("openai/gpt-5", "openai/gpt-5"),
    ],
)
def test_section_1_compat_names_the_provider_before_the_model(model: str, sent: str) -> None:
    with WorkersAI(model, base_url=COMPAT, api_token="t") as ai:
        question = ai.question("hi")
        assert ai.endpoint.url == f"{COMPAT}/chat/completions"
        assert ai.body(question)["model"] == sent
        assert ai.endpoint.cloudflare
        assert ai.model.context_window == (None if "gpt" in model else 131_072)


def test_section_1_compat_over_http() -> None:
    with StandIn([say("Hello.")]) as standin:
        base_url = f"{standin.root}/v1/{standin.account_id}/gw/compat"
        with WorkersAI(MODEL, base_url=base_url, api_token=standin.token) as ai:
            assert ai.ask(ai.question("hi")).text == "Hello."
        assert (standin.requests[0].model, standin.complaints) == (MODEL, [])


@pytest.mark.parametrize("model", ["dynamic/support", "cloudflare/auto"])
def test_section_1_routed_models_live_behind_chat_completions(model: str) -> None:
    endpoint = locate(model, account_id="acc")
    assert (endpoint.surface, endpoint.url) == ("chat", f"{API}/ai/v1/chat/completions")


@pytest.mark.parametrize("model", ["anthropic/claude-sonnet-4-5", "openai/gpt-5", "dynamic/x"])
def test_section_12_third_party_models_live_behind_chat_completions(model: str) -> None:
    found = locate(model, account_id="acc")
    assert (found.url, found.surface) == (f"{API}/ai/v1/chat/completions", "chat")


@pytest.mark.parametrize(
    "model",
    ["", "@cf/../../x", "@cf/a?b", "@cf/a#b", "a b", "/a", "@cf//a", "a\nb", "@cf/a/..", "é"],
)
def test_a_model_s_name_cannot_leave_its_place_in_the_path(model: str) -> None:
    with pytest.raises(SettingsError, match="not the name of a model"):
        locate(model, account_id="acc")


@pytest.mark.parametrize(
    ("settings", "text"),
    [
        ({"account_id": None}, "account_id is missing"),
        ({"base_url": "ftp://x/v1"}, r"not an http\(s\) URL"),
        ({"base_url": "https://u:p@x/v1"}, "may not hold"),
        ({"base_url": "https://x/v1?a=b"}, "may not hold"),
        ({"base_url": "https://x/v1", "surface": "run"}, "has no /ai/run"),
    ],
)
def test_settings_that_lead_nowhere(settings: dict[str, Any], text: str) -> None:
    with pytest.raises(SettingsError, match=text):
        locate(MODEL, **{"account_id": "acc", **settings})


def test_section_1_gateway_headers() -> None:
    gateway = Gateway(
        "gw",
        skip_cache=True,
        cache_ttl=3,
        cache_key="k",
        collect_log=False,
        metadata={"team": 1},
        event_id="e",
        request_timeout=1000,
        max_attempts=2,
        retry_delay=10,
        backoff="linear",
        custom_cost={"per_token_in": 1},
        byok_alias="b",
        zdr=True,
        token="secret-gateway-token",
    )
    assert gateway.headers() == {
        "cf-aig-gateway-id": "gw",
        "cf-aig-skip-cache": "true",
        "cf-aig-cache-ttl": "3",
        "cf-aig-cache-key": "k",
        "cf-aig-collect-log": "false",
        "cf-aig-metadata": '{"team": 1}',
        "cf-aig-event-id": "e",
        "cf-aig-request-timeout": "1000",
        "cf-aig-max-attempts": "2",
        "cf-aig-retry-delay": "10",
        "cf-aig-backoff": "linear",
        "cf-aig-custom-cost": '{"per_token_in": 1}',
        "cf-aig-byok-alias": "b",
        "cf-aig-zdr": "true",
        "cf-aig-authorization": "Bearer secret-gateway-token",
    }
    assert gateway.binding_options() == {
        "id": "gw",
        "skipCache": True,
        "cacheTtl": 3,
        "cacheKey": "k",
        "collectLog": False,
        "metadata": {"team": 1},
        "eventId": "e",
        "requestTimeout": 1000,
        "maxAttempts": 2,
        "retryDelay": 10,
        "backoff": "linear",
        "customCost": {"per_token_in": 1},
        "byokAlias": "b",
        "zdr": True,
    }
    assert "secret" not in repr(gateway)
    assert "cf-aig-gateway-id" not in Gateway("gw", old_url=True).headers()


# --- credentials -------------------------------------------------------------------------------


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CLOUDFLARE_ACCOUNT_ID", "acc")
    monkeypatch.setenv("CLOUDFLARE_API_TOKEN", "canary-token")


@pytest.mark.usefixtures("environment")
def test_credentials_come_from_the_environment() -> None:
    with WorkersAI() as ai:
        assert ai.endpoint.url == f"{API}/ai/run/{MODEL}"
        assert ai.headers(ai.question("hi"))["authorization"] == "Bearer canary-token"


@pytest.mark.usefixtures("environment")
@pytest.mark.parametrize(
    "base_url",
    [
        "https://evil.example/v1",
        "https://cloudflare.com.evil.example/v1",
        "https://evilcloudflare.com/v1",
        "http://localhost:1/client/v4",
    ],
)
def test_the_environment_s_token_goes_to_cloudflare_only(base_url: str) -> None:
    with WorkersAI("m", base_url=base_url) as ai:
        assert "authorization" not in ai.headers(ai.question("hi"))


def test_a_missing_token_is_said_before_anything_is_sent(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("CLOUDFLARE_API_TOKEN", raising=False)
    with pytest.raises(ConfigurationError, match="CLOUDFLARE_API_TOKEN"):
        WorkersAI(account_id="acc")


@pytest.mark.parametrize("token", ["", "a\nb", "é", " \n", "a\x00b"])
def test_a_token_that_is_no_header_is_refused_without_quoting_it(token: str) -> None:
    with pytest.raises(ConfigurationError) as raised:
        WorkersAI(account_id="acc", api_token=token)
    assert str(raised.value).startswith("api_token cannot be sent in a header: it ")


def test_a_token_goes_over_plain_http_only_when_told_to() -> None:
    place: dict[str, Any] = {"model": "m", "base_url": "http://gpu.example/v1", "api_token": "t"}
    with pytest.raises(SettingsError, match="allow_http"):
        WorkersAI(**place)
    with WorkersAI(allow_http=True, **place) as ai:
        assert ai.headers(ai.question("hi"))["authorization"] == "Bearer t"


@pytest.mark.parametrize("kind", [WorkersAI, AsyncWorkersAI])
def test_the_token_shows_nowhere(kind: Any) -> None:
    ai = kind(account_id="acc", api_token="canary-token", gateway=Gateway("g", token="canary-2"))
    shown = f"{ai!r} {vars(ai)} {ai.endpoint} {ai.policy} {ai.gateway}"
    assert "canary" not in shown
    with pytest.raises(TypeError, match="cannot be pickled"):
        ai._token.__reduce__()


def test_session_affinity_and_gateway_go_to_cloudflare_only() -> None:
    with WorkersAI(account_id="acc", api_token="t", gateway="gw") as ai:
        question = dataclasses.replace(ai.question("hi"), session="s1")
        headers = ai.headers(question)
        assert headers["x-session-affinity"] == "s1"
        assert headers["cf-aig-gateway-id"] == "gw"
    with WorkersAI("m", base_url="http://localhost:1/v1", reject_if_busy=True) as ai:
        assert "x-session-affinity" not in ai.headers(question)
        assert "options" not in ai.body(question)


@pytest.mark.parametrize(
    ("settings", "text"),
    [
        ({"api_key": "k"}, "did you mean api_token"),
        ({"token": "k"}, "did you mean api_token"),
        ({"acount_id": "a"}, "did you mean account_id"),
        ({"max_retry": 1}, "did you mean max_retries"),
        ({"timeout": "3"}, "timeout is a number"),
        ({"timeout": 0}, "timeout is a number"),
        ({"max_retries": 1.5}, "max_retries is a whole number"),
        ({"max_tokens": 0}, "max_tokens is a whole number"),
        ({"price": 3}, "price is US dollars"),
        ({"price": (1, "2")}, "price is a number"),
        ({"surface": "v1"}, "surface is one of 'run', 'chat', 'responses'"),
        ({"form": "openai"}, "form is one of"),
        ({"gateway": 7}, "gateway is an id or a Gateway"),
        ({"model": WorkersAI}, "not the class WorkersAI"),
        ({"http_client": object()}, "http_client is an httpx"),
    ],
)
@pytest.mark.parametrize("kind", [WorkersAI, AsyncWorkersAI])
def test_settings_that_cannot_be_meant(kind: Any, settings: dict[str, Any], text: str) -> None:
    with pytest.raises(SettingsError, match=text):
        kind(**{"account_id": "a", "api_token": "t", **settings})


@pytest.mark.parametrize("name", ["temperature", "seed", "models", "format", "top_p", "stop"])
def test_fields_of_bodies_are_not_taken_for_settings(name: str) -> None:
    fields: dict[str, Any] = {name: 1}
    with WorkersAI(MODEL, account_id="a", api_token="t", **fields) as ai:
        assert ai.body(ai.question("hi"))[name] == 1


def test_a_client_of_the_other_kind_is_refused() -> None:
    with pytest.raises(SettingsError, match=r"an httpx\.Client, not AsyncClient"):
        WorkersAI(account_id="a", api_token="t", http_client=httpx.AsyncClient())  # type: ignore[arg-type]
    with httpx.Client() as http, pytest.raises(SettingsError, match="not Client"):
        AsyncWorkersAI(account_id="a", api_token="t", http_client=http)  # type: ignore[arg-type]


def test_section_1_reject_if_busy_goes_into_the_body() -> None:
    for surface in ("run", "chat"):
        with WorkersAI(account_id="acc", api_token="t", surface=surface, reject_if_busy=True) as ai:
            assert ai.body(ai.question("hi"))["options"] == {"rejectIfBusy": True}


@pytest.mark.parametrize("account", ["..", ".", "a/b", "a?b", "a b", "ä", "%2e%2e", "a\n", ""])
def test_an_account_id_is_one_step_of_a_path(account: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CLOUDFLARE_ACCOUNT_ID", raising=False)
    for gateway in (None, Gateway("g", old_url=True)):
        with pytest.raises(SettingsError, match="account_id is ") as raised:
            WorkersAI(account_id=account, api_token="t", gateway=gateway)
        assert "\n" not in str(raised.value)


@pytest.mark.parametrize("name", ["../evil", "..", "a/b", "ä", "", "a b", "a\r\nx: y"])
def test_a_gateway_s_id_is_one_step_of_a_path(name: str) -> None:
    with pytest.raises(SettingsError, match="gateway's id is letters"):
        WorkersAI(account_id="a", api_token="t", gateway=name)


@pytest.mark.parametrize("options", [{"token": "tökén"}, {"cache_key": "a\nb"}, {"event_id": "é"}])
def test_what_no_header_can_hold_is_refused(options: Any) -> None:
    with pytest.raises(SettingsError, match="cannot be sent") as raised:
        Gateway("g", **options)
    assert next(iter(options.values())) not in str(raised.value)
