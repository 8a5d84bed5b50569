"""Module names: from file names of any kind, or checked."""

from __future__ import annotations

import keyword

import pytest
from hypothesis import given
from hypothesis import strategies as st
from toolbind.cli.plan.module_names import (
    checked,
    from_spec,
    from_title,
    refuse_clashes,
    says_nothing,
)
from toolbind.cli.terminal.shell import Complaint

STEMS = {
    "specs/petstore.yaml": "petstore",
    "specs/PetStore.yaml": "PetStore",
    "api.github.com.json": "api_github_com",
    "open-api.yml": "open_api",
    "001-inj.json": "api_001_inj",
    "class.yaml": "api_class",
    "match.yaml": "api_match",
    "_runtime.yaml": "runtime",
    "__init__.json": "init",
    "\u00e9t\u00e9.json": "t",
    "\u65e5\u672c.json": "api",
    "spec": "spec",
    "https://api.example/v1/swagger.json?x=1#y": "swagger",
    "https://api.example/a%20b.yaml": "a_b",
    "https://api.example": "api",
    "C:\\docs\\pets.yaml": "pets",
}


@pytest.mark.parametrize(("spec", "name"), STEMS.items())
def test_names_from_specs(spec: str, name: str) -> None:
    assert from_spec(spec) == name


@pytest.mark.parametrize(
    "stem",
    [
        *("openapi", "open-api", "OpenAPI", "openapi3", "openapi_v3", "swagger", "swagger-v2"),
        *("api-docs", "api_doc", "api", "spec", "specification", "schema", "docs", "openapi.spec"),
    ],
)
def test_files_that_are_called_what_they_are_say_nothing(stem: str) -> None:
    assert says_nothing(from_spec(f"https://api.example/v1/{stem}.json"))


@pytest.mark.parametrize("stem", ["petstore", "github-api", "orders_spec", "apis", "specter"])
def test_other_files_say_which_api_it_is(stem: str) -> None:
    assert not says_nothing(from_spec(f"{stem}.json"))


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("Plant Store API (v2)", "plant_store_api"),
        ("Orders", "orders"),
        ("Class", "api_class"),
        ("3D Models", "api_3_d_models"),
        ("\u65e5\u672c", ""),
        ("FastAPI", ""),
        ("OpenAPI spec", ""),
        ("", ""),
        ("x" * 90, "x" * 60),
        ("../../etc/passwd", "etc_passwd"),
    ],
)
def test_names_from_titles(title: str, name: str) -> None:
    assert from_title(title) == name


@given(st.text(max_size=200))
def test_any_title_gives_a_name_that_can_be_imported_or_none(title: str) -> None:
    name = from_title(title)
    assert name == "" or checked(name) == name


@given(st.text(max_size=200))
def test_any_file_name_gives_a_name_that_can_be_imported(stem: str) -> None:
    name = from_spec(f"{stem}.json")
    assert checked(name) == name
    assert name.isidentifier()
    assert not keyword.iskeyword(name)
    assert not name.startswith("_")


@pytest.mark.parametrize(
    "name", ["", "1a", "a-b", "class", "_runtime", "__init__", "a.b", "../a", "\u00e9", "a" * 61]
)
def test_a_name_that_no_module_can_have_is_refused(name: str) -> None:
    with pytest.raises(Complaint, match="module name"):
        checked(name)


@pytest.mark.parametrize(
    ("one", "other"), [("pets", "pets"), ("pets", "Pets"), ("pets", "pets_types")]
)
def test_two_documents_for_one_file_are_refused(one: str, other: str) -> None:
    with pytest.raises(Complaint, match=r"a\.json and b\.json would both write"):
        refuse_clashes([(one, "a.json"), (other, "b.json")])


def test_different_names_are_fine() -> None:
    refuse_clashes([("pets", "a"), ("pet", "b"), ("pets_type", "c")])
