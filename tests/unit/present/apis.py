"""APIs made by hand: a plain one to read, and one that uses every field of the IR."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from toolbind import ir
from toolbind.diagnostics import Place
from toolbind.present import Origin, pages
from toolbind.render.rendering import TEMPLATES
from toolbind.render.templates import printed

ORIGIN = Origin(
    generator="toolbind 0.1.0",
    module="petstore",
    document="specs/petstore.yaml",
    command="toolbind generate specs/petstore.yaml -o generated",
)


def files(api: ir.Api, name: str = "petstore", origin: Origin = ORIGIN) -> dict[str, str]:
    """What the templates print of an API, by file: neither formatted nor proven."""
    made = pages(api, replace(origin, module=name))
    return {file: printed(TEMPLATES[type(page)], page) for file, page in made.items()}


QUERY = ir.Encoding(style="form", explode=True)
PATH = ir.Encoding(style="simple")
JSON = ir.Encoding()


def argument(
    name: str,
    place: ir.ArgumentPlace,
    kind: ir.TypeRef,
    schema: dict[str, Any],
    *,
    required: bool = False,
    **more: Any,
) -> ir.Argument:
    more.setdefault("encoding", {"path": PATH, "query": QUERY}.get(place, JSON))
    more.setdefault("wire", name)
    return ir.Argument(
        name=name, place=place, required=required, schema=schema, type=kind, pointer="#", **more
    )


def operation(
    name: str, method: str, path: str, *arguments: ir.Argument, **more: Any
) -> ir.Operation:
    """An operation with defaults for what a test does not care about."""
    values: dict[str, Any] = {
        "wire_path": path,
        "summary": "",
        "description": "",
        "deprecated": False,
        "tags": (),
        "operation_id": name,
        "constants": (),
        "body": None,
        "server": None,
        "security": (),
        "accept": "application/json",
        "returns": ir.Plain("Any"),
        "pointer": "#",
        "tokens": 1,
    }
    return ir.Operation(name=name, method=method, path=path, arguments=arguments, **(values | more))


def api(*operations: ir.Operation, **more: Any) -> ir.Api:
    """An API with defaults for what a test does not care about."""
    values: dict[str, Any] = {
        "title": "Petstore",
        "version": "1.0.0",
        "summary": "",
        "servers": (ir.Server("https://petstore.example/v1"),),
        "skipped": (),
        "schemes": (),
        "security": (),
        "types": (),
    }
    return ir.Api(operations=operations, **(values | more))


def petstore() -> ir.Api:
    """Three operations as most documents have them."""
    key = (("api_key",),)
    limit = argument(
        "limit",
        "query",
        ir.Plain("int"),
        {"type": "integer", "minimum": 1, "maximum": 100, "description": "How many pets to give."},
    )
    tags = argument(
        "tags",
        "query",
        ir.Listed(ir.Plain("str")),
        {"type": "array", "items": {"type": "string"}, "description": "Only pets with these tags."},
    )
    status = argument(
        "status",
        "query",
        ir.Choice(("available", "pending", "sold")),
        {"type": "string", "enum": ["available", "pending", "sold"], "description": "Their state."},
    )
    pet_id = argument(
        "pet_id",
        "path",
        ir.Plain("int"),
        {"type": "integer", "description": "The pet."},
        required=True,
        wire="petId",
    )
    name = argument(
        "name",
        "body",
        ir.Plain("str"),
        {"type": "string", "description": "Its name."},
        required=True,
    )
    owner = argument(
        "owner",
        "body",
        ir.Named("Owner"),
        {
            "type": "object",
            "properties": {"email": {"type": "string"}},
            "description": "Who has it.",
        },
    )
    photo = argument(
        "photo",
        "file",
        ir.Plain("bytes"),
        {"type": "string", "description": "A picture."},
        encoding=ir.Encoding(media_type="image/png", binary=True),
    )
    pet = ir.Named("Pet")
    return api(
        operation(
            "list_pets",
            "get",
            "/pets",
            limit,
            tags,
            status,
            description="Lists the pets of the store, newest first.",
            returns=ir.Listed(pet),
            security=key,
            tags=("pets",),
        ),
        operation(
            "get_pet",
            "get",
            "/pets/{pet_id}",
            pet_id,
            wire_path="/pets/{petId}",
            summary="One pet.",
            returns=pet,
            security=((),),
        ),
        operation(
            "create_pet",
            "post",
            "/pets",
            name,
            owner,
            photo,
            description="Adds a pet.",
            body=ir.Body("multipart/form-data", True, ("multipart/form-data",)),
            constants=(ir.Constant("kind", "body", "pet", JSON),),
            returns=ir.Plain("None"),
            security=key,
            deprecated=True,
        ),
        summary="A store of pets.",
        schemes=(ir.Scheme("api_key", "apiKey", ("api_key",), "header", "X-Api-Key"),),
        security=key,
        types=(
            ir.TypeDefinition(
                "Pet",
                "An animal for sale.",
                (
                    ir.Member("id", ir.Plain("int"), True, "Its number."),
                    ir.Member("name", ir.Plain("str"), True),
                    ir.Member("parent", ir.Named("Pet"), False),
                    ir.Member("tags", ir.Named("Tags"), False),
                ),
            ),
            ir.TypeDefinition(
                "Owner",
                "",
                (
                    ir.Member("e-mail", ir.Plain("str"), False, "Where to write."),
                    ir.Member("pets", ir.Listed(ir.Named("Pet")), False),
                ),
            ),
            ir.TypeDefinition("Tags", "Words for searching.", None, ir.Listed(ir.Plain("str"))),
        ),
    )


def everything(say: Callable[[str], str]) -> ir.Api:
    """An API that uses every field of the IR; each string that a document fills in is `say(...)`.

    Names that `lower` assigns are identifiers whatever the document says, so they are not.
    """
    encoded = ir.Encoding(
        media_type=say("application/xml"), binary=True, headers=((say("X-A"), say("b")),)
    )
    styled = ir.Encoding(style="deepObject", explode=True, allow_reserved=True)
    schema = {
        "type": "object",
        "description": say("an argument"),
        "properties": {
            say("member"): {
                "type": "string",
                "enum": [say("one"), say("two")],
                "default": say("x"),
            },
        },
        "required": [say("member")],
        "minimum": -1.5e300,
        "const": [None, True, 0, say("deep"), [[[[[[say("deeper")]]]]]]],
    }
    places: tuple[ir.ArgumentPlace, ...] = (
        "path",
        "query",
        "header",
        "cookie",
        "querystring",
        "body",
        "whole-body",
        "file",
    )
    kinds = (
        ir.Choice((say("one"), 2, None, True)),
        ir.Listed(ir.Plain("bytes")),
        ir.Mapped(ir.Either((ir.Plain("int"), ir.Named("Shape")))),
        ir.Named("Call"),
    )
    arguments = tuple(
        argument(
            f"argument_{index}",
            place,
            kinds[index % len(kinds)],
            schema,
            required=index % 2 == 0,
            wire=say(f"wire-{index}"),
            encoding=encoded if index % 3 else styled,
            also=("string", "number"),
        )
        for index, place in enumerate(places)
    )
    xml = ir.Xml(
        name=say("root"),
        namespace=say("urn:x"),
        prefix=say("p"),
        attribute=True,
        wrapped=True,
        text=True,
        members=((say("member"), ir.Xml(name=say("inner"))),),
        items=ir.Xml(name=say("item")),
    )
    one = operation(
        "do_everything",
        "post",
        say("/everything/{argument_0}"),
        *arguments,
        wire_path=say("/everything/{argument-0}"),
        summary=say("Does everything."),
        description=say("Does everything. And says so twice."),
        deprecated=True,
        tags=(say("tag"), say("other")),
        operation_id=say("doEverything"),
        constants=(ir.Constant(say("constant"), "header", {say("k"): [say("v")]}, encoded),),
        body=ir.Body(
            say("multipart/form-data"),
            True,
            (say("multipart/form-data"),),
            members=((say("member"), encoded),),
            xml=xml,
        ),
        server=say("https://other.example"),
        security=((say("scheme"), "plain"), ()),
        accept=say("text/plain"),
        returns=ir.Either((ir.Named("Shape"), ir.Plain("None"))),
        pointer=say("#/paths"),
    )
    return api(
        one,
        replace(one, name="again", summary="", description="", method="get", arguments=()),
        title=say("Everything"),
        version=say("1.0"),
        summary=say("All of it."),
        servers=(ir.Server(say("https://every.example/v1"), say("The server.")),),
        skipped=(
            ir.Skipped("get", say("/x"), say("#"), say("c"), say("why"), say("so"), Place("f")),
        ),
        schemes=(
            ir.Scheme(
                say("scheme"),
                "oauth2",
                ("token", "client_id", "client_secret"),
                "query",
                say("key"),
                say("https://every.example/token"),
                (say("read"),),
                say("How to log in."),
            ),
        ),
        security=((say("scheme"),),),
        types=(
            ir.TypeDefinition(
                "Shape",
                say("A shape."),
                (
                    ir.Member("plain", ir.Choice((say("a"), say("b"))), True, say("A member.")),
                    ir.Member("shape", ir.Named("Shape"), False, say("Itself.")),
                ),
            ),
            ir.TypeDefinition(
                "Call",
                say("A call."),
                (
                    ir.Member(say("odd key"), ir.Plain("int"), True, say("A member.")),
                    ir.Member("in", ir.Listed(ir.Named("Shape")), False),
                ),
            ),
            ir.TypeDefinition("Tree", say("A tree."), None, ir.Listed(ir.Named("Tree"))),
            ir.TypeDefinition("Empty", say("Nothing."), ()),
        ),
    )
