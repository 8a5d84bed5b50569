"""Bodies whose members are arguments: what is given on the wrong level, and what goes together."""

from __future__ import annotations

from typing import Any

import pytest
from toolbind_runtime import OperationRow
from toolbind_runtime.errors import ArgumentError
from toolbind_runtime.request.files import FileReader
from toolbind_runtime.request.operation import Operation

STRING = {"type": "string"}
ADDRESS = {"type": "object", "properties": {"city": STRING, "zip": STRING}}
CLOSED = {**ADDRESS, "additionalProperties": False}


def operation(
    properties: dict[str, Any],
    required: tuple[str, ...] = (),
    rows: dict[str, Any] | None = None,
    **body: Any,
) -> Operation:
    row: Any = {
        "method": "POST",
        "path": "/x",
        "arguments": {**{name: {"in": "body"} for name in properties}, **(rows or {})},
        "body": {"media_type": "application/json", "required": True, **body},
    }
    parameters = {"type": "object", "properties": properties, "required": list(required)}
    return Operation({"name": "op", "description": "", "parameters": parameters}, row)


PET = operation({"name": STRING, "age": {"type": "integer"}, "home": ADDRESS}, ("name",))


def sent(made: Operation, given: Any) -> Any:
    content = made.build(made.reader.read(given), FileReader()).content
    return None if content is None else content.decode()


def refused(made: Operation, given: Any) -> ArgumentError:
    with pytest.raises(ArgumentError) as caught:
        made.build(made.reader.read(given), FileReader())
    return caught.value


@pytest.mark.parametrize(
    "given",
    [
        {"body": {"name": "Rex", "age": 3}},
        {"requestBody": {"name": "Rex", "age": 3}},
        {"pet": {"name": "Rex", "age": 3}},
        {"body": '{"name": "Rex", "age": 3}'},
        {"body": {"name": "Rex"}, "age": 3},
        {"name": "Rex", "body": {"name": "Rex", "age": "3"}},
    ],
)
def test_members_inside_a_wrapper_are_taken_out(given: Any) -> None:
    read = PET.reader.read(given)
    assert read == {"name": "Rex", "age": 3}


@pytest.mark.parametrize(
    "given",
    [
        {"name": "Rex", "body": {"name": "Fido"}},  # which of the two?
        {"name": "Rex", "pet": {"colour": "red"}},
        {"name": "Rex", "body": 3},
    ],
)
def test_what_could_mean_two_things_is_refused(given: Any) -> None:
    assert "nothing was sent" in str(refused(PET, given))


def test_wrapper_with_a_wrong_member_is_told_about_that_member() -> None:
    told = refused(PET, {"body": {"name": "Rex", "aeg": 3}})
    assert told.problems == ('aeg: no such argument. Did you mean "age"?',)


def test_argument_whose_own_value_is_an_object_is_no_wrapper() -> None:
    made = operation({"title": STRING, "body": ADDRESS}, ("title",))
    assert made.reader.read({"title": "a", "body": {"city": "b"}})["body"] == {"city": "b"}
    text = operation({"title": STRING, "body": STRING}, ("title",))
    assert text.reader.read({"body": {"title": "a", "body": "b"}}) == {"title": "a", "body": "b"}


def test_member_of_an_object_is_put_into_it() -> None:
    assert PET.reader.read({"name": "Rex", "city": "Bonn"}) == {
        "name": "Rex",
        "home": {"city": "Bonn"},
    }
    assert PET.reader.read({"name": "Rex", "home": {"city": "Bonn"}, "zip": "1"})["home"] == {
        "city": "Bonn",
        "zip": "1",
    }
    whole = operation({"body": ADDRESS}, ("body",), {"body": {"in": "whole-body"}})
    assert sent(whole, {"city": "Bonn", "zip": "1"}) == '{"city":"Bonn","zip":"1"}'


def test_member_of_two_objects_is_refused() -> None:
    made = operation({"home": ADDRESS, "work": ADDRESS})
    assert refused(made, {"city": "Bonn"}).problems


