"""Tools of one API, of several, chosen, and whose names clash; clients for each."""

from __future__ import annotations

import asyncio
import types
from typing import Any

import pytest
from toolbind.standin import Player, calls, say
from toolbind_runtime.contract import OperationRow
from toolbind_runtime.conversation.run import run
from toolbind_runtime.conversation.toolset import NAME_LIMIT, gather
from toolbind_runtime.errors import SettingsError

from tests.unit.runtime.pets import BASE_URL, TOOLS, Server, make_api, tool
from tests.unit.runtime.standing_in import async_ai, sync_ai


def module(api: Any) -> types.ModuleType:
    """A generated module, as far as `tools=[module]` looks at it."""
    made = types.ModuleType(api.name)
    made._API = api  # type: ignore[attr-defined]
    return made


def no_client(box: Any) -> None:
    return None


def offered(tools: Any, api: Any = None) -> list[str]:
    return [tool["name"] for tool in gather(api, tools, None, no_client).tools]


def test_without_a_choice_all_tools_are_offered_in_their_order() -> None:
    assert offered(None, make_api()) == ["get_pet", "find_pets", "delete_pet"]
    assert offered(None) == []


@pytest.mark.parametrize(
    ("tools", "names"),
    [
        ("get_pet", ["get_pet"]),
        ("*_pet", ["get_pet", "delete_pet"]),
        (["find_pets", "get_pet"], ["get_pet", "find_pets"]),
    ],
)
def test_tools_by_name_and_glob(tools: Any, names: list[str]) -> None:
    assert offered(tools, make_api()) == names


def test_several_apis_are_offered_together() -> None:
    pets, shop = make_api("pets", TOOLS[:1]), make_api("shop", TOOLS[1:])
    for tools in ([pets, shop], [module(pets), module(shop)], (pets, module(shop))):
        assert offered(tools) == ["get_pet", "find_pets", "delete_pet"]
    assert offered([(module(pets), "get_*"), (shop, "find_pets")]) == ["get_pet", "find_pets"]
    assert offered([(module(pets), ["get_*"]), shop]) == ["get_pet", "find_pets", "delete_pet"]
    with pytest.raises(SettingsError, match=r'\(module, \["name"'):
        offered([(pets, ["get_*"], 3)])
    assert offered([module(shop), "get_pet"], pets) == ["find_pets", "delete_pet", "get_pet"]


def test_names_get_their_module_in_front_on_a_clash_only() -> None:
    pets, shop = make_api("pets"), make_api("shop", TOOLS[1:])
    assert offered([pets, shop]) == [
        *("get_pet", "pets_find_pets", "pets_delete_pet"),
        *("shop_find_pets", "shop_delete_pet"),
    ]
    assert offered([pets, pets]) == ["get_pet", "find_pets", "delete_pet"]
    assert offered(["get_pet", (pets, "get_pet")], pets) == ["get_pet"]


def test_a_prefixed_name_keeps_within_what_services_take() -> None:
    first, second = "a" * 60, "b" * 60
    names = offered([make_api(first), make_api(second)])
    assert len(set(names)) == len(names) == 6
    assert all(len(name) <= NAME_LIMIT for name in names)
    assert names == offered([make_api(first), make_api(second)])


def test_two_apis_of_one_name_cannot_be_told_apart() -> None:
    with pytest.raises(SettingsError, match="two APIs are called 'pets'"):
        offered([make_api(), make_api()])


@pytest.mark.parametrize("tools", [[7], object(), [types.ModuleType("plain")], ["get_pet"]])
def test_what_has_no_tools_is_refused(tools: Any) -> None:
    with pytest.raises(SettingsError):
        offered(tools)


