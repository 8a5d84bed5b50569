"""`toolbind ask`: a conversation over real HTTP with the stand-in for Workers AI."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from toolbind.standin import StandIn, call, fault, say

from .conftest import Command, Once

Ask = Command
ALL = ["list_pets", "get_pet", "delete_pet"]


@pytest.fixture
def standin() -> Iterator[StandIn]:
    with StandIn() as server:
        yield server


@pytest.fixture(autouse=True)
def module(
    toolbind: Command, standin: StandIn, monkeypatch: pytest.MonkeyPatch, home: Path, once: Once
) -> None:
    once("ask", home / "out", lambda: toolbind("generate", "specs/pets.yaml", "-o", "out", "-q"))
    for name, value in standin.settings.items():
        if name in ("account_id", "api_token"):
            monkeypatch.setenv(f"CLOUDFLARE_{name.upper()}", str(value))


@pytest.fixture
def ask(toolbind: Command, standin: StandIn) -> Ask:
    """Asks the stand-in as an OpenAI-compatible server; the API itself is not there."""

    def command(*arguments: str) -> object:
        return toolbind(
            "ask", "out/pets.py", *arguments,
            "--base-url", f"{standin.root}/v1", "--token-env", "CLOUDFLARE_API_TOKEN",
            "--api-url", "http://127.0.0.1:1",
        )  # fmt: skip

    return command  # type: ignore[return-value]  # gives a Result


def test_the_answer_is_on_stdout_and_the_steps_are_not(ask: Ask, standin: StandIn) -> None:
    standin.play([call("list_pets", {"limit": 2}), say("Nobody is there.")])
    done = ask("Which pets are there?")
    assert (done.code, done.out) == (0, "Nobody is there.\n")
    steps = done.err.splitlines()
    assert steps[0] == '-> list_pets {"limit": 2}'
    assert steps[1].startswith("<- connection GET http://127.0.0.1:1/pets?limit=2 ")
    assert steps[2].startswith("(stop: 2 turns, 1 call, ")


def test_quiet_is_the_answer_alone(ask: Ask, standin: StandIn) -> None:
    standin.play([call("list_pets", {}), say("None.")])
    done = ask("Which?", "--quiet")
    assert (done.code, done.out, done.err) == (0, "None.\n", "")


def test_streaming_prints_the_same(ask: Ask, standin: StandIn) -> None:
    standin.play([call("list_pets", {}), say("A longer answer, in pieces.")])
    done = ask("Which?", "--stream", "--quiet")
    assert (done.code, done.out) == (0, "A longer answer, in pieces.\n")


def test_only_the_chosen_tools_are_offered(ask: Ask, standin: StandIn) -> None:
    standin.play([say("Hello.")])
    assert ask("Hi", "--tools", "get_*", "--system", "Be short.", "--model", "some/model").code == 0
    [received] = standin.requests
    assert received.tools == ["get_pet"]
    assert received.messages[0] == {"role": "system", "content": "Be short."}
    assert received.model == "some/model"


@pytest.mark.parametrize(
    ("flags", "settings", "offered"),
    [
        (["--find"], "", ["find_tools"]),
        (["--max-tools", "1"], "", ["find_tools"]),
        (["--max-tools", "1", "--finder", "call"], "", ["find_tools", "call_tool"]),
        (["--max-tool-tokens", "9"], "", ["find_tools"]),
        ([], "max-tools = 1", ["find_tools"]),
        ([], "max-tool-tokens = 9", ["find_tools"]),
        (["--max-tools", "9"], "max-tools = 1", ALL),
        (["--max-tools", "1", "--tools", "list_*"], "", ["list_pets"]),
    ],
)
def test_tools_are_found_where_flags_or_settings_say_so(
    flags: list[str], settings: str, offered: list[str], ask: Ask, standin: StandIn, home: Path
) -> None:
    (home / "toolbind.toml").write_text(settings)
    standin.play([say("Hello.")])
    assert ask("Hi", *flags).code == 0
    assert standin.requests[0].tools == offered


def test_a_bound_is_a_number_above_zero(ask: Ask, standin: StandIn) -> None:
    done = ask("Hi", "--max-tools", "0")
    assert (done.code, done.out) == (2, "")
    assert "--max-tools is a number above 0" in done.err
    assert standin.requests == []


def test_a_call_in_the_text_runs_where_a_flag_says_so(ask: Ask, standin: StandIn) -> None:
    standin.play([say('{"name": "list_pets", "arguments": {}}'), say("None.")])
    done = ask("Hi", "--text-calls")
    assert done.out == "None.\n"
    assert "-> list_pets" in done.err


def test_several_modules_are_told_apart(toolbind: Command, standin: StandIn, home: Path) -> None:
    toolbind("generate", "specs/pets.yaml", "-o", "out", "-q", "--name", "dogs")
    standin.play([say("Hello.")])
    done = toolbind(
        "ask", "out/pets.py", "out/dogs.py", "Hi", "--tools", "get_*",
        "--base-url", f"{standin.root}/v1", "--token-env", "CLOUDFLARE_API_TOKEN",
    )  # fmt: skip
    assert done.code == 0
    assert standin.requests[0].tools == ["pets_get_pet", "dogs_get_pet"]


@pytest.mark.parametrize(("approve", "runs"), [("reads", False), ("all", True), ("ask", False)])
def test_a_write_needs_approval(approve: str, runs: bool, ask: Ask, standin: StandIn) -> None:
    standin.play([call("delete_pet", {"pet_id": "7"}), say("Done.")])
    done = ask("Delete pet 7", "--approve", approve)
    assert done.code == 0
    assert ("<- connection DELETE " in done.err) is runs
    assert ("<- refused DELETE " in done.err) is not runs


@pytest.mark.parametrize(
    ("name", "start"),
    [
        ("t.json", '[\n  {\n    "role": "user"'),
        ("t.md", "**user**"),
        ("t.html", "<!doctype html>"),
        ("t", "user:"),
    ],
)
def test_the_transcript_is_written_in_the_form_of_its_name(
    name: str, start: str, ask: Ask, standin: StandIn, home: Path
) -> None:
    standin.play([say("Hello.")])
    assert ask("Hi", "--transcript", name).code == 0
    text = (home / name).read_text()
    assert text.startswith(start)
    assert "Hello." in text
    assert str(standin.settings["api_token"]) not in text


def test_what_came_before_a_failure_is_in_the_transcript(
    ask: Ask, standin: StandIn, home: Path
) -> None:
    standin.play([call("list_pets", {}), fault(5007)])
    done = ask("Hi", "--transcript", "t.json")
    assert done.code == 4
    assert done.err.splitlines()[-1].startswith("error: ")
    assert json.loads((home / "t.json").read_text())[0] == {"role": "user", "content": "Hi"}


def test_without_an_account_the_settings_are_named(
    toolbind: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("CLOUDFLARE_ACCOUNT_ID", raising=False)
    done = toolbind("ask", "out/pets.py", "Hi")
    assert done.code == 2
    assert "CLOUDFLARE_ACCOUNT_ID" in done.err


@pytest.mark.parametrize("model", ["clef", "@cf/cloudflare/clairic"])
def test_a_model_of_another_kind_says_in_one_line_what_it_is(model: str, toolbind: Command) -> None:
    done = toolbind("ask", "out/pets.py", "Hi", "--model", model)
    assert done.code == 2
    (line,) = done.err.strip().splitlines()
    assert f"{model} is a" in line
    assert "holds no conversation; use for example @cf/zai-org/glm-4.7-flash" in line


def test_an_api_url_goes_with_one_module(toolbind: Command) -> None:
    done = toolbind("ask", "out/pets.py", "out/pets.py", "Hi", "--api-url", "http://127.0.0.1:1")
    assert done.code == 2
    assert "one MODULE" in done.err
