"""The stand-in over real HTTP: addresses, gates, scripts, faults, records."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from toolbind.standin import (
    Fault,
    Received,
    ScriptedCall,
    StandIn,
    Turn,
    call,
    calls,
    exchanges,
    fault,
    load_script,
    say,
)
from toolbind.standin.__main__ import main

WIRE = Path(__file__).parents[2] / "fixtures" / "wire"
MODEL = "@cf/zai-org/glm-4.7-flash"
ASK: dict[str, Any] = {"messages": [{"role": "user", "content": "hi"}], "max_tokens": 9}


@pytest.fixture
def standin() -> Iterator[StandIn]:
    with StandIn() as made:
        yield made


def post(standin: StandIn, body: Any = ASK, path: str | None = None, **more: Any) -> httpx.Response:
    place = path or f"/client/v4/accounts/{standin.account_id}/ai/run/{MODEL}"
    headers = {"authorization": f"Bearer {standin.token}", **more.pop("headers", {})}
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    headers.setdefault("content-type", "application/json")
    with httpx.Client(trust_env=False) as http:
        method = more.pop("method", "POST")
        return http.request(method, standin.root + place, content=content, headers=headers)


@pytest.mark.parametrize(
    ("path", "enveloped"),
    [
        ("/client/v4/accounts/{a}/ai/run/" + MODEL, True),
        ("/client/v4/accounts/{a}/ai/run/" + MODEL + "?tags=a", True),
        ("/client/v4/accounts/{a}/ai/v1/chat/completions", False),
        ("/v1/{a}/gw/workers-ai/" + MODEL, True),
        ("/v1/{a}/gw/workers-ai/run/" + MODEL, True),
        ("/v1/{a}/gw/workers-ai/v1/chat/completions", False),
        ("/v1/chat/completions", False),
    ],
)
def test_section_1_addresses(standin: StandIn, path: str, enveloped: bool) -> None:
    standin.play([say("Hello.")])
    answer = post(standin, {"model": MODEL, **ASK}, path.format(a=standin.account_id)).json()
    result = answer["result"] if enveloped else answer
    assert result["choices"][0]["message"]["content"] == "Hello."
    assert ("success" in answer) == enveloped
    assert standin.requests[0].model == MODEL


def test_section_1_responses(standin: StandIn) -> None:
    standin.play([say("Hello.")])
    body = {"model": MODEL, "input": "hi", "max_output_tokens": 9}
    path = f"/client/v4/accounts/{standin.account_id}/ai/v1/responses"
    answer = post(standin, body, path).json()
    assert answer["output"][0]["content"][0]["text"] == "Hello."


@pytest.mark.parametrize(
    ("more", "status", "code"),
    [
        ({"path": "/client/v4/accounts/x/ai/run/" + MODEL}, 404, 7003),
        ({"path": "/client/v4/nothing"}, 400, 7000),
        ({"headers": {"authorization": "Bearer wrong"}}, 401, 10000),
        ({"headers": {"content-type": "text/plain"}}, 400, 3003),
        ({"body": b"{not json"}, 400, 3003),
        ({"body": b"\xff"}, 400, 3003),
        ({"body": {}}, 400, 5006),
        ({"method": "GET"}, 405, 7000),
    ],
)
def test_section_6_what_is_refused(
    standin: StandIn, more: dict[str, Any], status: int, code: int
) -> None:
    answer = post(standin, **more)
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (status, code)
    assert answer.json()["success"] is False


def test_section_9_workerd_s_own_class_is_served(standin: StandIn) -> None:
    """`POST /run?version=3` with `{inputs, options}`; no token, no envelope."""
    standin.play([say("Hello."), fault(3040), say("é", finish="stop"), fault("garbage")])
    headers = {"cf-consn-model-id": MODEL, "authorization": "none"}
    bound = {"inputs": ASK, "options": {}}

    def ask(body: Any = bound, path: str = "/run?version=3") -> httpx.Response:
        return post(standin, body, path, headers=headers)

    assert ask().json()["choices"][0]["message"]["content"] == "Hello."
    busy = ask(path="/ai-gateway/run?version=3")
    assert (busy.status_code, busy.json()["internalCode"]) == (429, 3040)
    assert busy.json()["name"] == "AiError"
    streamed = ask({**bound, "inputs": {**ASK, "stream": True}})
    assert streamed.headers["content-type"] == "text/event-stream"
    assert ask().content.startswith(b"\xff")
    assert standin.requests[0].model == MODEL
    assert ask({"inputs": {"messages": []}}).json()["internalCode"] == 5006
    assert ask([]).json()["internalCode"] == 5006


def test_a_breach_is_refused_with_the_reason_and_recorded(standin: StandIn) -> None:
    standin.play([say("never")])
    answer = post(standin, {**ASK, "max_tokens": "9"})
    message = answer.json()["errors"][0]["message"]
    assert "token limit: not a positive integer: '9'" in message
    assert standin.complaints == ["token limit: not a positive integer: '9'"]
    upstream = post(standin, {**ASK, "tools": [], "tool_choice": "any"})
    assert upstream.json()["errors"][0]["code"] == 8001


def test_a_token_may_be_left_out_by_the_user_s_wish() -> None:
    with StandIn([say("Hello.")], token=None) as standin:
        place = f"/client/v4/accounts/{standin.account_id}/ai/run/{MODEL}"
        answer = httpx.post(standin.root + place, json=ASK, trust_env=False)
    assert answer.status_code == 200


def test_a_gateway_s_token_opens_too(standin: StandIn) -> None:
    standin.play([say("Hello.")])
    headers = {"authorization": "Bearer x", "cf-aig-authorization": f"Bearer {standin.token}"}
    assert post(standin, headers=headers).status_code == 200


# --- scripts -----------------------------------------------------------------------------------


def text_of(answer: httpx.Response) -> str:
    text: str = answer.json()["result"]["choices"][0]["message"]["content"]
    return text


def test_turns_are_played_in_order_and_then_the_script_is_over(standin: StandIn) -> None:
    standin.play([say("one"), lambda received: say(f"two, {received.model}")])
    assert [text_of(post(standin)) for _ in range(2)] == ["one", f"two, {MODEL}"]
    assert "the script is over" in post(standin).text
    standin.play([say("again")])
    assert text_of(post(standin)) == "again"
    assert len(standin.requests) == 4


def test_one_function_may_play_everything() -> None:
    def echo(received: Received) -> Turn:
        return say(received.messages[-1]["content"].upper())

    with StandIn(echo) as standin:
        assert text_of(post(standin)) == "HI"


def test_each_conversation_may_play_the_whole_script() -> None:
    with StandIn([say("first"), say("second")], each_conversation=True) as standin:
        for _ in range(2):
            assert text_of(post(standin)) == "first"
        more = [*ASK["messages"], {"role": "assistant", "content": "first"}, *ASK["messages"]]
        assert text_of(post(standin, {**ASK, "messages": more})) == "second"


def test_a_script_from_a_file(tmp_path: Path) -> None:
    path = tmp_path / "script.json"
    path.write_text(
        json.dumps(
            [
                {"calls": [{"name": "get_pet", "arguments": {"pet_id": 7}}], "reasoning": "Hm."},
                {"fault": 3036},
                {"fault": "drop"},
                {"fault": {"kind": "error", "code": 3040, "retry_after": "2"}},
                {"text": "Done.", "finish": "length", "usage": None},
            ]
        )
    )
    turns = load_script(path)
    assert turns[0].calls == (ScriptedCall("get_pet", {"pet_id": 7}),)
    assert turns[1].fault == Fault("error", 3036, "AiError: scripted error 3036")
    assert turns[2].fault == Fault("drop")
    assert turns[3].fault == Fault("error", 3040, retry_after="2")
    assert (turns[4].text, turns[4].finish_reason, turns[4].usage) == ("Done.", "length", None)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('{"text": "x"}', "a list of turns"),
        ("[7]", "turn 0: not an object"),
        ('[{}, {"txt": "x"}]', "turn 1: unknown txt"),
        ('[{"calls": [{"nme": "x"}]}]', "turn 0"),
        ('[{"fault": {"code": 1}}]', "turn 0"),
        ("[", "Expecting value"),
    ],
)
def test_a_script_that_is_none_says_where(tmp_path: Path, text: str, told: str) -> None:
    path = tmp_path / "script.json"
    path.write_text(text)
    with pytest.raises(ValueError, match=told):
        load_script(path)


@pytest.mark.parametrize("file", ["errors.json", "native_odd_calls.json", "parallel_calls.json"])
def test_recorded_exchanges_are_served_as_they_are(standin: StandIn, file: str) -> None:
    recorded = json.loads((WIRE / file).read_text("utf-8"))["cases"]
    standin.play(exchanges(recorded))
    for case in recorded:
        answer = post(standin)
        assert answer.status_code == case.get("status", 200)
        if isinstance(case["response"], str):
            assert answer.text == case["response"]
        else:
            assert answer.json() == case["response"]
        for name, value in case.get("response_headers", {}).items():
            assert answer.headers[name] == value


def test_bytes_are_served_as_they_are(standin: StandIn) -> None:
    standin.play([Turn(raw=b"\x00\xff", content_type="application/octet-stream")])
    assert post(standin).content == b"\x00\xff"


def test_several_threads_are_served(standin: StandIn) -> None:
    standin.play(lambda received: say("Hello."))
    threads = [threading.Thread(target=post, args=(standin,)) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(standin.requests) == 20


# --- faults and streams ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("turn", "status", "start"),
    [
        (fault(3036), 429, '{"result": null'),
        (fault(7009), 502, '{"result": null'),
        (fault(9999), 500, '{"result": null'),
        (fault("html"), 503, "<!DOCTYPE html>"),
        (fault("empty"), 200, ""),
        (fault("stall", seconds=0.01), 200, '{"result"'),
    ],
)
def test_faults(standin: StandIn, turn: Turn, status: int, start: str) -> None:
    standin.play([turn])
    answer = post(standin)
    assert answer.status_code == status
    assert answer.text.startswith(start)


def test_garbage_is_no_json(standin: StandIn) -> None:
    standin.play([fault("garbage")])
    with pytest.raises(ValueError, match=r"codec|Expecting"):
        post(standin).json()


@pytest.mark.parametrize("kind", ["drop", "half"])
def test_connections_are_broken(standin: StandIn, kind: Any) -> None:
    standin.play([Turn(text="Hello.", fault=Fault(kind))])
    with pytest.raises(httpx.TransportError):
        post(standin)


def test_a_server_that_stalls_can_be_stopped() -> None:
    standin = StandIn([fault("stall", seconds=60)]).start()
    failed: list[Exception] = []

    def ask() -> None:
        try:
            post(standin)
        except Exception as error:
            failed.append(error)

    thread = threading.Thread(target=ask)
    thread.start()
    while not standin.requests:
        pass
    standin.close()
    thread.join(10)
    assert not thread.is_alive()


@pytest.mark.parametrize("chunk", [1, 7, 0, 100_000])
def test_section_5_streams_come_in_chunks_of_any_size(chunk: int) -> None:
    two = calls(("get_pet", {"pet_id": 7}), ("get_pet", {"pet_id": 8}), text="é€😀")
    with StandIn([two], chunk=chunk) as standin:
        answer = post(standin, {**ASK, "stream": True})
    assert answer.headers["content-type"] == "text/event-stream"
    assert answer.text.endswith("data: [DONE]\n\n")
    lines = [line[6:] for line in answer.text.splitlines() if line.startswith("data: {")]
    pieces = [json.loads(line) for line in lines]
    deltas = [p["choices"][0]["delta"] for p in pieces if p.get("choices")]
    assert "".join(d.get("content") or "" for d in deltas) == "é€😀"
    indexes = [t["index"] for d in deltas for t in d.get("tool_calls", ())]
    assert indexes == [0, 1, 0, 1, 0, 1]


USER = """
def test_it(workers_ai_standin):
    from toolbind.standin import call
    workers_ai_standin.play([call("get_pet")] if PLAYED else [])
    assert workers_ai_standin.settings["base_url"].startswith(workers_ai_standin.root)

