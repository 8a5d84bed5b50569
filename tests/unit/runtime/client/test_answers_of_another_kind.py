"""A typed method gives what it promises: an answer of another kind is an error, not a text."""

from __future__ import annotations

import pytest
from toolbind_runtime import Api
from toolbind_runtime.contract import ValueRow
from toolbind_runtime.errors import AnswerError

from tests.unit.runtime.http_support import Reply, make_api, replies, serving, typed

PETS = b'[{"id": 1}]'


def api_of(accept: str) -> Api:
    arguments: dict[str, ValueRow] = {"id": {"in": "path"}}
    return make_api(
        {"read": {"method": "GET", "path": "/{id}", "accept": accept, "arguments": arguments}}
    )


@pytest.mark.parametrize("kind", ["sync", "async"])
@pytest.mark.parametrize(
    ("accept", "media_type", "body", "value"),
    [
        ("application/json", "application/json", PETS, [{"id": 1}]),
        ("application/json", "application/vnd.pets+json; charset=utf-8", PETS, [{"id": 1}]),
        ("application/json", "text/plain", PETS, [{"id": 1}]),
        ("application/json", "text/plain", b"", None),
        ("application/json, text/plain", "text/plain", b"Later.", "Later."),
        ("text/csv", "text/plain", b"id\n1", "id\n1"),
        ("application/pdf", "application/octet-stream", b"%PDF", b"%PDF"),
        ("*/*", "text/html", b"<p>", "<p>"),
        ("a/b, c/d, e/f, application/json", "text/html", b"<p>", "<p>"),
    ],
)
def test_what_was_promised_is_given(
    kind: str, accept: str, media_type: str, body: bytes, value: object
) -> None:
    api = api_of(accept)
    with serving(replies(Reply(200, body, {"Content-Type": media_type}))) as server:
        assert typed(kind, server.url, api=api, allow_http=True) == value


@pytest.mark.parametrize("kind", ["sync", "async"])
@pytest.mark.parametrize(
    ("accept", "media_type", "body"),
    [
        ("application/json", "text/html", b"<title>Sign in</title>"),
        ("application/json", "text/plain", b"Come again tomorrow."),
        ("application/json", "application/octet-stream", b"\0"),
        ("application/pdf", "application/json", b"{}"),
        ("text/csv, application/json", "application/zip", b"PK"),
    ],
)
def test_anything_else_is_an_error_that_says_both(
    kind: str, accept: str, media_type: str, body: bytes
) -> None:
    api = api_of(accept)
    with (
        serving(replies(Reply(200, body, {"Content-Type": media_type}))) as server,
        pytest.raises(AnswerError) as caught,
    ):
        typed(kind, server.url, api=api, allow_http=True)
    assert f"is {media_type}, and the document names {accept}" in str(caught.value)
    assert caught.value.status_code == 200
