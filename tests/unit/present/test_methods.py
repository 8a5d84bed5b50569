"""Methods: what a reader sees, and that black and Python take any of them."""

from __future__ import annotations

import ast
from textwrap import dedent

import black
import pytest
from hypothesis import given, settings
from toolbind import ir
from toolbind.present.methods import Method, twins

from tests.effort import examples
from tests.unit.present.apis import argument, operation, petstore
from tests.unit.present.strategies import operations


def printed(*methods: Method) -> str:
    parts = [
        f"\n    {each.signature}\n        {each.docstring}\n        {each.statement}\n"
        for each in methods
    ]
    return 'class Client(Base):\n    """A client."""\n' + "".join(parts)


@given(operations())
@settings(max_examples=examples(300))
def test_black_changes_no_method(one: ir.Operation) -> None:
    text = printed(twins(one).method, twins(one).async_method)
    assert black.format_str(text, mode=black.Mode()) == text


@given(operations())
def test_a_method_takes_its_arguments_and_hands_them_on(one: ir.Operation) -> None:
    (client,) = ast.parse(printed(twins(one).method)).body
    assert isinstance(client, ast.ClassDef)
    function = client.body[1]
    assert isinstance(function, ast.FunctionDef)
    assert function.name == one.name
    names = {each.name for each in one.arguments}
    optional = {each.name for each in one.arguments if not each.required}
    parameters = zip(function.args.kwonlyargs, function.args.kw_defaults, strict=True)
    assert {each.arg: default is not None for each, default in parameters} == {
        name: name in optional for name in names
    }
    call = function.body[1]
    assert isinstance(call, ast.Return | ast.Expr)
    returned = isinstance(call, ast.Return)
    assert returned == (one.returns != ir.Plain("None"))
    assert isinstance(call.value, ast.Call)
    assert [ast.literal_eval(each) for each in call.value.args] == [one.name]
    passed = {each.arg: ast.unparse(each.value) for each in call.value.keywords}
    assert passed == {name: name for name in names}


def test_a_method_reads_as_written_by_hand() -> None:
    listing, _, creating = petstore().operations
    assert printed(twins(listing).method, twins(creating).method) == dedent(
        '''\
        class Client(Base):
            """A client."""

            def list_pets(
                self,
                *,
                limit: int | Unset = UNSET,
                tags: list[str] | Unset = UNSET,
                status: Literal["available", "pending", "sold"] | Unset = UNSET,
            ) -> list[types.Pet]:
                """Lists the pets of the store, newest first.

                Args:
                    limit: How many pets to give.
                    tags: Only pets with these tags.
                    status: Their state.
                """
                return self._call("list_pets", limit=limit, tags=tags, status=status)

            def create_pet(
                self,
                *,
                name: str,
                owner: types.Owner | Unset = UNSET,
                photo: FileInput | Unset = UNSET,
            ) -> None:
                """Adds a pet.

                Deprecated.

                Args:
                    name: Its name.
                    owner: Who has it.
                    photo: A picture.
                """
                self._call("create_pet", name=name, owner=owner, photo=photo)
        '''
    )


def test_the_async_twin_says_and_does_the_same() -> None:
    for one in petstore().operations:
        both = twins(one)
        assert both.async_method.docstring == both.method.docstring
    _, getting, _ = petstore().operations
    lines = printed(twins(getting).async_method).splitlines()
    assert lines[3] == "    async def get_pet(self, *, pet_id: int) -> types.Pet:"
    assert lines[-1] == '        return await self._call("get_pet", pet_id=pet_id)'


def test_long_hints_are_laid_out_as_black_does() -> None:
    states = ir.Choice(tuple(f"state number {index}" for index in range(5)))
    one = operation("get", "get", "/", argument("state", "query", states, {"type": "string"}))
    assert "        state: (\n            Literal[\n" in twins(one).method.signature
    assert "            | Unset\n        ) = UNSET,\n" in twins(one).method.signature


def test_required_parameters_come_first() -> None:
    text = {"type": "string"}
    first = argument("first", "query", ir.Plain("str"), text)
    second = argument("second", "query", ir.Plain("str"), text, required=True)
    signature = twins(operation("get", "get", "/", first, second)).method.signature
    assert signature.index("second: str") < signature.index("first: str | Unset = UNSET")


def test_a_long_description_is_cut_for_the_reader_and_whole_in_the_tool() -> None:
    said = "The account. " + "Its name is not case sensitive and may be changed. " * 3
    text = argument("owner", "query", ir.Plain("str"), {"type": "string", "description": said})
    long = argument("team", "query", ir.Plain("str"), {"description": "word " * 40})
    documentation = twins(operation("get", "get", "/", text, long)).method.docstring
    assert "            owner: The account.\n" in documentation
    (first, second) = (line for line in documentation.splitlines() if "word" in line)
    assert first.startswith("            team: word word")
    assert second.startswith("                word word")
    assert second.endswith("word word...")
    assert all(len(line) <= 88 for line in documentation.splitlines())


def test_without_a_description_the_route_is_said() -> None:
    one = operation("get", "get", "/pets/{id}", wire_path="/pets/{id}")
    assert twins(one).method.docstring == '"""GET /pets/{id}"""'


@pytest.mark.parametrize("name", ["class", "a b", "é", "__import__('os')", ""])
def test_no_name_that_lower_could_not_have_given(name: str) -> None:
    with pytest.raises(ValueError, match="no identifier"):
        twins(operation(name, "get", "/"))
    if name == "class":  # an argument may have it: the method spells it `class_`
        return
    with pytest.raises(ValueError, match="no identifier"):
        twins(operation("get", "get", "/", argument(name, "query", ir.Plain("str"), {})))
