"""Versions and outermost shapes: what is read, and what is refused in one located line."""

from __future__ import annotations

from typing import Any

import pytest
from toolbind.diagnostics import Report

from tests.unit.read.reading import OK, document, refusal, tree

GET = {"get": {"responses": OK}}


@pytest.mark.parametrize(
    ("said", "version", "original"),
    [
        ("3.0.0", "3.0", "3.0.0"),
        ("3.0.4", "3.0", "3.0.4"),
        ("3.1.0", "3.1", "3.1.0"),
        ("3.1.99", "3.1", "3.1.99"),
        ("3.2.0", "3.1", "3.2.0"),
        ("3.0.0-rc2", "3.0", "3.0.0-rc2"),
        ("3.1", "3.1", "3.1"),
        (3.0, "3.0", "3.0"),
        (3.1, "3.1", "3.1"),
    ],
)
def test_versions_that_are_read(said: Any, version: str, original: str) -> None:
    found = document(tree(openapi=said))
    assert (found.version, found.original_version) == (version, original)


@pytest.mark.parametrize("said", ["2.0", 2.0, 2])
def test_swagger_2_becomes_3_0(said: Any) -> None:
    old = {"swagger": said, "paths": {"/pets": GET}}
    found = document(old)
    assert (found.version, found.original_version) == ("3.0", "2.0")


@pytest.mark.parametrize("said", [3.0, "3.1", 3.2])
def test_an_odd_spelling_of_the_version_is_a_note(said: Any) -> None:
    report = Report()
    document(tree(openapi=said), report=report)
    assert [finding.code for finding in report] == ["document-version-spelling"]


@pytest.mark.parametrize(
    "root",
    [
        {"openapi": "2.0"},
        {"openapi": "4.0.0"},
        {"openapi": "3.3.0"},
        {"openapi": "3.0.x"},
        {"openapi": "3.0.\u0663"},
        {"openapi": None},
        {"openapi": ["3.0.0"]},
        {"openapi": True},
        {"openapi": 3},
        {"swagger": "3.0.0"},
        {"swagger": "1.2"},
        {"openapi": "3.0.0", "swagger": "2.0"},
        {},
        {"asyncapi": "3.0.0"},
        {"swaggerVersion": "1.2"},
    ],
)
def test_unknown_missing_and_two_versions_are_refused_with_what_is_accepted(root: Any) -> None:
    found = refusal(root | {"paths": {"/pets": GET}})
    assert found.code == "document-version"
    assert "Swagger 2.0 and OpenAPI 3.0, 3.1 and 3.2 are read" in found.message


def test_another_kind_of_document_is_named() -> None:
    assert "AsyncAPI" in refusal({"asyncapi": "3.0.0"}).message


@pytest.mark.parametrize("text", ["[]", '["openapi"]', "openapi", "3", "true", "~", "'': "])
def test_a_document_that_is_no_object_is_refused(text: str) -> None:
    assert refusal(text).code == ("document-version" if ":" in text else "document-shape")


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"paths": []}, "#/paths"),
        ({"paths": None}, "#/paths"),
        ({"paths": "x"}, "#/paths"),
    ],
)
def test_wrong_shapes_are_refused_where_they_stand(change: Any, pointer: str) -> None:
    for version in ("3.0.3", "3.1.0", "3.2.0"):
        found = refusal(tree(openapi=version) | change)
        assert (found.code, found.place.pointer) == ("document-shape", pointer)
        assert found.place.line > 1
    old = {"swagger": "2.0"} | change
    assert refusal(old).place.pointer == pointer


@pytest.mark.parametrize("item", [[], None, "x", {"get": "x"}, {"post": [{}]}, {"post": None}])
def test_what_stands_under_paths_costs_no_document(item: Any) -> None:
    document(tree({"/a": item}))
    document({"swagger": "2.0", "paths": {"/a": item}})


@pytest.mark.parametrize(
    "root",
    [
        {"openapi": "3.1.0"},
        {"openapi": "3.0.0"},
        {"openapi": "3.0.0", "components": {}},
        {"swagger": "2.0", "definitions": {}},
    ],
)
def test_a_document_without_paths_is_refused(root: Any) -> None:
    assert refusal(root).code == "document-nothing"


@pytest.mark.parametrize(
    "root",
    [
        {"openapi": "3.1.0", "webhooks": {"x": GET}},
        {"openapi": "3.1.0", "components": {"schemas": {"A": {}}}},
        {"openapi": "3.1.0", "paths": {}},
        {"openapi": "3.0.0", "paths": {"x-only": 1}},
        {"swagger": "2.0", "paths": {}},
    ],
)
def test_a_document_may_have_no_operations(root: Any) -> None:
    document(root)


def test_vendor_extensions_have_no_effect() -> None:
    """`x-` members of any name and shape, where paths, methods and versions are looked for."""
    extended = tree({"x-paths": 1, "/a": GET | {"x-post": "text", "x-get": None}})
    found = document(extended | {"x-openapi": 1, "x-swagger": "2.0"})
    assert found.root.value == extended | {"x-openapi": 1, "x-swagger": "2.0"}


def test_a_message_holds_no_escape_codes_and_no_second_line() -> None:
    path = "/a\x1b[31m\nTraceback: all is well\u202e"
    found = refusal({"openapi": path, "paths": {}})
    assert found.code == "document-version"
    assert "\x1b" not in found.line()
    assert len(found.line().splitlines()) == 1
