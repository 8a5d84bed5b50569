"""Where requests go: Cloudflare's API, a gateway, or any OpenAI-compatible server.

URLs, headers of the gateway, and the same options for a Worker's binding (contract
section 1). Pure.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any, Literal, get_args
from urllib.parse import urlsplit

from ..errors import SettingsError
from ..request.outgoing import unsendable
from .checks import require_choice
from .model import PROVIDER

Surface = Literal["run", "chat", "responses"]
"""`/ai/run/{model}`, `/ai/v1/chat/completions` or `/ai/v1/responses`."""

API_ROOT = "https://api.cloudflare.com/client/v4"
GATEWAY_ROOT = "https://gateway.ai.cloudflare.com/v1"
_MODEL = re.compile(r"@?[A-Za-z0-9][\w.:-]*(/@?[A-Za-z0-9][\w.:-]*)*", re.ASCII)
_ID = re.compile(r"(?!\.+$)[\w.-]{1,100}", re.ASCII)
_COMPAT = re.compile(r"/v1/[^/]+/[^/]+/compat$")
_OPENAI_FORM_OF_OURS = re.compile(
    rf"/(accounts/[^/]+/ai|workers-ai)/v1$|{_COMPAT.pattern}"
)
_BESIDE = re.compile(r"(.*/accounts/[^/]+/ai|.*/v1/[^/]+/[^/]+/workers-ai)/")
_PATHS: Mapping[Surface, str] = {
    "chat": "/chat/completions",
    "responses": "/responses",
}


@dataclass(frozen=True, slots=True)
class Gateway:
    """An AI Gateway and its options; names and units as Cloudflare's headers have them.

    `cache_ttl` counts seconds, `request_timeout` and `retry_delay` milliseconds.
    `token` authenticates at the gateway; it is never shown. `old_url` uses the gateway's
    own host instead of a header on the API.
    """

    id: str
    skip_cache: bool | None = None
    cache_ttl: int | None = None
    cache_key: str | None = None
    collect_log: bool | None = None
    metadata: Mapping[str, Any] | None = None
    event_id: str | None = None
    request_timeout: int | None = None
    max_attempts: int | None = None
    retry_delay: int | None = None
    backoff: Literal["constant", "linear", "exponential"] | None = None
    custom_cost: Mapping[str, Any] | None = None
    byok_alias: str | None = None
    zdr: bool | None = None
    token: str | None = None
    old_url: bool = False

    def __post_init__(self) -> None:
        """Raises SettingsError for what is no id, and for what no header can hold."""
        _check_id(self.id, "the gateway's id")
        texts = [(name, _header_text(value)) for name, value in self._options()]
        if self.token is not None:
            texts.append(("token", self.token))
        for name, text in texts:
            if why := unsendable(text):
                raise SettingsError(f"the gateway's {name} cannot be sent: {why}")

    def __repr__(self) -> str:
        return f"Gateway({self.id!r})"

    def headers(self) -> dict[str, str]:
        """The `cf-aig-*` headers of these options."""
        found = {} if self.old_url else {"cf-aig-gateway-id": self.id}
        for name, value in self._options():
            found["cf-aig-" + name.replace("_", "-")] = _header_text(value)
        if self.token:
            found["cf-aig-authorization"] = f"Bearer {self.token}"
        return found

    def binding_options(self) -> dict[str, Any]:
        """The same as `options.gateway` of `env.AI.run` (section 9), in camel case."""
        options = {_camel(name): value for name, value in self._options()}
        return {"id": self.id, **options}

    def _options(self) -> list[tuple[str, Any]]:
        plain = [
            f.name for f in fields(self) if f.name not in ("id", "token", "old_url")
        ]
        pairs = [(name, getattr(self, name)) for name in plain]
        return [(name, value) for name, value in pairs if value is not None]


def _header_text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return value if isinstance(value, str) else json.dumps(value)


def _camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(word.capitalize() for word in rest)


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One URL to POST to. `cloudflare` is False for servers that only speak OpenAI.

    `prefix` stands before the model's name in the body: a gateway's `/compat` needs to be
    told whose model it is.
    """

    url: str
    surface: Surface
    cloudflare: bool
    prefix: str = ""

    def beside(self, model: str) -> Endpoint:
        """Where another model of Cloudflare's is asked by `/ai/run`, on the same account.

        Raises SettingsError where that is not known.
        """
        base = _BESIDE.match(self.url)
        if base is None:
            raise SettingsError(
                f"{model} is a model of Cloudflare's, and {self.url.partition('?')[0]} has no "
                "/ai/run beside it"
            )
        account = base[1].endswith("/ai")
        return Endpoint(f"{base[1]}/{'run/' if account else ''}{model}", "run", True)


