"""Secrets in what an API echoes: whatever a decoder of the answer undoes, they are masked."""

from __future__ import annotations

import html
import json
import time
from collections.abc import Callable
from urllib.parse import quote, quote_plus

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from toolbind_runtime.basics.secrets import MASK, Redactor
from toolbind_runtime.basics.text import visible

from generated import petstore
from tests.unit.runtime.pets import BASE_URL

Spell = Callable[[str], str]

SPELLINGS: dict[str, Spell] = {
    "as it is": str,
    "percent": lambda s: quote(s, safe=""),
    "percent, small": lambda s: "".join(f"%{byte:02x}" for byte in s.encode()),
    "percent, some characters safe": lambda s: quote(s, safe="/:@!$&'()*,;="),
    "percent and plus": quote_plus,
    "percent twice": lambda s: quote(quote(s, safe=""), safe=""),
    "html": html.escape,
    "decimal entities": lambda s: "".join(f"&#{ord(c)};" for c in s),
    "entities without an end": lambda s: "".join(f"&#x{ord(c):06X}" for c in s),
    "hexadecimal entities": lambda s: "".join(f"&#x{ord(c):x};" for c in s),
    "json": lambda s: json.dumps(s)[1:-1],
    "json, every character": lambda s: "".join(
        f"\\u{unit:04x}" for unit in memoryview(s.encode("utf-16-le")).cast("H")
    ),
    "json in json": lambda s: json.dumps(json.dumps(s)[1:-1])[1:-1],
    "javascript": lambda s: s.replace("\\", "\\\\").replace("/", "\\/"),
    "python": lambda s: s.encode("unicode_escape").decode(),
    "zero-width between": "\u200b".join,
    "soft hyphens and joiners between": "\xad\u2060".join,
}

secrets = st.text(
    st.characters(min_codepoint=0x20, max_codepoint=0x2FF, exclude_categories=("Cc", "Cf", "Cs")),
    min_size=4,
    max_size=40,
).filter(lambda text: visible(text) == text)


@pytest.mark.parametrize("spelling", SPELLINGS)
@given(secret=secrets)
def test_no_spelling_of_a_secret_is_shown(spelling: str, secret: str) -> None:
    redactor = Redactor([secret])
    echoed = SPELLINGS[spelling](secret)
    shown = visible(redactor.text(f"before {echoed} after"))
    assert MASK in shown
    assert secret not in shown
    assert secret not in html.unescape(shown)
    assert echoed not in shown


@given(secret=secrets, text=st.text(max_size=60))
def test_text_without_a_secret_stays(secret: str, text: str) -> None:
    if secret.lower() in html.unescape(text).lower():
        return
    assert Redactor(["canary-of-thirty-two-characters-x"]).text(text) == text


KEY = "canary-key/with+signs&more"

ENCODED = [
    ("application/json", "utf-8"),
    ("application/json; charset=utf-16", "utf-16"),
    ("application/json; charset=utf-16le", "utf-16-le"),
    ("application/json; charset=utf-32be", "utf-32-be"),
    ("application/json; charset=cp037", "cp037"),
    ("application/json; charset=utf-7", "utf-7"),
    ("text/plain; charset=utf-16", "utf-16"),
    ("text/plain; charset=utf-16be", "utf-16-be"),
    ("text/plain; charset=cp500", "cp500"),
    ("text/html; charset=utf-7", "utf-7"),
    ("application/octet-stream", "utf-8"),
    ("application/octet-stream", "utf-16"),
]


@pytest.mark.parametrize(("kind", "encoding"), ENCODED)
@pytest.mark.parametrize("status", [200, 400, 500])
def test_an_echo_in_any_encoding_reaches_nobody(kind: str, encoding: str, status: int) -> None:
    body = json.dumps({"echo": KEY, "again": quote(KEY, safe=""), "list": [[KEY]]})

    def answer(request: httpx.Request) -> httpx.Response:
        content = body.encode(encoding)
        return httpx.Response(status, headers={"content-type": kind}, content=content)

    http = httpx.Client(transport=httpx.MockTransport(answer))
    client = petstore.Petstore(BASE_URL, api_key=KEY, http_client=http, max_retries=0)
    result = petstore.call_tool("get_pet", {"pet_id": 7}, client=client)
    for shown in (result.content, repr(result.data)):
        assert KEY not in shown
        assert quote(KEY, safe="") not in shown
    if isinstance(result.data, bytes):
        assert KEY.encode(encoding).removeprefix(b"\xff\xfe") not in result.data


def test_looking_for_secrets_is_linear() -> None:
    redactor = Redactor(["canary-key", "canary-other-key"])
    for piece in ("\\", "&#0", "%25", "can", "c\u200b", "c" + "\u200b" * 50, "&#99;", "+"):
        spent = []
        for count in (10_000, 200_000):
            started = time.process_time()
            redactor.text(piece * count)
            spent.append(max(time.process_time() - started, 1e-3))
        assert spent[1] < 60 * spent[0], piece
