"""Conversations with large APIs: tools are found first and then called, on both roads.

Each test runs synchronously and under asyncio, against real routing and the stand-in.
"""

from __future__ import annotations

import json
from functools import cache
from typing import Any

import pytest
from toolbind.standin import Fault, Player, StandIn, call, calls, say
from toolbind_runtime import Api
from toolbind_runtime.ai.workers_ai import WorkersAI
from toolbind_runtime.conversation.events import CallFinished, CallStarted
from toolbind_runtime.conversation.found import OFFERED, SCHEMAS, tokens_of
from toolbind_runtime.conversation.toolset import TO_FIND
from toolbind_runtime.errors import SettingsError
from toolbind_runtime.records.run import ApprovalRequest, Run

from tests.unit.runtime.conversation.test_agent import Hold, both, hold_sync, ways
from tests.unit.runtime.library import answer, make_library
from tests.unit.runtime.pets import Server, content, make_api, tool

FIND_BOOKS = call("find_tools", {"query": "list books"})
roads = pytest.mark.parametrize("road", ["offer", "call"])


@cache
def library() -> Api:
    """Made once, and its index with it: a conversation leaves both as they are."""
    return make_library()


def held(hold: Hold, script: list[Any], server: Server | None = None, **options: Any) -> Run:
    """A conversation with the library that the service had nothing to complain about."""
    player = options.pop("player", None) or Player(script)
    found = hold(
        player,
        **{"api": library(), "server": server or Server(answer), **options},
    )
    assert player.complaints == []
    return found


def asked(road: str, name: str, arguments: dict[str, Any]) -> Any:
    """A turn that calls a found tool as its road wants it."""
    if road == "call":
        return call("call_tool", {"name": name, "arguments": arguments})
    return call(name, arguments)


# --- the two roads -------------------------------------------------------------------------------


@both
@ways
def test_a_large_api_is_searched_and_what_was_found_is_offered_from_the_next_turn_on(
    hold: Hold, stream: bool
) -> None:
    player, server = (
        Player([FIND_BOOKS, call("list_books", {"limit": 2}), say("Two.")]),
        Server(answer),
    )
    found = held(hold, [], server, player=player, stream=stream)
    assert (found.text, found.stop_reason, server.lines) == ("Two.", "stop", ["GET /books"])
    first, second, third = (received.tools for received in player.requests)
    assert first == ["find_tools"]
    assert second[:2] == ["find_tools", "list_books"]
    assert len(second) == 1 + OFFERED
    assert third == second
    assert [c.name for c in found.calls] == ["find_tools", "list_books"]


@both
@ways
def test_through_call_tool_the_tools_stay_the_same_to_the_byte(hold: Hold, stream: bool) -> None:
    script = [FIND_BOOKS, asked("call", "list_books", {"limit": 2}), say("Two.")]
    player, server = Player(script), Server(answer)
    found = held(hold, [], server, player=player, stream=stream, finder="call")
    assert server.lines == ["GET /books"]
    assert {json.dumps(received.body["tools"]) for received in player.requests} == {
        json.dumps(player.requests[0].body["tools"])
    }
    assert player.requests[0].tools == ["find_tools", "call_tool"]
    assert (found.calls[1].name, found.calls[1].arguments) == ("list_books", {"limit": 2})
    assert [m.get("name") for m in found.messages if m["role"] == "tool"] == [
        "find_tools",
        "call_tool",
    ]


@both
def test_ten_lean_lines_tell_what_was_found(hold: Hold) -> None:
    found = held(hold, [FIND_BOOKS, say("Ok.")])
    told = content(found.messages[2])
    assert told["tools"][0] == "list_books(limit?): List books. (gives what get_book needs)"
    assert 1 < len(told["tools"]) <= 10
    assert "schemas" not in told
    assert found.calls[0].result.data[0] == "list_books"


@both
def test_on_the_road_through_call_tool_the_best_come_with_their_schemas(hold: Hold) -> None:
    found = held(hold, [FIND_BOOKS, say("Ok.")], finder="call")
    schemas = content(found.messages[2])["schemas"]
    assert len(schemas) == SCHEMAS
    assert schemas["list_books"]["properties"]["limit"]["type"] == "integer"


@both
def test_a_schema_is_told_on_demand_by_the_name_of_its_tool(hold: Hold) -> None:
    found = held(hold, [call("find_tools", {"query": "create_poster"}), say("Ok.")], finder="call")
    assert next(iter(content(found.messages[2])["schemas"])) == "create_poster"