def test_calls_go_to_the_api_that_they_name_with_its_own_client() -> None:
    pets, shop = make_api("pets"), make_api("shop")
    at_pets, at_shop = Server(), Server()
    turn = calls(("shop_get_pet", {"pet_id": 1}), ("pets_get_pet", {"pet_id": 2}))
    with at_pets.sync(pets) as one, at_shop.sync(shop) as two:
        for client in ([one, two], {"pets": one, "shop": two}):
            player = Player([turn, say("Done.")])
            with sync_ai(player) as ai:
                run("hi", ai=ai, tools=[module(pets), shop], client=client)
        assert player.complaints == []
        # clients are APIs too
        with sync_ai(Player([turn, say("Done.")])) as ai:
            run("hi", ai=ai, tools=[one, two], client=[one, two])
    assert at_shop.lines == ["GET /pets/1"] * 3
    assert at_pets.lines == ["GET /pets/2"] * 3


def test_a_client_given_among_the_tools_is_the_one_that_is_used() -> None:
    api, server = make_api(), Server()
    player = Player([calls(("get_pet", {"pet_id": 1})), say("Done.")])
    with server.sync(api) as client, sync_ai(player) as ai:
        run("hi", ai=ai, tools=[client])
    assert server.lines == ["GET /pets/1"]


def test_without_a_client_an_asynchronous_one_is_made_and_closed() -> None:
    api = make_api()
    player = Player([calls(("get_pet", {"pet_id": 1})), say("Ok.")])
    made: list[Any] = []
    plain = api.async_client_class

    class Counted(plain):  # type: ignore[misc, valid-type]
        def __init__(self, base_url: str) -> None:
            super().__init__(base_url)
            made.append(self)

    async def go() -> Any:
        async with async_ai(player) as ai:
            return await api.arun("hi", ai=ai)

    api.async_client_class = Counted
    found = asyncio.run(go())
    assert [call.result.error for call in found.calls] == ["connection"]
    assert [client._http.is_closed for client in made] == [True]


def test_a_client_that_is_bound_to_no_module_serves_where_it_must() -> None:
    class Bare:
        """A toolbox of somebody's own, whose clients may be anything."""

        name = base_url = "bare"
        client_class = async_client_class = None

        def offered(self, client: Any, *selectors: str) -> list[Any]:
            return TOOLS

        call_tool = acall_tool = is_read = preview = None

    client = object()
    toolset = gather(None, [Bare()], client, no_client)
    assert all(route.client is client for route in toolset.routes.values())


def test_a_client_that_lets_files_be_sent_is_told_to_the_model() -> None:
    upload: OperationRow = {
        "method": "POST",
        "path": "/photos",
        "arguments": {"photo": {"in": "file", "binary": True}, "caption": {"in": "body"}},
        "body": {"media_type": "multipart/form-data", "required": True},
    }
    photo = {"type": "string", "description": "A picture. File: text or a data: URL"}
    named = tool("send", "Send a photo.", photo=photo, caption={"type": "string"})
    api = make_api(tools=[named], operations={"send": upload})
    for folder, told in ((None, ""), (".", ", or file:NAME for a local file")):
        player = Player([say("Done.")])
        with api.client_class(BASE_URL, files_from=folder) as client, sync_ai(player) as ai:
            api.run("hi", ai=ai, client=client)
        (sent,) = player.requests[0].body["tools"]
        properties = sent["function"]["parameters"]["properties"]
        assert properties["photo"]["description"] == photo["description"] + told
        assert properties["caption"]["description"] == "caption"
    assert api.tools()[0]["parameters"]["properties"]["photo"] == photo


def test_without_a_client_one_is_made_for_the_run_and_closed() -> None:
    api = make_api()
    made: list[Any] = []
    plain = api.client_class

    class Counted(plain):  # type: ignore[misc, valid-type]
        def __init__(self, base_url: str) -> None:
            super().__init__(base_url)
            made.append(self)

    api.client_class = Counted
    player = Player([calls(("get_pet", {"pet_id": 1}), ("get_pet", {"pet_id": 2})), say("Ok.")])
    with sync_ai(player) as ai:
        found = api.run("hi", ai=ai)
    assert [call.result.error for call in found.calls] == ["connection"] * 2
    assert len(made) == 1
    assert made[0]._http.is_closed
    assert made[0]._base.text == BASE_URL
