"""Types beside a module: readable, importable whatever they name, and left alone by black."""

from __future__ import annotations

import ast
import sys
import typing
from contextlib import suppress
from textwrap import dedent
from types import ModuleType
from typing import Any

import black
import pytest
import toolbind_runtime
from hypothesis import given, settings
from pydantic import TypeAdapter, ValidationError
from toolbind import ir
from toolbind.lower.types.loops import loops
from toolbind.present.definitions import definitions

from tests.effort import examples
from tests.unit.present.apis import api, files, petstore
from tests.unit.present.strategies import all_definitions

Types = tuple[ir.TypeDefinition, ...]


def text_of(types: Types) -> str:
    return files(api(types=types))["petstore_types.py"]


def loaded(types: Types, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    module = ModuleType("made.made_types")
    module.__package__ = "made"
    for name, each in (("made", ModuleType("made")), ("made._runtime", toolbind_runtime)):
        monkeypatch.setitem(sys.modules, name, each)
    monkeypatch.setitem(sys.modules, module.__name__, module)
    code = compile(text_of(types), module.__name__, "exec", dont_inherit=True)
    exec(code, module.__dict__)
    return module


@given(all_definitions)
@settings(max_examples=examples(200))
def test_black_changes_nothing(types: Types) -> None:
    text = text_of(types)
    assert black.format_str(text, mode=black.Mode()) == text


@given(all_definitions)
def test_every_type_can_be_imported_and_looked_into(types: Types) -> None:
    with pytest.MonkeyPatch.context() as monkeypatch:
        module = loaded(types, monkeypatch)
        for each in types:
            made = getattr(module, each.name)
            if each.members is not None:
                hints = typing.get_type_hints(made, include_extras=True)
                assert set(hints) == {member.wire for member in each.members}
                required = {member.wire for member in each.members if member.required}
                assert made.__required_keys__ == required
                assert made.__optional_keys__ == set(hints) - required


def test_pydantic_checks_values_by_them(monkeypatch: pytest.MonkeyPatch) -> None:
    """And so does FastAPI, by the types of what functions return."""
    module = loaded(expandable(), monkeypatch)
    card = TypeAdapter(module.Card)
    value = {"owner": [{"source": None}, {"owner": "me"}]}
    assert card.validate_python(value) == value
    with pytest.raises(ValidationError):
        card.validate_python({"owner": 3})
    pet = TypeAdapter(loaded(petstore().types, monkeypatch).Pet)
    with pytest.raises(ValidationError, match="Field required"):
        pet.validate_python({})


def test_types_read_as_written_by_hand() -> None:
    made = definitions(petstore().types)
    assert "\n\n\n".join(each.source for each in made) == dedent(
        '''\
        class Pet(TypedDict):
            """An animal for sale."""

            id: int
            """Its number."""
            name: str
            parent: NotRequired["Pet"]
            tags: NotRequired["Tags"]


        Owner = TypedDict(
            "Owner",
            {
                "e-mail": NotRequired[str],
                "pets": NotRequired["list[Pet]"],
            },
        )
        """e-mail: Where to write."""


        Tags: TypeAlias = list[str]
        """Words for searching."""'''
    )


def alias(name: str, kind: ir.TypeRef) -> ir.TypeDefinition:
    return ir.TypeDefinition(name, "", None, kind)


def test_aliases_stand_after_what_they_name(monkeypatch: pytest.MonkeyPatch) -> None:
    types = (
        alias("Pets", ir.Listed(ir.Named("Animal"))),
        alias("Animal", ir.Either((ir.Named("Pet"), ir.Plain("None")))),
        ir.TypeDefinition("Pet", "", (ir.Member("in", ir.Named("Pets"), True),)),
    )
    assert [each.source.split()[0] for each in definitions(types)] == ["Pet", "Animal:", "Pets:"]
    module = loaded(types, monkeypatch)
    pet: Any = module.Pet
    assert module.Pets == list[pet | None]


@pytest.mark.parametrize("length", [1, 2, 5, 3000])
def test_aliases_that_come_to_themselves_end_in_any(
    length: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = [f"T{index}" for index in range(length)]
    following = [*names[1:], names[0]]
    types = tuple(
        alias(name, ir.Mapped(ir.Named(next_one)))
        for name, next_one in zip(names, following, strict=True)
    )
    module = loaded(types, monkeypatch)
    assert module.__dict__[names[-1]] == dict[str, Any]


@pytest.mark.parametrize(
    "key", ["in", "None", "x-y", "", "__private", "__class__", "é", "日本", "str", "Pet", "a" * 65]
)
def test_keys_that_no_class_can_hold_stand_in_a_call(key: str) -> None:
    member = ir.Member(key, ir.Either((ir.Plain("str"), ir.Named("Pet"))), True)
    (one,) = definitions((ir.TypeDefinition("Pet", "", (member,)),))
    assert one.source.startswith("Pet = TypedDict(")


@pytest.mark.parametrize("key", ["name", "match", "type", "keys", "self", "_x", "Owner"])
def test_all_others_stand_in_a_class(key: str) -> None:
    member = ir.Member(key, ir.Named("Pet"), False)
    (one,) = definitions((ir.TypeDefinition("Pet", "", (member,)),))
    assert one.source == f'class Pet(TypedDict):\n    {key}: NotRequired["Pet"]'


def test_types_nested_beyond_reason_are_any() -> None:
    kind: ir.TypeRef = ir.Plain("int")
    for _ in range(300):
        kind = ir.Listed(kind)
    (one,) = definitions((alias("Deep", kind),))
    assert "Any" in one.source
    compile(one.source, "deep", "exec")


def expandable() -> Types:
    """A customer and what it expands to, each a union that comes back to it."""
    source = ir.Either((ir.Named("Card"), ir.Named("Customer"), ir.Plain("None")))
    return (
        ir.TypeDefinition("Card", "", (ir.Member("owner", ir.Named("Holder"), False),)),
        ir.TypeDefinition("Customer", "", (ir.Member("source", ir.Named("Source"), False),)),
        alias("Holder", ir.Either((ir.Plain("str"), ir.Named("Customer"), ir.Named("Sources")))),
        alias("Source", source),
        alias("Sources", ir.Listed(ir.Named("Source"))),
        alias("Kind", ir.Choice(("card", "bank"))),
    )


def test_members_write_out_aliases_that_come_back_to_themselves() -> None:
    text = text_of(expandable())
    written = "str | Customer | list[Card | Customer | None]"
    assert f'class Card(TypedDict):\n    owner: NotRequired["{written}"]\n' in text
    told = 'NotRequired["Card | Customer | None"]'
    assert f"class Customer(TypedDict):\n    source: {told}\n" in text
    assert "\nHolder: TypeAlias = str | Customer | Sources\n" in text
    assert "\nSource: TypeAlias = Card | Customer | None\n" in text


@given(all_definitions)
def test_no_alias_comes_back_to_itself(types: Types) -> None:
    """mypy follows one that does along every path that there is."""
    named: dict[str, list[str]] = {each.name: [] for each in types}
    for node in ast.parse(text_of(types)).body:
        name = ""
        if isinstance(node, ast.ClassDef):
            name = node.name
        elif isinstance(node, ast.AnnAssign | ast.Assign):
            target = node.target if isinstance(node, ast.AnnAssign) else node.targets[0]
            name = ast.unparse(target)
        used = [each.id for each in ast.walk(node) if isinstance(each, ast.Name)]
        strings = [
            each.value
            for each in ast.walk(node)
            if isinstance(each, ast.Constant) and isinstance(each.value, str)
        ]
        for text in strings:
            with suppress(SyntaxError, ValueError):
                used += [n.id for n in ast.walk(ast.parse(text)) if isinstance(n, ast.Name)]
        if name in named:
            named[name] = [each for each in used if each in named and each != name]
    aliases = {each.name for each in types if each.members is None}
    assert not any(aliases & loop for loop in loops(named))
