"""A run as text, Markdown and HTML: readable, whole, and harmless whatever is in it."""

from __future__ import annotations

import re
from base64 import b64encode
from hashlib import sha256
from html import unescape
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from toolbind.standin import Player, Turn, calls, say
from toolbind_runtime.records.exchange import ToolResult, Usage
from toolbind_runtime.records.page import DARK, LIGHT
from toolbind_runtime.records.run import ApprovalRequest, Call, Run

from tests.unit.runtime.conversation.test_agent import hold_sync

ROOT = Path(__file__).parents[4]
FIRST = calls(("get_pet", {"pet_id": 7}), ("delete_pet", {"pet_id": 8}), reasoning="Look it up.")


def held() -> Run:
    return hold_sync(Player([FIRST, say("Pet 7 is `sold`.")]), system="Be brief.")


def test_text_shows_every_step() -> None:
    text = re.sub(r"under 1 ms|\d+ ms", "1 ms", str(held()))
    refused = held().messages[4]["content"]
    assert text == (
        "system:\n    Be brief.\n"
        "user:\n    Is pet 7 sold?\n"
        "model thinks:\n    Look it up.\n"
        '→ get_pet {"pet_id": 7}\n'
        '→ delete_pet {"pet_id": 8}\n'
        "← get_pet · GET http://127.0.0.1:9/pets-api/pets/7 · 200 · 1 ms:\n"
        '    {"status":200,"body":{"id":7,"status":"sold"}}\n'
        "← delete_pet · DELETE http://127.0.0.1:9/pets-api/pets/8 · refused:\n"
        f"    {refused}\n"
        "model:\n    Pet 7 is `sold`.\n"
        "(stopped: stop, 2 turns, 2 calls, 620 tokens in, 34 out, about $0.000051, "
        "@cf/zai-org/glm-4.7-flash)"
    )


def test_what_waits_for_approval_is_shown() -> None:
    paused = hold_sync(Player([FIRST]), approve={})
    assert "?? waits for approval: DELETE http://127.0.0.1:9/pets-api/pets/8" in str(paused)


def test_it_is_shown_in_every_form_and_a_run_is_one_line() -> None:
    paused = hold_sync(Player([FIRST]), approve={})
    assert "?? waits for approval: DELETE" in paused.to_markdown()
    assert "<b>waits for approval</b></div><pre>DELETE" in paused.to_html()
    assert repr(paused) == (
        "<Run stopped: approval, 1 turn, 0 calls, 310 tokens in, 17 out, about $0.000026, "
        "@cf/zai-org/glm-4.7-flash>"
    )


@pytest.mark.parametrize(
    ("usage", "text"),
    [
        (Usage(), "no tokens reported"),
        (Usage(1240, 68, 1308), "1,240 tokens in, 68 out"),
        (Usage(total_tokens=1308), "1,308 tokens"),
        (Usage(9, 8, 17, 4, 2), "9 tokens in, 8 out (4 cached, 2 for reasoning)"),
    ],
)
def test_usage_is_told_in_words(usage: Usage, text: str) -> None:
    assert str(usage) == text


@pytest.mark.parametrize(
    ("seconds", "text"), [(0.0004, "under 1 ms"), (0.25, "250 ms"), (12.34, "12.3 s")]
)
def test_the_time_of_a_call_is_told_in_a_fitting_unit(seconds: float, text: str) -> None:
    told = [{"role": "tool", "tool_call_id": "a", "name": "x", "content": "{}"}]
    call = Call("a", "x", {}, 1, ToolResult(True, "{}"), seconds=seconds)
    assert f"← x · {text}:" in str(Run("", told, [call], Usage(), "stop"))


def test_repeated_ids_show_the_result_of_their_own_turn() -> None:
    """Kimi gives the same id in each turn (contract section 0.7)."""
    script = [calls(("get_pet", {"pet_id": 7})), calls(("get_pet", {"pet_id": 8})), say("Ok.")]
    run = hold_sync(Player(script), ai={"model": "@cf/moonshotai/kimi-k2.6"})
    assert len({call.id for call in run.calls}) == 1
    assert re.findall(r"pets/(\d)", str(run)) == ["7", "8"]


def test_markdown_has_a_fence_for_everything_foreign() -> None:
    text = hold_sync(Player([FIRST, say("```\n# not a heading\n````")])).to_markdown()
    assert "**→ get\\_pet**" in text
    assert '```json\n{"pet_id": 7}\n```' in text
    assert "`````text\n```\n# not a heading\n````\n`````" in text


OWN = {"div", "style", "section", "strong", "b", "pre", "p"}


class Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, Any]]) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}


def test_html_holds_no_markup_but_its_own() -> None:
    attack = '<script>alert(1)</script><img src=x onerror="x">&lt;b&gt;'
    run = hold_sync(Player([say(attack)]), attack)
    parser = Tags()
    parser.feed(run.to_html())
    assert parser.tags == OWN - {"b"}
    assert parser.attributes == {"class"}
    assert run._repr_html_() == run.to_html()


