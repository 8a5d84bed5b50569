"""Golden cases: a folder with a document, the module made of it, and what was said about it.

`spec.yaml` goes in; `module.py`, `async.py`, `tools.py`, `types.py` and `diagnostics.txt` (or
`refused.txt`) must come out.
`pytest tests/test_cases.py --update` rewrites them; review the diff. Every golden is also parsed,
imported, type-checked, formatted and linted: text that only looks right is not enough.
"""

from __future__ import annotations

import importlib
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import jsonschema
import pytest
from toolbind import DocumentError, Generated, generate
from toolbind.pipeline import Options, shared_files

CASES = sorted(path.parent for path in Path(__file__).parent.glob("cases/*/spec.yaml"))
NAMES = [case.name for case in CASES]
GOLDENS = {"module.py": "", "async.py": "_async", "tools.py": "_tools", "types.py": "_types"}
"""Golden files, and what the names of the files that they stand for end with."""

TOOL_NAME = re.compile(r"[a-zA-Z0-9_-]{1,64}")


def made(case: Path) -> dict[str, str]:
    """What a case gives, by the name of its golden. Unwritten files stand for empty ones."""
    spec = (case / "spec.yaml").read_bytes()
    try:
        generated = generate(spec, name=case.name, options=Options(command="toolbind generate …"))
    except DocumentError as refused:
        return {"refused.txt": f"{refused}\n"}
    made = {golden: generated.files[f"{case.name}{end}.py"] for golden, end in GOLDENS.items()}
    return {**made, "diagnostics.txt": said(generated)}


def said(generated: Generated) -> str:
    lines = [diagnostic.line() for diagnostic in generated.diagnostics]
    lines += [f"skipped: {s.method} {s.path} [{s.code}] {s.reason}" for s in generated.skipped]
    return "".join(f"{line}\n" for line in lines)


@pytest.mark.parametrize("case", CASES, ids=NAMES)
def test_case(case: Path, update: bool) -> None:
    results = made(case)
    goldens = {path.name for path in case.iterdir()} - {"spec.yaml"}
    for name, text in results.items():
        golden = case / name
        if update:
            golden.write_text(text) if text else golden.unlink(missing_ok=True)
        assert (golden.read_text() if golden.exists() else "") == text, f"{golden} differs"
    assert update or goldens <= set(results), "a golden that nothing makes"


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """All goldens as one package of modules, as a user would have them."""
    folder = tmp_path_factory.mktemp("cases") / "case_modules"
    for name, data in shared_files().items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)
    for case in CASES:
        for golden, end in GOLDENS.items():
            if (case / golden).exists():
                (folder / f"{case.name}{end}.py").write_text((case / golden).read_text())
    sys.path.insert(0, str(folder.parent))
    yield folder
    sys.path.remove(str(folder.parent))


def modules(package: Path) -> Iterator[ModuleType]:
    for case in CASES:
        if (case / "module.py").exists():
            yield importlib.import_module(f"{package.name}.{case.name}")


def test_goldens_import_and_offer_what_every_module_offers(package: Path) -> None:
    for module in modules(package):
        for name in module.__all__:
            assert getattr(module, name) is not None
        for tool in module.TOOLS:
            assert TOOL_NAME.fullmatch(tool["name"])
            assert hasattr(module.Client, tool["name"])
            assert hasattr(module.AsyncClient, tool["name"])
            jsonschema.Draft202012Validator.check_schema(tool["parameters"])
            assert "$ref" not in json.dumps(tool["parameters"])
            for value in tool["parameters"]["properties"].values():
                assert isinstance(value["type"], str)
                assert value["description"]


@pytest.mark.slow
@pytest.mark.parametrize(
    "judge",
    [
        ["mypy", "--strict", "--cache-dir", "{cache}"],
        ["ruff", "check", "--isolated", "--target-version", "py311"],
        ["black", "--check", "--quiet"],
    ],
    ids=["mypy", "ruff", "black"],
)
def test_goldens_please_the_judges(package: Path, tmp_path: Path, judge: list[str]) -> None:
    command = [part.format(cache=tmp_path) for part in judge]
    done = subprocess.run(
        [sys.executable, "-m", *command, package.name],
        cwd=package.parent,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