def test_argument_inside_an_object_that_refuses_it_is_taken_out() -> None:
    made = operation({"home": CLOSED, "note": STRING, "name": STRING}, ("name",))
    given = {"name": "Rex", "home": {"city": "Bonn", "note": "n"}}
    assert made.reader.read(given) == {"name": "Rex", "home": {"city": "Bonn"}, "note": "n"}
    assert PET.reader.read({"home": {"city": "Bonn", "name": "Rex"}}) == {
        "home": {"city": "Bonn"},
        "name": "Rex",
    }


OPEN = operation(
    {"name": STRING, "other_fields": {"type": "object", "additionalProperties": STRING}},
    ("name",),
    {"other_fields": {"in": "members"}},
)


def test_members_that_are_not_declared() -> None:
    assert sent(OPEN, {"name": "a", "other_fields": {"x": "1", "name": "b"}}) == (
        '{"name":"a","x":"1"}'
    )
    assert sent(OPEN, {"name": "a", "colour": "red"}) == '{"name":"a","colour":"red"}'
    assert sent(OPEN, {"body": {"name": "a", "colour": "red"}}) == '{"name":"a","colour":"red"}'
    assert refused(OPEN, {"nmae": "a"}).problems[0].startswith("nmae: no such argument")


NULL = operation({"name": STRING}, ("name",), null=True)


def test_null_in_place_of_all_members() -> None:
    assert sent(NULL, {"body": None}) == "null"
    assert sent(NULL, {"name": "a"}) == '{"name":"a"}'
    assert refused(NULL, {}).problems == ("name: missing; expected string",)
    assert refused(PET, {"body": None}).problems


def test_what_members_demand_of_each_other() -> None:
    either = operation(
        {"age": STRING, "tag": STRING},
        demands=[{"anyOf": [{"required": ["age"]}, {"required": ["tag"]}]}],
    )
    assert sent(either, {"tag": "t"}) == '{"tag":"t"}'
    assert refused(either, {}).problems == ("age: missing; expected a value",)
    some = operation({"age": STRING, "tag": STRING}, demands=[{"minProperties": 2}])
    assert "at least 2 of age, tag" in str(refused(some, {"tag": "t"}))


def test_optional_body() -> None:
    made = operation({"name": STRING, "age": STRING}, required=(), demands=[{"required": ["name"]}])
    made.row["body"]["required"] = False
    made = Operation(made._tool, made.row)
    assert sent(made, {}) is None
    assert sent(made, {"name": "a"}) == '{"name":"a"}'
    assert refused(made, {"age": "1"}).problems == ("name: missing; expected a value",)


def test_constant_beside_members_of_an_optional_body() -> None:
    row: OperationRow = {
        "method": "POST",
        "path": "/x",
        "arguments": {"name": {"in": "body"}},
        "constants": [{"in": "body", "wire": "kind", "value": "dog", "beside": True}],
        "body": {"media_type": "application/json"},
    }
    parameters = {"type": "object", "properties": {"name": STRING}, "required": []}
    made = Operation({"name": "op", "description": "", "parameters": parameters}, row)
    assert sent(made, {}) is None
    assert sent(made, {"name": "a"}) == '{"kind":"dog","name":"a"}'


@pytest.mark.parametrize(
    ("media_type", "row", "value"),
    [
        ("multipart/form-data", {"in": "file"}, "data:image/png;base64,@@"),
        ("application/x-www-form-urlencoded", {"in": "body", "style": "pipeDelimited"}, ["a|b"]),
        ("application/json", {"in": "body"}, "\ud800"),
        ("application/xml", {"in": "body"}, "\ud800"),
    ],
)
def test_what_cannot_be_written_is_told_by_its_own_name(
    media_type: str, row: dict[str, Any], value: Any
) -> None:
    made = operation(
        {"fine": STRING, "logo_name": {}},
        rows={"logo_name": {**row, "wire": "logo"}},
        media_type=media_type,
    )
    with pytest.raises(ArgumentError) as caught:
        made.build({"fine": "a", "logo_name": value}, FileReader())
    assert caught.value.problems[0].startswith("logo_name: ")
    assert "got null" not in caught.value.problems[0]


def test_value_that_is_no_json_is_told_by_its_own_name() -> None:
    with pytest.raises(ArgumentError) as caught:
        PET.build({"name": "Rex", "home": {"city": b"x"}}, FileReader())
    assert caught.value.problems[0].startswith("home: ")