def test_a_request_without_a_limit_is_warned_of(workers_ai_standin):
    import json
    from urllib.request import Request, urlopen
    from toolbind.standin import say
    workers_ai_standin.play([say("Hello.")])
    body = {"model": "@cf/zai-org/glm-4.7-flash", "messages": [{"role": "user", "content": "Hi"}]}
    headers = {
        "authorization": f"Bearer {workers_ai_standin.token}", "content-type": "application/json"
    }
    url = f"{workers_ai_standin.root}/v1/chat/completions"
    with urlopen(Request(url, json.dumps(body).encode(), headers)) as answer:
        assert answer.status == 200
"""


@pytest.mark.parametrize("asked", [True, pytest.param(False, marks=pytest.mark.slow)])
def test_the_fixture_comes_to_whoever_asks_for_it(asked: bool, tmp_path: Path) -> None:
    line = 'pytest_plugins = ["toolbind.standin.fixture"]'
    (tmp_path / "conftest.py").write_text(line if asked else "")
    (tmp_path / "test_user.py").write_text(USER.replace("PLAYED", "False"))
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "."]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert ("2 passed, 1 warning" in done.stdout) is asked, done.stdout
    assert ("no token limit: some models stop at 256" in done.stdout) is asked
    assert ("fixture 'workers_ai_standin' not found" in done.stdout) is not asked


def test_a_script_that_is_not_played_to_its_end_fails_the_test(tmp_path: Path) -> None:
    (tmp_path / "conftest.py").write_text('pytest_plugins = ["toolbind.standin.fixture"]')
    (tmp_path / "test_user.py").write_text(USER.replace("PLAYED", "True"))
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "."]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "not played to its end: 1 of its turns are left after 0 requests" in done.stdout


@pytest.mark.parametrize(
    ("script", "asked", "told"),
    [
        ("abc", 1, "2 of its turns are left after 1 requests"),
        ("a", 2, "asked 1 times after its script was over"),
        ("a", 1, ""),
        ("", 0, ""),
    ],
)
def test_a_whole_script_is_played_to_its_end_and_no_further(
    script: str, asked: int, told: str
) -> None:
    def played() -> None:
        with StandIn([say(each) for each in script], whole=True) as standin:
            for _ in range(asked):
                post(standin, ASK)

    if not told:
        played()
        return
    with pytest.raises(AssertionError, match=told):
        played()


def test_a_script_that_another_replaces_is_to_be_played_as_well(standin: StandIn) -> None:
    standin.play([say("a")])
    standin.play([])
    assert standin.unplayed == 1


def test_an_error_inside_is_not_hidden_by_what_is_left() -> None:
    with pytest.raises(ZeroDivisionError), StandIn([say("a")], whole=True):
        raise ZeroDivisionError


def test_once_is_said_in_python_as_well() -> None:
    both: list[dict[str, Any]] = [{}, {"once": True}]
    for settings in both:
        with StandIn([say("a")], **settings) as standin:
            assert [post(standin, ASK).status_code for _ in range(2)] == [200, 500]
    with StandIn([say("a")], once=False) as standin:
        assert [post(standin, ASK).status_code for _ in range(2)] == [200, 200]
    with pytest.raises(ValueError, match="the opposite"):
        StandIn(once=True, each_conversation=True)


def test_several_calls_are_made_of_calls() -> None:
    both = calls(call("a", {"x": 1}), ("b", {}), call("c", reasoning="Hm."))
    assert [each.name for each in both.calls] == ["a", "b", "c"]
    assert both.reasoning == "Hm."
    with pytest.raises(TypeError, match="calls takes calls"):
        calls(say("Hello."))


def test_errors_say_their_text_where_sdks_look(standin: StandIn) -> None:
    standin.play([fault(3040)])
    body = {**ASK, "model": MODEL}
    for refused in (
        httpx.post(f"{standin.root}/v1/chat/completions", json=body, trust_env=False),  # no token
        post(standin, {**body, "max_tokens": "9"}, "/v1/chat/completions"),
        post(standin, body, "/v1/chat/completions"),
    ):
        told = refused.json()
        assert told["error"]["message"] == told["errors"][0]["message"]
        assert told["error"]["code"] == told["errors"][0]["code"]


# --- the command -------------------------------------------------------------------------------


def test_the_command_serves_a_script(tmp_path: Path) -> None:
    path = tmp_path / "script.json"
    path.write_text('[{"text": "Hello."}]')
    command = [sys.executable, "-m", "toolbind.standin", "--script", str(path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            first = process.stdout.readline()
            told = dict(process.stdout.readline().split() for _ in range(3))
            place = f"{told['base_url']}/accounts/{told['account_id']}/ai/run/{MODEL}"
            headers = {"authorization": f"Bearer {told['api_token']}"}
            answer = httpx.post(place, json=ASK, headers=headers, trust_env=False)
        finally:
            process.terminate()
    assert "no model answers here" in first
    assert text_of(answer) == "Hello."


def test_the_command_refuses_a_script_that_is_none(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "script.json"
    path.write_text("[7]")
    with pytest.raises(SystemExit, match="2"):
        main(["--script", str(path)])
    assert "turn 0: not an object" in capsys.readouterr().err


def test_the_command_ends_with_an_interrupt(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupt(self: threading.Event, timeout: float | None = None) -> bool:
        raise KeyboardInterrupt

    path = tmp_path / "script.json"
    path.write_text("[]")
    with StandIn() as other:  # started before: threads wait for each other while they start
        monkeypatch.setattr("toolbind.standin.__main__.wait", interrupt)
        assert main(["--script", str(path), "--once"]) == 0
        assert other.root not in capsys.readouterr().out
