"""Answers: decoded by what they are, and shown to the model in a form that it can take in."""

from __future__ import annotations

import json
import math
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from toolbind_runtime import errors
from toolbind_runtime.basics.secrets import Redactor
from toolbind_runtime.basics.text import clip, estimate_tokens, quoted, visible
from toolbind_runtime.client.results import answered, failed, raise_for_status
from toolbind_runtime.client.shaping import dump, narrowing, select, shape
from toolbind_runtime.errors import (
    AnswerError,
    ApiError,
    StatusError,
    ToolbindError,
    UnknownToolError,
    status_error,
)
from toolbind_runtime.records.exchange import ToolResult
from toolbind_runtime.transport.answers import Answer, is_stream
from toolbind_runtime.transport.decoding import decode

from tests.effort import examples
from tests.unit.runtime.http_support import make_api

NO_SECRETS = Redactor([])
OPERATION = make_api(
    {
        "list_pets": {
            "method": "GET",
            "path": "/pets/{id}",
            "arguments": {"id": {"in": "path"}, "per_page": {"in": "query"}, "q": {"in": "query"}},
        }
    }
).operation("list_pets")


def answer(
    content: bytes | str, media_type: str | None = "application/json", status: int = 200, **h: str
) -> Answer:
    headers = {name.replace("_", "-"): value for name, value in h.items()}
    if media_type is not None:
        headers["content-type"] = media_type
    return Answer(status, headers, content.encode() if isinstance(content, str) else content)


def result(given_answer: Answer, tokens: int = 4000, **options: Any) -> ToolResult:
    return answered(OPERATION, given_answer, NO_SECRETS, tokens=tokens, **options)


# --- decoding ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "media_type", "expected"),
    [
        ('{"a": 1}', "application/json", {"a": 1}),
        ('{"a": 1}', "application/problem+json; charset=utf-8", {"a": 1}),
        ("\ufeff[1]", "application/json", [1]),
        ("[1]".encode("utf-16"), "application/json", [1]),
        ('"é"'.encode("latin-1"), "application/json; charset=latin-1", "é"),
        (b"", "application/json", None),
        ('{"a":1}\n\n"b"\n', "application/x-ndjson", [{"a": 1}, "b"]),
        ("\x1e1\n\x1e2\n", "application/json-seq", [1, 2]),
        ('data: {"a": 1}\n\ndata: x\ndata: y\n\n', "text/event-stream", [{"a": 1}, "x\ny"]),
        ("plain", "text/plain", "plain"),
        ('{"a": 1}', "text/plain", {"a": 1}),
        ("{not json", "text/plain", "{not json"),
        ("12", "text/plain", "12"),
        ("<a/>", "application/xml", "<a/>"),
        ("<p>", "text/html; charset=utf-8", "<p>"),
        ("é".encode("latin-1"), 'text/csv; charset="ISO-8859-1"', "é"),
        (b"a\xff", "text/plain; format=flowed", "a\ufffd"),
        ("é", "text/plain; charset=nonsense", "é"),
        ("a: 1", "application/yaml", "a: 1"),
        (b"\x89PNG", "image/png", b"\x89PNG"),
        ('{"a": 1}', None, {"a": 1}),
        ("text", None, "text"),
        (b"\xff\xfe\x00", None, b"\xff\xfe\x00"),
    ],
)
def test_decoding(content: Any, media_type: str | None, expected: Any) -> None:
    assert decode(answer(content, media_type)) == expected


@pytest.mark.parametrize(
    ("content", "media_type", "message"),
    [
        ("<html>", "application/json", "not valid JSON"),
        ("{", "application/json", "not valid JSON"),
        (b"\xff\xff", "application/json", "not UTF-8"),
        ("[" * 100_000, "application/json", "nested too deeply"),
        ("1" * 5000, "application/json", "not valid JSON"),
        ('{"a":1}\n{\n{}', "application/x-ndjson", "line 2"),
    ],
)
def test_what_says_it_is_json_and_is_not(content: Any, media_type: str, message: str) -> None:
    with pytest.raises(AnswerError, match=message) as caught:
        decode(answer(content, media_type, 201), method="GET", path="/x")
    assert (caught.value.status_code, caught.value.path) == (201, "/x")
    if message != "line 2":
        found = result(answer(content, media_type))
        assert (found.ok, found.error, found.status_code) == (False, "bad-answer", 200)