@both
@pytest.mark.parametrize(
    "arguments",
    [
        {"name": "get_book", "arguments": {"book_id": 7}},
        {"name": "get_book", "arguments": '{"book_id": 7}'},
        {"name": "get_book", "book_id": 7},
        '{"name": "get_book", "arguments": {"book_id": "7"}}',
    ],
)
def test_what_is_meant_by_call_tool_is_understood(hold: Hold, arguments: Any) -> None:
    server = Server(answer)
    held(hold, [call("call_tool", arguments), say("Ok.")], server, finder="call")
    assert server.lines == ["GET /books/7"]


# --- when tools are found -------------------------------------------------------------------------


def tools_of(options: dict[str, Any]) -> list[str]:
    """What the first turn offers."""
    player = Player([say("Ok.")])
    held(hold_sync, [], player=player, **options)
    return player.requests[0].tools


@pytest.mark.parametrize(
    ("options", "count"),
    [
        ({}, 1),
        ({"max_tools": 48}, 48),
        ({"max_tools": 47}, 1),
        ({"max_tools": 48, "max_tool_tokens": 1_000}, 1),
        ({"tools": ["*_book", "list_*"]}, 15),
        ({"tools": ["*"]}, 48),
        ({"tools": TO_FIND}, 1),
        ({"tools": [TO_FIND, "get_book"]}, 2),
        ({"tools": [make_library()], "client": None, "api": None}, 1),
        ({"tools": [(make_library(), TO_FIND)], "client": None}, 1),
        ({"tools": [(make_library(), TO_FIND, "get_book")], "client": None}, 2),
        ({"tools": [(make_library(), "get_book", "list_*")], "client": None}, 13),
        ({"api": make_api(), "server": Server()}, 3),
        ({"api": make_api(), "server": Server(), "tools": TO_FIND}, 1),
        ({"api": make_api(), "server": Server(), "max_tools": 2}, 1),
    ],
)
def test_whole_apis_are_searched_above_the_limits_and_chosen_tools_are_offered(
    options: dict[str, Any], count: int
) -> None:
    assert len(tools_of(options)) == count


def test_no_index_is_made_where_tools_are_offered_directly() -> None:
    api = make_library()
    held(hold_sync, [say("Ok.")], api=api, tools=["get_book"])
    assert api._finder is None


@pytest.mark.parametrize(
    ("options", "word"),
    [
        ({"max_tools": 0}, "max_tools"),
        ({"max_tools": "many"}, "max_tools"),
        ({"max_tool_tokens": 0.5}, "max_tool_tokens"),
        ({"finder": "magic"}, "finder"),
    ],
)
def test_an_option_that_is_none_is_refused_before_anything_is_sent(
    options: dict[str, Any], word: str
) -> None:
    player = Player([say("Ok.")])
    with pytest.raises(SettingsError, match=word):
        held(hold_sync, [], player=player, **options)
    assert player.requests == []


@both
def test_tools_that_cannot_fit_the_context_are_refused_with_their_tags_and_sizes(
    hold: Hold,
) -> None:
    wide = [tool(f"tool_{n}", "x" * 40_000) for n in range(3)]
    rows: Any = {
        f"tool_{n}": {"method": "GET", "path": f"/{n}", "tags": [f"part{n % 2}"]} for n in range(3)
    }
    player = Player([say("Ok.")])
    with pytest.raises(SettingsError) as refused:
        hold(
            player,
            api=make_api(tools=wide, operations=rows),
            tools=["tool_*"],
            ai={"model": "@cf/meta/llama-3.3-70b-instruct-fp8-fast"},
        )
    said = str(refused.value)
    assert player.requests == []
    assert "3 tools take about 30," in said
    assert "24,000" in said
    assert "tools='find'" in said
    assert "part0 20," in said
    assert "part1 10," in said


def test_found_tools_stay_within_their_bounds_and_the_newest_stay() -> None:
    queries = ["book", "author", "loan", "reader", "branch"]
    script = [call("find_tools", {"query": f"list {each}s"}) for each in queries]
    player = Player([*script, say("Ok.")])
    held(hold_sync, [], player=player, max_tools=8)
    for received, query in zip(player.requests[1:], queries, strict=True):
        assert f"list_{query}s" in received.tools
        assert len(received.tools) <= 8
    assert not set(player.requests[1].tools) <= set(player.requests[-1].tools)


def test_a_single_tool_above_all_bounds_is_offered_all_the_same() -> None:
    player = Player([FIND_BOOKS, say("Ok.")])
    held(hold_sync, [], player=player, max_tool_tokens=1)
    assert player.requests[1].tools == ["find_tools", "list_books"]