def test_a_page_opens_by_itself_and_lets_nothing_in() -> None:
    page = held().html()
    assert page.startswith('<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n')
    (style,) = re.findall(r"<style>(.*?)</style>", page, re.DOTALL)
    digest = b64encode(sha256(style.encode()).digest()).decode()
    assert f"default-src 'none'; style-src 'sha256-{digest}'" in page
    assert "<title>Is pet 7 sold?</title>" in page
    parser = Tags()
    parser.feed(page)
    assert not {"script", "link", "img", "a"} & parser.tags
    assert not {"href", "src", "style", "onclick"} & parser.attributes


def test_a_page_tells_a_refusal_and_a_failure_from_an_answer() -> None:
    page = held().html()
    results = re.findall(r'<section class="result (\w+)"><div><b>(.*?)</b>', page)
    assert results == [("ok", "answered"), ("refused", "not run")]
    wrong = calls(("get_pet", {"pet_id": "x"}), ("no_such_tool", {}))
    page = hold_sync(Player([wrong, say("Sorry.")])).html()
    results = re.findall(r'<section class="result (\w+)"><div><b>(.*?)</b>', page)
    assert results == [("failed", "failed")] * 2


def test_json_on_a_page_is_indented_and_keeps_every_digit() -> None:
    text = '{"id":9007199254740993,"price":1.10,"tags":["a"],"none":null,"empty":{}}'
    told = [{"role": "tool", "tool_call_id": "a", "name": "x", "content": text}]
    page = Run("", told, [], Usage(), "stop").html()
    shown = unescape(re.findall(r"<pre>(.*?)</pre>", page, re.DOTALL)[0])
    assert shown == (
        '{\n  "id": 9007199254740993,\n  "price": 1.10,\n  "tags": [\n    "a"\n  ],\n'
        '  "none": null,\n  "empty": {}\n}'
    )


def test_a_page_has_the_colours_of_the_explorer() -> None:
    explorer = (ROOT / "templates" / "explorer" / "page.css").read_text()
    light, dark = re.findall(r":root \{(.*?)\}", explorer, re.DOTALL)[:2]
    for ours, theirs in ((LIGHT, light), (DARK, dark)):
        known = dict(re.findall(r"(--[\w-]+): ([^;]+);", theirs))
        assert dict(re.findall(r"(--[\w-]+): ([^;]+);", ours)).items() <= known.items()


def test_what_markdown_strikes_out_is_not() -> None:
    message = {"role": "assistant", "content": None}
    call = {"id": "a", "type": "function", "function": {"name": "~~x~~", "arguments": "{}"}}
    run = Run("", [{**message, "tool_calls": [call]}], [], Usage(), "stop", model="~~m~~")
    assert "\\~\\~x\\~\\~" in run.to_markdown()
    assert "\\~\\~m\\~\\~" in run.to_markdown()


HIDDEN = "\x1b[31m\x07\u202e\u200b\ud800\r\x85\u2028"


def test_nothing_hidden_reaches_a_terminal() -> None:
    turn = Turn(text=f"a{HIDDEN}b", reasoning=HIDDEN)
    for shown in (lambda r: str(r), Run.to_markdown, Run.to_html, Run.html):
        text = shown(hold_sync(Player([turn]), HIDDEN, system=HIDDEN))
        assert all(c.isprintable() or c == "\n" for c in text)


def test_long_texts_are_cut_with_the_rest_counted() -> None:
    assert "... (1,000 more characters)" in str(hold_sync(Player([say("x" * 3000)])))


def test_messages_of_other_makers_are_shown_as_far_as_they_go() -> None:
    messages: list[dict[str, Any]] = [
        {"role": "user", "content": [{"type": "text", "text": "hi"}, {"type": "image_url"}]},
        {"role": "assistant", "content": None, "tool_calls": [{"function": {"name": "x"}}]},
        {"role": "tool", "content": None},
    ]
    text = str(Run("", messages, [], Usage(cached_tokens=5), "stop"))
    assert text.startswith('user:\n    hi\n    {"type": "image_url"}\n→ x')
    assert "5 cached" in text


ANY = st.text(max_size=20)


@given(ANY, ANY, ANY, ANY)
def test_any_text_is_shown_safely_in_every_form(a: str, b: str, c: str, d: str) -> None:
    call = {"id": a, "type": "function", "function": {"name": b, "arguments": c}}
    run = Run(
        d,
        [
            {"role": "user", "content": a},
            {"role": "assistant", "content": d, "tool_calls": [call]},
            {"role": "tool", "tool_call_id": a, "name": b, "content": c},
        ],
        [Call(a, b, c, 1, ToolResult(True, c), request=d)],
        Usage(),
        "stop",
        model=b,
        pending=[ApprovalRequest(a, b, {c: d}, "GET", d)],
    )
    for text in (str(run), run.to_markdown(), run.to_html(), run.html()):
        assert all(each.isprintable() or each == "\n" for each in text)
    parser = Tags()
    parser.feed(run.to_html())
    assert parser.tags <= OWN