def locate(
    model: str,
    *,
    surface: Surface | None = None,
    base_url: str | None = None,
    account_id: str | None = None,
    gateway: Gateway | None = None,
) -> Endpoint:
    """The endpoint for a model. Raises SettingsError where something is missing.

    `base_url` may be Cloudflare's API root (`.../client/v4`), an account's `.../ai` or
    `.../ai/v1`, a gateway's `.../workers-ai`, `.../workers-ai/v1` or `.../compat`, or the
    base of any OpenAI-compatible server (`http://localhost:11434/v1`), where a model may have
    any name.
    """
    base = (base_url or API_ROOT).rstrip("/")
    _check_url(base)
    if gateway is not None and gateway.old_url:
        root = GATEWAY_ROOT if base_url is None else base
        base = f"{root}/{_need(account_id, 'account_id')}/{gateway.id}/workers-ai"
    elif base.endswith("/client/v4"):
        base = f"{base}/accounts/{_need(account_id, 'account_id')}/ai"
    chosen = surface or _default_surface(base, model)
    require_choice("surface", chosen, get_args(Surface))
    kind = _base_kind(base)
    ours = kind != "openai" or bool(_OPENAI_FORM_OF_OURS.search(base))
    if not (_MODEL.fullmatch(model) if ours else model.strip()):
        raise SettingsError(f"not the name of a model: {ascii(model)[:100]}")
    prefix = PROVIDER if _COMPAT.search(base) and model.startswith("@") else ""
    return Endpoint(base + _tail(kind, chosen, model), chosen, ours, prefix)


def _need(value: str | None, name: str) -> str:
    if not value:
        variable = f"CLOUDFLARE_{name.upper()}"
        raise SettingsError(f"{name} is missing: give it or set {variable}")
    _check_id(value, name)
    return value


def _check_id(value: object, name: str) -> None:
    """An id becomes a step of a URL's path, and may be nothing else there."""
    if not isinstance(value, str) or not _ID.fullmatch(value):
        raise SettingsError(
            f"{name} is letters, digits, '-', '_' and '.', not {ascii(value)[:100]}"
        )


def _check_url(base: str) -> None:
    parts = urlsplit(base)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise SettingsError(f"not an http(s) URL: {ascii(base)[:100]}")
    if parts.query or parts.fragment or parts.username or parts.password:
        raise SettingsError("base_url may not hold a query, a fragment or a login")


def _base_kind(base: str) -> Literal["account", "gateway", "openai"]:
    if re.search(r"/accounts/[^/]+/ai$", base):
        return "account"
    return "gateway" if base.endswith("/workers-ai") else "openai"


def _default_surface(base: str, model: str) -> Surface:
    """`dynamic/...`, `cloudflare/auto` and models of others (`author/model`) live behind chat
    completions."""
    routed = "/" in model and not model.removeprefix(PROVIDER).startswith("@")
    return "chat" if routed or _base_kind(base) == "openai" else "run"


def _tail(
    kind: Literal["account", "gateway", "openai"], surface: Surface, model: str
) -> str:
    """What follows the base; the model stands in the path as it is (section 1)."""
    if surface != "run":
        return ("" if kind == "openai" else "/v1") + _PATHS[surface]
    if kind == "openai":
        raise SettingsError("this base_url has no /ai/run: use surface='chat'")
    return f"/run/{model}" if kind == "account" else f"/{model}"