def test_a_small_context_bounds_what_is_offered() -> None:
    player = Player([FIND_BOOKS, say("Ok.")])
    model = {"model": "@cf/meta/llama-3.3-70b-instruct-fp8-fast"}
    held(hold_sync, [], player=player, ai=model, max_tool_tokens=100_000)
    assert sum(map(tokens_of, player.requests[1].body["tools"])) < 6_000


def test_a_tool_that_the_first_turn_must_call_is_offered_from_the_start() -> None:
    player = Player([call("get_book", {"book_id": 7}), say("Ok.")])
    held(hold_sync, [], player=player, tool_choice="get_book")
    assert player.requests[0].tools == ["find_tools", "get_book"]


def test_a_tool_of_the_same_name_as_ours_keeps_it() -> None:
    own = tool("find_tools", "Find hammers and saws.", q={"type": "string"})
    api = make_api(
        tools=[own],
        operations={
            "find_tools": {"method": "GET", "path": "/t", "arguments": {"q": {"in": "query"}}}
        },
    )
    player = Player([call("toolbind_find_tools", {"query": "hammers"}), say("Ok.")])
    hold_sync(player, api=api, tools=TO_FIND)
    assert player.requests[0].tools == ["toolbind_find_tools"]
    assert player.requests[1].tools == ["toolbind_find_tools", "find_tools"]


# --- as for direct tools --------------------------------------------------------------------------


@both
@roads
def test_writes_are_refused_or_approved_under_their_own_names(hold: Hold, road: str) -> None:
    turn = asked(road, "delete_book", {"book_id": 7})
    server = Server(answer)
    refused = held(hold, [turn, say("No.")], server, finder=road)
    assert (refused.calls[0].name, refused.calls[0].result.error) == ("delete_book", "refused")
    seen: list[ApprovalRequest] = []

    def approve(request: ApprovalRequest) -> bool:
        seen.append(request)
        return True

    done = held(hold, [turn, say("Gone.")], server, finder=road, approve=approve)
    assert [(r.name, r.arguments, r.method) for r in seen] == [
        ("delete_book", {"book_id": 7}, "DELETE")
    ]
    assert seen[0].url.endswith("/books/7")
    assert done.calls[0].approved is True
    assert server.lines == ["DELETE /books/7"]


@both
@roads
def test_finding_is_free_where_every_call_needs_a_yes(hold: Hold, road: str) -> None:
    seen: list[str] = []

    def approve(request: ApprovalRequest) -> bool:
        seen.append(request.name)
        return True

    script = [FIND_BOOKS, asked(road, "create_book", {"title": "Emma"}), say("Done.")]
    held(hold, script, finder=road, approve=approve)
    assert seen == ["create_book"]


@both
@roads
def test_a_run_goes_on_from_its_messages_after_a_decision(hold: Hold, road: str) -> None:
    server = Server(answer)
    script = [
        call("find_tools", {"query": "delete a book"}),
        asked(road, "delete_book", {"book_id": 7}),
        say("Gone."),
    ]
    player = Player(script)
    waiting = held(hold, [], server, player=player, finder=road, approve={})
    assert (waiting.stop_reason, server.lines) == ("approval", [])
    (pending,) = waiting.pending
    assert pending.name == "delete_book"
    done = held(
        hold, [], server, player=player, prompt=json.loads(json.dumps(waiting.messages)),
        finder=road, approve={pending.key: True},
    )  # fmt: skip
    assert (done.text, server.lines) == ("Gone.", ["DELETE /books/7"])
    assert player.requests[-1].tools == player.requests[1].tools


@both
@roads
def test_limits_count_calls_of_found_tools(hold: Hold, road: str) -> None:
    script = [asked(road, "get_book", {"book_id": number}) for number in range(9)]
    server = Server(answer)
    found = held(hold, script, server, finder=road, max_calls=2)
    assert (found.stop_reason, len(server.lines)) == ("max_calls", 2)


@both
@roads
def test_the_same_search_again_and_again_is_noticed(hold: Hold, road: str) -> None:
    found = held(hold, [FIND_BOOKS] * 10, finder=road, max_turns=20)
    assert found.stop_reason == "repeated_calls"
    assert "already called" in content(found.messages[6])["error"]
    assert len(found.calls) <= 6


@both
@roads
def test_the_same_call_again_and_again_is_noticed(hold: Hold, road: str) -> None:
    script = [asked(road, "get_book", {"book_id": 7})] * 10
    found = held(hold, script, finder=road, max_turns=20)
    assert found.stop_reason == "repeated_calls"
    assert "get_book was already called" in content(found.messages[6])["error"]


