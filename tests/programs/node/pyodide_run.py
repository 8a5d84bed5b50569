"""The asynchronous client inside Pyodide, which is the Python of Python Workers (contract 9, 10).

Conversations of several families through a scripted `env.AI`, whole and streamed, with `env` as it
is and as Cloudflare's SDK wraps it. What env.AI was given is judged by the stand-in's check.
"""

from __future__ import annotations

import importlib.metadata
import json
import subprocess
import tempfile
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from toolbind.standin.check import complaints
from toolbind.standin.shapes import Numbers, answer, shape_of
from toolbind.standin.streams import stream_text
from toolbind.standin.turns import Turn, call, say

from tests.programs.node.deps import ROOT, node, npm_packages, wheels

HERE = Path(__file__).parent / "pyodide"
PURE = ("httpx", "httpcore", "h11", "anyio", "certifi", "idna", "typing_extensions")
STUBS: Mapping[str, str] = {
    "_pyodide_entrypoint_helper.py": "cloudflareWorkersModule = None\n"
    "cloudflareSocketsModule = None\n"
    "def doAnImport(name): raise ImportError(name)\n",
    "_cloudflare_compat_flags.py": "def __getattr__(name): return False\n",
}
"""What the runtime of Workers adds to Pyodide."""

TURNS = [call("get_pet", {"pet_id": 7}, reasoning="Look it up."), say("Pet 7 is sold: é€😀.")]
BUSY = {"kind": "error", "name": "AiError", "message": "3040: Capacity temporarily exceeded"}
MODELS = [
    ("@cf/zai-org/glm-4.7-flash", {}),
    ("@cf/meta/llama-3.3-70b-instruct-fp8-fast", {}),
    ("@cf/meta/llama-4-scout-17b-16e-instruct", {}),
    ("@cf/openai/gpt-oss-120b", {"form": "responses"}),
]


def played(turn: Turn, model: str, settings: Mapping[str, Any], stream: bool) -> dict[str, Any]:
    """A turn as env.AI gives it: without an envelope."""
    asked = {"input": ""} if settings.get("form") == "responses" else {}
    shape = shape_of(model, "run", asked)
    if stream:
        return {"kind": "stream", "text": stream_text(turn, model, shape, Numbers()), "size": 7}
    return {"kind": "json", "value": answer(turn, model, shape, Numbers())}


def cases() -> Iterator[dict[str, Any]]:
    for model, settings in MODELS:
        for stream in (False, True):
            script = [played(turn, model, settings, stream) for turn in TURNS]
            case = {"model": model, "settings": settings, "stream": stream, "script": script}
            yield case
            yield {**case, "script": [BUSY, *script]}
    model = MODELS[0][0]
    plain = {"model": model, "settings": {}, "stream": False}
    text = json.dumps(answer(say("Hi."), model, "chat", Numbers()))
    yield {**plain, "script": [{"kind": "stream", "text": text, "size": 9}], "expect": "Hi."}
    yield {**plain, "script": [BUSY] * 3, "expect": ["CapacityError", 3040]}
    wrong = {"kind": "error", "name": "InferenceUpstreamError", "message": "5006: AiError: Bad"}
    yield {**plain, "script": [wrong], "expect": ["InvalidRequestError", 5006]}
    null = {"response": None, "tool_calls": None, "usage": None}
    yield {**plain, "script": [{"kind": "json", "value": null}], "expect": ""}


def archive(place: Path) -> None:
    """Everything that site-packages must hold, as a zip."""
    with zipfile.ZipFile(place, "w") as made:
        for name in PURE:
            for file in importlib.metadata.files(name) or ():
                if file.suffix in (".py", ".pem") and ".." not in file.parts:
                    made.write(str(file.locate()), str(file))
        source = ROOT / "generator"
        for path in (source / "toolbind_runtime").rglob("*.py"):
            made.write(path, path.relative_to(source).as_posix())
        made.write(ROOT / "tests" / "unit" / "runtime" / "pets.py", "pets.py")
        made.write(HERE / "inside.py", "inside.py")
        for name, text in STUBS.items():
            made.writestr(name, text)
        for wheel in wheels(HERE / "requirements.txt"):
            with zipfile.ZipFile(wheel) as packed:
                for name in packed.namelist():
                    made.writestr(name, packed.read(name))


def problems(case: Mapping[str, Any], found: Mapping[str, Any]) -> Iterator[str]:
    """What is wrong with one conversation's outcome."""
    for request in found["requests"]:
        yield from complaints(request["model"], "run", request["inputs"])
    if "expect" in case:
        told = found.get("text", [found.get("error"), found.get("code")])
        if told != case["expect"]:
            yield f"expected {case['expect']}, got {told}"
        return
    if (found.get("text"), found["http"]) != ("Pet 7 is sold: é€😀.", ["GET /pets/7"]):
        yield f"ended in {found}"
    if bool(found["pieces"] > 1) != case["stream"]:
        yield f"{found['pieces']} pieces of text"
    if len(found["requests"]) != len(case["script"]):
        yield f"{len(found['requests'])} requests"


def main() -> int:
    """0 when every conversation ended as it must."""
    listed = list(cases())
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        archive(place / "site.zip")
        (place / "script.json").write_text(json.dumps(listed), encoding="utf-8")
        config = {
            "pyodide": str(npm_packages(HERE) / "pyodide"),
            "archive": str(place / "site.zip"),
            "script": str(place / "script.json"),
            "result": str(place / "result.json"),
        }
        (place / "config.json").write_text(json.dumps(config))
        command = [node(), str(HERE / "run.mjs"), str(place / "config.json")]
        if subprocess.run(command, check=False, timeout=300).returncode:
            return 1
        outcome = json.loads((place / "result.json").read_text("utf-8"))
    failed = 0
    for kind in ("raw", "sdk"):
        for number, (case, found) in enumerate(zip(listed, outcome[kind], strict=True)):
            for problem in problems(case, found):
                failed += 1
                print(f"FAIL {kind} {number} {case['model']} stream={case['stream']}: {problem}")
    total = 2 * len(listed)
    print(f"pyodide {outcome['python']}: {total - failed} passed, {failed} failed")
    return 1 if failed else 0
