"""What a page says of a document or a module, and that nothing of it gets out of its place."""

from __future__ import annotations

import ast
import base64
import hashlib
import json
import re
import shlex
from functools import cache
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from toolbind.explore import MARK, of_module, page, policy_of, previewing
from toolbind.render.html import data

from generated import petstore
from tests.effort import examples
from tests.unit.explore.subjects import Elements, details_of, index_of, subject_of

SHOP = """\
openapi: 3.1.0
info: {title: Shop, version: "2", description: Sells things.}
servers: [{url: https://shop.example/v1}, {url: https://test.shop.example}]
tags: [{name: orders, description: What was bought.}]
components:
  securitySchemes: {key: {type: apiKey, in: header, name: X-Key}}
  parameters:
    Limit: {name: limit, in: query, description: "How many, see [the guide](https://x.example).",
            schema: {type: integer, minimum: 1, maximum: 100, default: 20}}
security: [{key: []}]
paths:
  /orders:
    get:
      operationId: listOrders
      tags: [orders]
      summary: List orders.
      parameters: [{$ref: "#/components/parameters/Limit"}]
      responses: {"200": {description: Orders.}}
    post:
      operationId: createOrder
      tags: [orders]
      description: Create an order. <b>Careful</b>, it costs money. Then come back and look again.
      requestBody:
        required: true
        content:
          application/json:
            schema:
              type: object
              required: [item, start]
              properties:
                item: {type: string, enum: [tea, cup]}
                serial: {type: integer, enum: [9007199254740993, 1]}
                start: {type: string, description: First day.}
                to: {type: object, properties: {city: {type: string}}}
      responses: {"201": {description: Made.}}
  /orders/{id}:
    delete:
      operationId: deleteOrder
      deprecated: true
      parameters: [{name: id, in: path, required: true, schema: {type: string}}]
      responses: {"204": {description: Gone.}}
  /upload:
    trace:
      operationId: upload
      requestBody: {content: {application/json: {schema: {type: object}}}}
      responses: {"204": {description: Done.}}
"""


@pytest.fixture(scope="module")
def shop() -> tuple[Any, dict[str, Any]]:
    with subject_of(SHOP) as (subject, preview):
        text = page(subject, preview)
    index = index_of(text)
    names = [each["name"] for each in index["tools"]]
    return index, dict(zip(names, details_of(text), strict=True))


def test_every_tool_stands_in_the_index_with_what_it_costs_and_may_do(shop: Any) -> None:
    index, _ = shop
    assert index["title"] == "Shop"
    assert [each["effect"] for each in index["tools"]][:3] == ["read", "write", "delete"]
    assert all(each["tokens"] > 0 for each in index["tools"])
    assert index["tools"][2]["deprecated"]
    assert index["tags"][0] == {"name": "orders", "line": "What was bought."}
    assert len(index["tools"]) + len(index["skipped"]) + index["excluded"] == 4


def test_what_was_left_out_is_said_with_its_reason(shop: Any) -> None:
    index, _ = shop
    (left_out,) = index["skipped"]
    assert (left_out["method"], left_out["path"]) == ("TRACE", "/upload")
    assert left_out["reason"]
    assert left_out["remedy"]
    assert re.match(r".*:\d+:\d+$", left_out["place"])


def test_credentials_are_named_and_never_asked_for(shop: Any) -> None:
    index, details = shop
    (scheme,) = index["credentials"]
    assert scheme["variables"] == ["SHOP_API_KEY"]
    assert "key" not in details["list_orders"]["arguments"]
    assert "X-Key: ***" in details["list_orders"]["example"]["request"]


def test_words_of_the_document_stand_beside_those_of_the_model_where_they_differ(shop: Any) -> None:
    _, details = shop
    made = details["create_order"]
    assert "<b>Careful</b>" in made["own"]
    assert "<b>" not in made["description"]
    (limit,) = details["list_orders"]["arguments"]
    assert limit["own"] == "How many, see [the guide](https://x.example)."
    assert "own" not in details["list_orders"]


def test_numbers_beyond_those_of_scripts_are_text(shop: Any) -> None:
    _, details = shop
    made = details["create_order"]
    (serial,) = [each for each in made["arguments"] if each["name"] == "serial"]
    assert serial["choices"] == ["9007199254740993", "1"]
    assert "9007199254740993" in made["tool"]


def test_an_example_is_the_same_call_in_every_spelling(shop: Any) -> None:
    _, details = shop
    example = details["create_order"]["example"]
    wanted = {"item": "tea", "start": "example"}
    called = json.loads(example["call"])["function"]
    assert (called["name"], json.loads(called["arguments"])) == ("create_order", wanted)
    tree = ast.parse(example["python"])
    (call,) = [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "client.create_order"
    ]
    given = {each.arg: ast.literal_eval(each.value) for each in call.keywords}
    assert given == wanted
    words = shlex.split(example["curl"].replace("\\\n", ""))
    assert json.loads(words[-1]) == wanted
    head, _, body = example["request"].partition("\n\n")
    assert head.startswith("POST https://shop.example/v1/orders\n")
    assert json.loads(body) == wanted


def test_a_schema_with_an_inside_is_shown_whole(shop: Any) -> None:
    _, details = shop
    to = next(each for each in details["create_order"]["arguments"] if each["name"] == "to")
    assert json.loads(to["schema"])["properties"]["city"]["type"] == "string"
    item = next(each for each in details["create_order"]["arguments"] if each["name"] == "item")
    assert item["choices"] == ['"tea"', '"cup"']
    assert "schema" not in item