@both
@roads
def test_events_and_transcripts_name_the_tool_that_is_meant(hold: Hold, road: str) -> None:
    events: list[Any] = []
    script = [FIND_BOOKS, asked(road, "get_book", {"book_id": 7}), say("Ok.")]
    found = held(hold, script, finder=road, stream=True, events=events)
    started = [event.name for event in events if isinstance(event, CallStarted)]
    finished = [event.call.name for event in events if isinstance(event, CallFinished)]
    assert started == finished == ["find_tools", "get_book"]
    assert "get_book" in str(found)
    assert "GET http://127.0.0.1:9/pets-api/books/7" in str(found)


@both
def test_several_apis_are_searched_as_one_and_called_each_by_its_client(hold: Hold) -> None:
    town, school = make_library("town"), make_library("school", ("book", "pupil"))
    one, other = Server(answer), Server(answer)
    script = [
        call("find_tools", {"query": "list pupils"}),
        calls(("list_pupils", {}), ("town_get_book", {"book_id": 1})),
        say("Ok."),
    ]
    player = Player(script)
    if hold is hold_sync:
        clients: list[Any] = [one.sync(town), other.sync(school)]
    else:
        clients = [one.asynchronous(town), other.asynchronous(school)]
    hold(player, api=None, tools=[town, school], client=clients)
    assert "Town, School" in json.dumps(player.requests[0].body["tools"])
    assert "list_pupils" in player.requests[1].tools
    assert (one.lines, other.lines) == (["GET /books/1"], ["GET /pupils"])
    assert player.complaints == []


# --- models as they are ---------------------------------------------------------------------------


@both
@roads
def test_what_was_not_found_may_be_called_if_it_exists(hold: Hold, road: str) -> None:
    server = Server(answer)
    held(hold, [asked(road, "get_printer", {"printer_id": 3}), say("Ok.")], server, finder=road)
    assert server.lines == ["GET /printers/3"]


@both
@roads
def test_what_does_not_exist_is_answered_with_what_is_near(hold: Hold, road: str) -> None:
    found = held(hold, [asked(road, "remove_book", {"book_id": 3}), say("Ok.")], finder=road)
    told = content(found.messages[2])["error"]
    assert "There is no tool 'remove_book'" in told
    assert "delete_book" in told
    assert "find_tools" in told


@both
@roads
@pytest.mark.parametrize(
    "query",
    [
        "everything",
        "list all tools",
        "*",
        "",
        "what can you do?",
        "all available functions",
        "help",
    ],
)
def test_whoever_asks_for_everything_hears_how_much_that_is(
    hold: Hold, road: str, query: str
) -> None:
    found = held(hold, [call("find_tools", {"query": query}), say("Ok.")], finder=road)
    told = content(found.messages[2])
    assert told["error"].startswith("48 tools do not fit")
    assert told["areas"]["books"] == 4
    assert found.calls[0].result.error == "bad-arguments"


@both
@roads
@pytest.mark.parametrize(
    "query",
    ["book a flight to Berlin and a hotel with breakfast", "x", "\x00\x07", "🍕🍕", "火星旅行"],
)
def test_where_nothing_fits_nothing_is_found_and_a_word_says_so(
    hold: Hold, road: str, query: str
) -> None:
    player = Player([call("find_tools", {"query": query}), say("Ok.")])
    found = held(hold, [], player=player, finder=road)
    told = content(found.messages[2])
    assert told.get("tools", []) == []
    assert player.requests[1].tools == player.requests[0].tools


@both
@roads
@pytest.mark.parametrize(
    "arguments",
    [
        "list books",
        {"query": ["list", "books"]},
        {"search": "list books"},
        {"query": "list books", "limit": 3},
        {"query": "list books " * 20_000},
    ],
)
def test_a_query_is_found_where_the_model_put_it(hold: Hold, road: str, arguments: Any) -> None:
    found = held(hold, [call("find_tools", arguments), say("Ok.")], finder=road)
    assert content(found.messages[2])["tools"][0].startswith("list_books(")


@both
@roads
@pytest.mark.parametrize("arguments", [{}, {"query": None}, {"query": {"type": "string"}}, "[1]"])
def test_a_search_for_nothing_is_answered_in_words(hold: Hold, road: str, arguments: Any) -> None:
    found = held(hold, [call("find_tools", arguments), say("Ok.")], finder=road)
    assert content(found.messages[2])["error"].startswith(("find_tools takes query", "48 tools"))


