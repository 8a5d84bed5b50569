"""Which of Workers AI's addresses a path is (contract section 1). Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

Surface = Literal["run", "chat", "responses"]

_ACCOUNT = r"/client/v4/accounts/(?P<account>[^/]+)/ai"
_GATEWAY = r"/v1/(?P<account>[^/]+)/(?P<gateway>[^/]+)/workers-ai"
_ROUTES: tuple[tuple[str, Surface], ...] = (
    (_ACCOUNT + r"/v1/chat/completions", "chat"),
    (_ACCOUNT + r"/v1/responses", "responses"),
    (_ACCOUNT + r"/v1/(?P<list>models)", "chat"),
    (_ACCOUNT + r"/run/(?P<model>.+)", "run"),
    (_GATEWAY + r"/v1/chat/completions", "chat"),
    (_GATEWAY + r"/v1/responses", "responses"),
    (_GATEWAY + r"/run/(?P<model>.+)", "run"),
    (_GATEWAY + r"/(?P<model>@.+)", "run"),
    (r"/v1/(?P<account>[^/]+)/(?P<gateway>[^/]+)/(?P<compat>compat)/chat/completions", "chat"),
    (r"/v1/chat/completions", "chat"),
    (r"/v1/responses", "responses"),
    (r"/v1/(?P<list>models)", "chat"),
    (r"(?P<binding>(?:/ai-gateway)?/run)", "run"),
)


@dataclass(frozen=True, slots=True)
class Route:
    """`model` is empty where the body names it; `account` where the path has none.

    `binding` is set where workerd's class `Ai` asks: there a header names the model, the body
    holds `inputs` and `options`, and answers come without an envelope (section 9). `compat` is set
    where the name of a model of ours begins with `workers-ai/` (section 1). `list` is set where
    OpenAI lists models: Workers AI serves nothing there (section 12), other servers do.
    """

    surface: Surface
    account: str = ""
    gateway: str = ""
    model: str = ""
    binding: str = ""
    compat: str = ""
    list: str = ""


def route(path: str) -> Route | None:
    """The route of a path without its query; the model stands in it unescaped."""
    for pattern, surface in _ROUTES:
        found = re.fullmatch(pattern, path)
        if found:
            return Route(surface, **found.groupdict())
    return None