def test_cut_answers() -> None:
    cut = answer('{"n":1}\n{"n"', "application/jsonl")
    cut.complete = False
    assert decode(cut) == [{"n": 1}]
    cut = answer('data: {"n": 1}\n\ndata: {"n":', "text/event-stream")
    cut.complete = False
    assert decode(cut) == [{"n": 1}]
    cut = answer("[1,", "application/json")
    cut.complete = False
    with pytest.raises(AnswerError, match="cut at the limit"):
        decode(cut)


def test_oversized_events_are_an_answer_that_cannot_be_read() -> None:
    with pytest.raises(AnswerError, match="too long"):
        decode(answer(b"data: " + b"x" * (17 * 1024 * 1024), "text/event-stream"))


def test_answers_say_little_about_themselves() -> None:
    assert repr(answer("secret")) == "<Answer 200: 6 bytes>"


def test_streams() -> None:
    assert is_stream("text/event-stream; charset=utf-8")
    assert is_stream("application/x-ndjson")
    assert not is_stream("application/json")


@settings(max_examples=examples(300))
@given(
    st.binary(max_size=200),
    st.sampled_from(["application/json", "text/plain", "", "text/event-stream", "a/x", "image/x"]),
)
def test_any_bytes_decode_or_are_an_answer_error(content: bytes, media_type: str) -> None:
    try:
        decode(answer(content, media_type))
    except AnswerError:
        assert media_type == "application/json"
    json.loads(result(answer(content, media_type)).content)


# --- the text for the model ----------------------------------------------------------------------


def test_good_answers() -> None:
    assert result(answer('{"a": [1, "é"]}')).content == '{"status":200,"body":{"a":[1,"é"]}}'
    assert result(answer("", None, 204)) == ToolResult(True, '{"status":204}', None, 204)
    assert result(answer("null")).content == '{"status":200}'
    found = result(answer(b"\x89PNG", "image/png"))
    assert found.content == '{"status":200,"body":"<4 bytes of image/png>"}'
    assert found.data == b"\x89PNG"
    found = result(answer(b"\xff\xfe", None))
    assert found.content == '{"status":200,"body":"<2 bytes of unknown type>"}'


def test_long_arrays_are_shortened_with_a_count_and_a_way_out() -> None:
    rows = [{"id": n, "text": "x" * 50} for n in range(5000)]
    found = result(answer(json.dumps(rows)), tokens=1000)
    shown = json.loads(found.content)
    assert estimate_tokens(found.content) <= 1100
    *kept, note = shown["body"]
    assert kept == rows[: len(kept)]
    assert len(kept) > 10
    assert note == f"... {5000 - len(kept):,} more of 5,000 items"
    assert shown["note"] == (
        "Shortened. To see what is missing, narrow the call (fewer items: per_page; a search: q)."
    )
    assert found.data == rows


def test_ways_to_narrow() -> None:
    assert "fields: " in narrowing(["$select"]) or narrowing(["fields"]).count("fields") == 2
    assert narrowing(["id"]).startswith("Shortened. Ask for something more specific")


def test_hidden_characters_are_dropped() -> None:
    hidden = "a\u200b\u202e\u2066\ufeff\x1b[31m\x00\U000e0041\ue000\u00ad\ufe0fb"
    found = result(answer(json.dumps({hidden: [hidden]})))
    assert json.loads(found.content)["body"] == {"a[31mb": ["a[31mb"]}
    assert found.data == {hidden: [hidden]}
    assert visible("tab\tline\nokay é 中 👍") == "tab\tline\nokay é 中 👍"


