"""What is an overlay and what is none: every refusal is one line at its place in the file."""

from __future__ import annotations

import pytest
from toolbind.diagnostics import DocumentError, Report
from toolbind.read import Source
from toolbind.read.limits import MAX_OVERLAY_BYTES
from toolbind.read.overlay.form import Overlay, read_overlay

INFO = "info: {title: Mend, version: '1'}"
ACTION = "actions: [{target: $}]"


def read(text: str | bytes, name: str = "mend.yaml") -> Overlay:
    return read_overlay(Source.of_text(text, name), Report())


@pytest.mark.parametrize(
    "text",
    [
        f"overlay: 1.0.0\n{INFO}\n{ACTION}",
        f"overlay: 1.1.0\n{INFO}\n{ACTION}",
        f"overlay: 1.1.17\n{INFO}\n{ACTION}",
        f"overlay: 1.0.1\n{INFO}\n{ACTION}\nextends: ./shop.yaml",
        f"overlay: 1.0.0\n{INFO}\n{ACTION}\nx-own: [1]",
        "overlay: 1.0.0\ninfo: {title: t, version: 2.0.0, x-own: 1, description: d}\n" + ACTION,
        f"overlay: 1.0.0\n{INFO}\nactions: [{{target: $, description: why, x-own: 1}}]",
        f"overlay: 1.0.0\n{INFO}\nactions: [{{target: $, update: null}}]",
        f"overlay: 1.0.0\n{INFO}\nactions: [{{target: $, update: {{}}, remove: true}}]",
        f"overlay: 1.1.0\n{INFO}\nactions: [{{target: $.a, copy: $.b}}]",
        f"overlay: 1.1.0\n{INFO}\nactions: [{{target: $.a, copy: $.b, remove: true}}]",
    ],
)
def test_sound_overlays(text: str) -> None:
    assert read(text).actions


@pytest.mark.parametrize(
    ("text", "pointer", "said"),
    [
        ("[1]", "#", "this is a list"),
        ("just words", "#", "this is text"),
        (f"{INFO}\n{ACTION}", "#", "'overlay' is missing"),
        ("openapi: 3.0.0\npaths: {}", "#", "this is an OpenAPI document"),
        (f"overlay: 2\n{INFO}\n{ACTION}", "#/overlay", "versions 1.0.x and 1.1.x"),
        (f"overlay: 1.1\n{INFO}\n{ACTION}", "#/overlay", "as text: '1.1.0'"),
        (f"overlay: '1.1'\n{INFO}\n{ACTION}", "#/overlay", "is '1.1'"),
        (f"overlay: 1.2.0\n{INFO}\n{ACTION}", "#/overlay", "is '1.2.0'"),
        (f"overlay: {{}}\n{INFO}\n{ACTION}", "#/overlay", "is an object"),
        (f"overlay: 1.0.0\n{ACTION}", "#", "must have 'info'"),
        (f"overlay: 1.0.0\ninfo: [1]\n{ACTION}", "#/info", "is a list"),
        (f"overlay: 1.0.0\ninfo: {{version: '1'}}\n{ACTION}", "#/info", "must have 'title'"),
        (f"overlay: 1.0.0\ninfo: {{title: t}}\n{ACTION}", "#/info", "must have 'version'"),
        (
            f"overlay: 1.0.0\ninfo: {{title: t, version: 1.5}}\n{ACTION}",
            "#/info/version",
            "(in quotes)",
        ),
        (
            f"overlay: 1.0.0\ninfo: {{title: t, version: '1', titel: t}}\n{ACTION}",
            "#/info/titel",
            "did you mean 'title'?",
        ),
        (f"overlay: 1.0.0\n{INFO}", "#", "must have 'actions'"),
        (f"overlay: 1.0.0\n{INFO}\nactions: {{}}", "#/actions", "is an object"),
        (f"overlay: 1.0.0\n{INFO}\nactions: []", "#/actions", "is empty"),
        (f"overlay: 1.0.0\n{INFO}\nactions: [7]", "#/actions/0", "this is a number"),
        (f"overlay: 1.0.0\n{INFO}\nactions: [{{update: 1}}]", "#/actions/0", "must have 'target'"),
        (
            f"overlay: 1.0.0\n{INFO}\nactions: [{{target: 7}}]",
            "#/actions/0/target",
            "is a number",
        ),
        (
            f"overlay: 1.0.0\n{INFO}\nactions: [{{target: info.title}}]",
            "#/actions/0/target",
            "does not begin with '$'",
        ),
        (
            f"overlay: 1.0.0\n{INFO}\nactions: [{{target: $, remove: maybe}}]",
            "#/actions/0/remove",
            "true or false",
        ),
        (
            f"overlay: 1.0.0\n{INFO}\nactions: [{{target: $, updates: 1}}]",
            "#/actions/0/updates",
            "did you mean 'update'?",
        ),
        (
            f"overlay: 1.0.0\n{INFO}\nactions: [{{target: $.a, copy: $.b}}]",
            "#/actions/0/copy",
            "of Overlay 1.1",
        ),
        (
            f"overlay: 1.1.0\n{INFO}\nactions: [{{target: $.a, copy: $.b, update: 1}}]",
            "#/actions/0/copy",
            "not both",
        ),
        (
            f"overlay: 1.1.0\n{INFO}\nactions: [{{target: $.a, copy: 7}}]",
            "#/actions/0/copy",
            "is a number",
        ),
        (
            f"overlay: 1.0.0\n{INFO}\nactions: [&a {{target: $, update: 1}}, *a]",
            "#/actions/1",
            "the same as number 1",
        ),
        (f"overlay: 1.0.0\n{INFO}\n{ACTION}\nextends: {{}}", "#/extends", "is an object"),
        (f"overlay: 1.0.0\n{INFO}\n{ACTION}\nextend: a", "#/extend", "did you mean 'extends'?"),
    ],
)
def test_everything_else_is_refused_in_one_line_at_its_place(
    text: str, pointer: str, said: str
) -> None:
    with pytest.raises(DocumentError) as caught:
        read(text)
    found = caught.value.diagnostic
    assert (found.code, found.place.pointer) == ("overlay-invalid", pointer)
    assert said in found.message
    line = str(caught.value)
    assert line.startswith(f"mend.yaml:{found.place.line}:{found.place.column}: error: ")
    assert line.isprintable()


def test_text_that_is_neither_json_nor_yaml_is_refused_at_its_place() -> None:
    with pytest.raises(DocumentError, match=r"^mend\.json:2:1: error: not JSON"):
        read('{"overlay": "1.0.0",\n', "mend.json")


def test_a_file_of_fifty_megabytes_is_not_even_parsed() -> None:
    with pytest.raises(DocumentError, match="overlay-size"):
        read(b"x" * (MAX_OVERLAY_BYTES + 1))


def test_equal_actions_are_told_apart_by_kind_as_json_does() -> None:
    one, yes = "{target: $.a, update: 1}", "{target: $.a, update: true}"
    assert len(read(f"overlay: 1.0.0\n{INFO}\nactions: [{one}, {yes}]").actions) == 2