@both
@roads
def test_a_schema_given_back_as_arguments_is_told_so(hold: Hold, road: str) -> None:
    schema = {"type": "object", "properties": {"book_id": {"type": "integer"}}}
    server = Server(answer)
    found = held(hold, [asked(road, "get_book", schema), say("Ok.")], server, finder=road)
    assert content(found.messages[2])["error"] == (
        "These are the words of the schema. Give values: book_id."
    )
    assert server.lines == []


@both
def test_call_tool_without_a_tool_or_with_unreadable_text_is_told_what_is_wrong(hold: Hold) -> None:
    turn = calls(("call_tool", {}), ("call_tool", "{no json"), ("call_tool", {"name": "call_tool"}))
    found = held(hold, [turn, say("Ok.")], finder="call")
    errors = [c.result.error for c in found.calls]
    assert errors == ["unknown-tool", "bad-arguments", "unknown-tool"]
    assert "not valid JSON" in content(found.messages[3])["error"]


# --- the decision model ---------------------------------------------------------------------------


def only(*names: str) -> Any:
    """A decision model that lets these tools pass, the first surest."""

    def decide(state: str, instructions: str) -> float:
        for place, name in enumerate(names):
            if f" {name}(" in instructions:
                return 0.9 - place / 10
        return 0.1

    return decide


@both
@roads
def test_the_decision_model_chooses_among_what_the_words_found(hold: Hold, road: str) -> None:
    player = Player([FIND_BOOKS, say("Ok.")], decide=only("create_book", "list_books"))
    found = held(hold, [], player=player, finder=road, rank="clef")
    assert found.calls[0].result.data == ["create_book", "list_books"]
    (asked,) = player.decisions
    assert asked.path.endswith("/ai/run/@cf/cloudflare/clef-flash")
    assert "list books" in asked.body["state"]
    assert 1 < len(asked.body["questions"]) <= 60
    if road == "offer":
        assert player.requests[1].tools == ["find_tools", "create_book", "list_books"]


@both
def test_where_none_passes_nothing_is_found(hold: Hold) -> None:
    player = Player([FIND_BOOKS, say("Ok.")], decide=only())
    found = held(hold, [], player=player, rank="clef")
    told = content(found.messages[2])
    assert told["tools"] == []
    assert told["note"].startswith("No tool does this.")
    assert player.requests[1].tools == ["find_tools"]


@both
def test_what_the_words_would_not_call_fitting_the_decision_model_may(hold: Hold) -> None:
    query = "somebody should hand me that thing to read, a book perhaps, from the cellar"
    script = [call("find_tools", {"query": query}), say("Ok.")]
    assert content(held(hold, script).messages[2])["tools"] == []
    player = Player(script, decide=only("get_book"))
    found = held(hold, [], player=player, rank="clef")
    assert found.calls[0].result.data == ["get_book"]


@both
def test_where_the_decision_model_fails_the_words_decide(
    hold: Hold, caplog: pytest.LogCaptureFixture
) -> None:
    broken = Fault("error", 5035)
    player = Player([FIND_BOOKS, say("Ok.")], decide=lambda state, text: broken)
    found = held(hold, [], player=player, rank="clef")
    assert found.calls[0].result.data[0] == "list_books"
    assert "the decision model failed, the words decide" in caplog.text


@both
def test_a_server_that_is_not_cloudflares_has_no_decision_model(hold: Hold) -> None:
    player = Player([say("Ok.")])
    with pytest.raises(SettingsError, match="clef-flash is a model of Cloudflare"):
        held(
            hold, [], player=player, rank="clef",
            ai={"base_url": "http://localhost:11434/v1", "account_id": None},
        )  # fmt: skip
    assert player.requests == []


def test_a_rank_that_is_none_is_refused() -> None:
    with pytest.raises(SettingsError, match="rank"):
        held(hold_sync, [say("Ok.")], rank="best")


def test_the_decision_model_is_asked_over_http() -> None:
    """On a real server on loopback, with the account and the token of the conversation."""
    with StandIn([FIND_BOOKS, say("Ok.")], decide=only("get_book")) as standin:
        server = Server(answer)
        api = make_library()
        with server.sync(api) as client, WorkersAI(**standin.settings) as ai:
            found = api.run("Which books?", ai=ai, client=client, rank="clef")
        assert found.calls[0].result.data == ["get_book"]
        assert standin.decisions[0].headers["authorization"] == f"Bearer {standin.token}"
        assert standin.complaints == []