def test_numbers_that_json_does_not_know() -> None:
    assert json.loads(result(answer("[NaN, Infinity, 1]")).content)["body"] == ["nan", "inf", 1]


def test_fields_are_picked() -> None:
    value = {
        "items": [{"id": 1, "owner": {"login": "a", "url": "b"}, "x": 0}, {"id": 2}, 3],
        "total": 2,
        "rest": "y",
    }
    wanted = ["items.id", "items.owner.login", "total", "missing.deep"]
    assert select(value, wanted) == {
        "items": [{"id": 1, "owner": {"login": "a"}}, {"id": 2}, 3],
        "total": 2,
    }
    assert select([value], []) == [value]
    found = result(answer(json.dumps(value)), fields=["total"])
    assert found.content == '{"status":200,"body":{"total":2}}'
    assert found.data == value


@pytest.mark.parametrize(
    "content", [b'{"a": "\\u0063anary-key"}', '{"a": "canary-key"}'.encode("utf-16")]
)
def test_secrets_behind_escapes_are_masked(content: bytes) -> None:
    found = answered(OPERATION, answer(content), Redactor(["canary-key"]), tokens=4000)
    assert found.content == '{"status":200,"body":{"a":"***"}}'
    assert found.data == {"a": "***"}


# --- shaping -------------------------------------------------------------------------------------

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.text(min_size=500),
    lambda inner: st.lists(inner, max_size=30) | st.dictionaries(st.text(), inner, max_size=30),
    max_leaves=60,
)


@settings(max_examples=examples(150), deadline=None)
@given(json_values, st.integers(30, 2000))
def test_shaping_gives_whole_json_within_its_tokens(value: Any, tokens: int) -> None:
    shaped = shape(value, tokens)
    assert json.loads(shaped.text) == shaped.value
    assert estimate_tokens(shaped.text) <= tokens
    if not shaped.shortened and shaped.value == value:
        assert shaped.text == dump(value)


def test_shaping_tries_to_keep_the_outline() -> None:
    value = {f"key{n}": {"deep": [{"text": "word " * 200}] * 20} for n in range(10)}
    shaped = shape(value, 600)
    assert shaped.shortened
    assert list(shaped.value)[:4] == ["key0", "key1", "key2", "key3"]
    wide = shape({f"k{n}": n for n in range(1000)}, 200)
    assert wide.value["..."].endswith("more of 1,000 members")


def test_shaping_of_endless_depth() -> None:
    deep: Any = 1
    for _ in range(3000):
        deep = [deep]
    shaped = shape(deep, 500)
    assert "[1 items]" in shaped.text
    shaped = shape({"a": {"b": {"c": {"d": {"e": "x" * 999}}}}}, 30)
    assert json.loads(shaped.text) == shaped.value


def test_shaping_of_long_text_keeps_its_beginning() -> None:
    shaped = shape("word " * 10_000, 100)
    assert shaped.value.startswith("word word")
    assert shaped.value.endswith("more characters)")
    assert 60 < estimate_tokens(shaped.text) <= 100
    assert shape({"raw": b"abc"}, 100).value == {"raw": "<3 bytes>"}
    assert shape({"only": "x" * 50}, 2).value == "... (55 more characters)"


def test_clipping_and_quoting() -> None:
    assert clip("abc", 3) == "abc"
    assert clip("abcdef", 3) == "abc... (3 more characters)"
    assert quoted("a\u202e\nb") == '"a\\nb"'
    assert quoted([1, None]) == "[1, null]"
    assert quoted({1, 2}) == "a set"
    assert quoted(math.nan) == "NaN"


def test_token_estimates_are_on_the_high_side() -> None:
    assert estimate_tokens("") == 1
    assert estimate_tokens("a" * 300) == 101
    assert estimate_tokens("中" * 100) == 101


def test_short_secrets_do_not_blot_out_text() -> None:
    redactor = Redactor(["abc", "longer"])
    assert redactor.text("abc longer") == "abc ***"
    assert redactor.data({"longer": [b"x longer", 1, None]}) == {"***": [b"x ***", 1, None]}


