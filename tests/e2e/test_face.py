"""What a user names can be imported from the package and from each module, and is typed."""

from __future__ import annotations

import importlib
import subprocess
import sys
from pathlib import Path

import pytest
from toolbind.present import PACKAGE_NAMES

ROOT = Path(__file__).parents[2]

PROGRAM = """
from __future__ import annotations

from generated import petstore, weather
from generated.petstore import (
    ApprovalRequest, AsyncPetstore, Call, Gateway, Petstore, Run, RunOptions, ToolResult, Turn,
    WorkersAI, arun, call_tool, errors, events, run,
)


def approve(request: ApprovalRequest) -> bool:
    return request.method == "DELETE" and "pets" in request.url


def prepare(turn: Turn) -> Turn | None:
    turn.messages.append({"role": "system", "content": str(turn.number)})
    return None


def show(event: events.Event) -> None:
    if isinstance(event, events.RunFinished):
        print(event.run.text)


OPTIONS: RunOptions = {"approve": approve, "prepare": prepare, "on_event": show, "max_turns": 3}


def hold(client: Petstore) -> Run:
    ai = WorkersAI(gateway=Gateway("main"))
    try:
        for event in run("Hi", ai=ai, client=client, stream=True, **OPTIONS):
            if event.kind == "text":
                print(event.text)
            elif event.kind == "result":
                call: Call = event.call
                result: ToolResult = call.result
                print(call.name, result.ok)
        return run("Hi", tools=[(petstore, ["list_*"]), weather], client=[client])
    except errors.CapacityError as error:
        print(error.retry_after)
        raise
    except errors.NotFoundError as error:
        print(error.status_code)
        raise


async def ahold(client: AsyncPetstore) -> Run:
    async for event in arun("Hi", client=client, tools="list_*", stream=True):
        if event.kind == "done":
            print(event.run.cost)
    return await arun("Hi", client={"petstore": client}, tools=petstore)


print(call_tool("get_pet", {"pet_id": 1}).content)
"""


@pytest.mark.slow
@pytest.mark.parametrize("checker", ["mypy", "pyright"])
def test_a_program_that_uses_all_of_it_is_typed(checker: str, tmp_path: Path) -> None:
    (tmp_path / "program.py").write_text(PROGRAM)
    command = {
        "mypy": ["mypy", "--strict", "--config-file=", "--no-incremental", "program.py"],
        "pyright": ["pyright", "--pythonpath", sys.executable, "program.py"],
    }[checker]
    (tmp_path / "generated").symlink_to(ROOT / "generated")
    done = subprocess.run(
        [sys.executable, "-m", *command], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("name", ["generated", "generated.petstore", "generated.weather"])
def test_every_name_is_there(name: str) -> None:
    module = importlib.import_module(name)
    assert set(module.__all__) >= PACKAGE_NAMES
    for each in module.__all__:
        getattr(module, each)


def test_the_package_offers_what_no_module_may_be_called() -> None:
    assert set(importlib.import_module("generated").__all__) == PACKAGE_NAMES


def test_help_names_what_can_be_imported() -> None:
    told = importlib.import_module("generated.petstore").run.__doc__
    for name in ("ApprovalRequest", "Call", "Gateway", "Run", "RunOptions", "Turn", "WorkersAI"):
        assert f"`{name}`" in told
    assert "`events`, `errors`" in told