def test_findings_stand_with_the_tools_that_they_are_about() -> None:
    text = SHOP.replace("name: id, in: path", "name: id, in: path, style: odd")
    with subject_of(text) as (subject, preview):
        made = page(subject, preview)
    index, details = index_of(made), details_of(made)
    told = json.dumps([index["findings"], index["skipped"], details])
    assert subject.background is not None
    for finding in subject.background.findings:
        assert finding.code in told
    for entry, detail in zip(index["tools"], details, strict=True):
        counts = entry.get("findings", {})
        assert sum(counts.values()) == len(detail.get("findings", ()))


def test_a_finding_of_a_shared_part_is_told_of_all_that_use_it() -> None:
    text = SHOP.replace("Limit: {name: limit", "Limit: {style: odd, name: limit")
    with subject_of(text) as (subject, preview):
        index = index_of(page(subject, preview))
    by_name = {each["name"]: each for each in index["tools"]}
    assert subject.background is not None
    about = [f for f in subject.background.findings if "/parameters/Limit" in f.place.pointer]
    if about:  # what is said of it is the reader's to decide; that it is shown with the tool is not
        assert by_name["list_orders"].get("findings") or index["skipped"]


def test_a_call_that_cannot_be_made_says_why() -> None:
    text = SHOP.replace("start: {type: string", "start: {type: string, minLength: 500")
    with subject_of(text) as (subject, preview):
        details = details_of(page(subject, preview))
    example = details[1]["example"]
    assert "start" in example["problem"]
    assert "curl" not in example


def test_a_module_is_shown_without_its_document() -> None:
    client = petstore.Client(api_key="sesame")
    subject = of_module(petstore, name="petstore", source="generated.petstore")
    text = page(subject, previewing(petstore, client))
    index, details = index_of(text), details_of(text)
    assert index["fromModule"] is True
    assert [each["name"] for each in index["tools"]] == [each["name"] for each in petstore.TOOLS]
    assert details[0]["arguments"][0]["in"] == "query"
    assert "sesame" not in text + json.dumps(details)


def test_the_same_document_gives_the_same_page() -> None:
    with subject_of(SHOP) as (subject, preview):
        assert page(subject, preview) == page(subject, preview)


def test_the_policy_lets_in_one_script_one_style_and_nothing_else() -> None:
    with subject_of(SHOP) as (subject, preview):
        text = page(subject, preview)
    elements = Elements(text)
    (script,) = [
        "".join(inner) for tag, given, inner in elements.found if tag == "script" and not given
    ]
    style = elements.text("style")
    rules = dict(each.split(" ", 1) for each in policy_of(text).split("; "))
    assert rules["default-src"] == "'none'"
    for name, inner in (("script-src", script), ("style-src", style)):
        digest = base64.b64encode(hashlib.sha256(inner.encode()).digest()).decode()
        assert rules[name] == f"'sha256-{digest}'"
    assert "connect-src" not in rules
    assert text.index("Content-Security-Policy") < text.index("<style>")
    assert MARK in text[:500]


def test_only_a_live_page_may_ask_and_only_its_own_server() -> None:
    with subject_of(SHOP) as (subject, preview):
        text = page(subject, preview, token="t")
    assert "connect-src 'self'" in policy_of(text)
    assert index_of(text)["token"] == "t"


ATTACKS = (
    "</script><script>alert(1)</script>",
    "<!--<script>",
    "]]><img src=x onerror=alert(1)>",
    "&lt;&quot;\u2028\u2029",
    "{{ 7*7 }}{% raw %}",
    "\ud800",
)


@given(st.recursive(st.sampled_from(ATTACKS) | st.text(), lambda inner: st.lists(inner)))
def test_data_cannot_leave_its_block(value: Any) -> None:
    block = f"<script type='application/json' id='index'>{data(value)}</script>"
    assert json.loads(Elements(block).text("script", id="index")) == value
    assert [tag for tag, _, _ in Elements(block).found] == ["script"]
    assert not set("<>&") & set(str(data(value)))


@cache
def tags_of_the_shop() -> list[str]:
    with subject_of(SHOP) as (subject, preview):
        return [tag for tag, _, _ in Elements(page(subject, preview)).found]


@settings(max_examples=examples(150))
@given(st.lists(st.sampled_from(ATTACKS[:-1]), min_size=5, max_size=5))
def test_a_document_has_no_elements_of_its_own(texts: list[str]) -> None:
    title, said, name, tag, word = texts
    document = {
        "openapi": "3.1.0",
        "info": {"title": title, "version": said},
        "servers": [{"url": "https://shop.example", "description": said}],
        "paths": {
            "/x": {
                "get": {
                    "operationId": name,
                    "summary": said,
                    "tags": [tag],
                    "parameters": [
                        {
                            "name": word,
                            "in": "query",
                            "description": said,
                            "schema": {"type": "string", "enum": [word], "default": word},
                        }
                    ],
                    "responses": {"200": {"description": said}},
                }
            }
        },
    }
    with subject_of(json.dumps(document)) as (subject, preview):
        hostile = page(subject, preview)
    assert [tag for tag, _, _ in Elements(hostile).found] == tags_of_the_shop()