# --- errors --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (302, errors.RedirectError), (400, errors.ClientError), (401, errors.UnauthorizedError),
        (403, errors.ForbiddenError), (404, errors.NotFoundError), (409, errors.ConflictError),
        (422, errors.UnprocessableError), (429, errors.RateLimitError), (418, errors.ClientError),
        (500, errors.ServerError), (503, errors.ServerError), (600, StatusError),
        (101, StatusError),
    ],
)  # fmt: skip
def test_statuses_are_classes(status: int, kind: type[StatusError]) -> None:
    assert status_error(status) is kind
    with pytest.raises(kind) as caught:
        raise_for_status(OPERATION, answer('{"a": 1}', status=status), NO_SECRETS)
    error = caught.value
    assert (error.status_code, error.data, error.method) == (status, {"a": 1}, "GET")
    assert error.headers["content-type"] == "application/json"


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ('{"title": "T", "detail": "D\\u202e  d"}', "D d"),
        ('{"error": {"message": "M"}}', "M"),
        ('{"error": "E"}', "E"),
        ('{"errors": [{"code": 7}]}', '[{"code":7}]'),
        ('{"message": ""}', ""),
        ('["x"]', ""),
        ('"just text"', "just text"),
        ("{broken", ""),
    ],
)
def test_reasons_in_error_bodies(body: str, reason: str) -> None:
    with pytest.raises(errors.NotFoundError) as caught:
        raise_for_status(OPERATION, answer(body, status=404), NO_SECRETS)
    expected = "404 Not Found from GET /pets/{id}" + (f": {reason}" if reason else "")
    assert str(caught.value) == expected


def test_refusals_of_the_api_are_short() -> None:
    long = json.dumps({"detail": "no", "trace": ["frame " * 50] * 500})
    found = result(answer(long, "application/problem+json", 422, retry_after="7"))
    shown = json.loads(found.content)
    assert (found.ok, found.error, found.status_code) == (False, "http-status", 422)
    assert shown["error"].startswith("422 Unprocessable")
    assert shown["retry_after_seconds"] == 7
    assert shown["body"]["detail"] == "no"
    assert estimate_tokens(found.content) < 800
    found = result(answer("<html>broken", "application/json", 502))
    assert json.loads(found.content)["body"] == "<html>broken"
    found = result(answer("", None, 599))
    assert json.loads(found.content) == {"error": "599 from GET /pets/{id}"}


@pytest.mark.parametrize(
    ("location", "shown"),
    [
        ("https://b.example:8443/p?q=s", " to https://b.example:8443"),
        ("/relative?q=s", ""),
        ("http://[::1", ""),
        ("//c.example/x", " to ://c.example"),
        ("https://u:pw@d.example/", " to https://d.example"),
    ],
)
def test_redirects_show_the_origin_only(location: str, shown: str) -> None:
    found = result(answer("", None, 302, location=location))
    text = json.loads(found.content)["error"]
    assert text == f"302 Found from GET /pets/{{id}}; the redirect{shown} is not followed"


def test_not_modified_is_no_redirect() -> None:
    assert "redirect" not in result(answer("", None, 304)).content


def every_error(kind: type[ToolbindError]) -> list[type[ToolbindError]]:
    return [kind, *(each for sub in kind.__subclasses__() for each in every_error(sub))]


def test_every_error_of_a_call_has_a_kind() -> None:
    """All but those of statuses, which are results of their own, and of the model's side."""
    model_side = every_error(errors.WorkersAIError)
    ours = [each for each in every_error(ToolbindError) if each not in model_side]
    for kind in ours:
        if issubclass(kind, StatusError) or kind in (ToolbindError, ApiError):
            continue
        error = kind("what", status_code=200) if issubclass(kind, AnswerError) else kind("what")
        found = failed(error, Redactor(["what"]))
        assert not found.ok
        assert found.error is not None
        assert json.loads(found.content) == {"error": "***"}
    assert failed(UnknownToolError("x")).error == "unknown-tool"
