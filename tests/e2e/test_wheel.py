"""The wheel, installed in an empty environment: it carries its templates, and it generates.

The generated package then runs where toolbind is not installed: beside httpx alone, and beside
httpx2 alone.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parent.parent.parent

USE = """
import sys
from generated.petstore import AsyncPetstore, Petstore, call_tool, tools
from generated._runtime.transport.library import httpx
assert httpx.__name__ == sys.argv[1], httpx.__name__
seen = []
def answer(request):
    seen.append(str(request.url))
    return httpx.Response(200, json=[{"name": "Rex"}])
http = httpx.Client(transport=httpx.MockTransport(answer))
with Petstore(base_url="https://shop.example/v1", api_key="k", http_client=http) as client:
    assert client.list_pets(tag=["dog", "a b"], limit=5) == [{"name": "Rex"}]
    assert call_tool("list_pets", {"limit": "5"}, client=client).ok
assert seen[0] == "https://shop.example/v1/pets?tag=dog&tag=a%20b&limit=5", seen
assert "toolbind" not in sys.modules
"""


def run(*command: str | Path, cwd: Path) -> None:
    clean = {k: v for k, v in os.environ.items() if k not in ("PYTHONPATH", "VIRTUAL_ENV")}
    done = subprocess.run(
        [str(part) for part in command],
        cwd=cwd,
        env=clean,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]


def environment(folder: Path, *packages: str | Path) -> Path:
    """A new virtual environment with these packages; gives its folder of programs."""
    python = folder / ("Scripts" if os.name == "nt" else "bin") / "python"
    run(sys.executable, "-m", "venv", "--without-pip", folder, cwd=folder.parent)
    pip = (
        sys.executable,
        "-m",
        "pip",
        "--python",
        python,
    )  # pip knows proxies, certificates, indexes
    run(*pip, "install", "--quiet", "--disable-pip-version-check", *packages, cwd=folder.parent)
    return python.parent


@pytest.fixture(scope="module")
def generated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the installed wheel generates, in a folder of its own."""
    folder = tmp_path_factory.mktemp("wheel")
    run(sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", folder, cwd=ROOT)
    (wheel,) = folder.glob("*.whl")
    programs = environment(folder / "toolbind-env", wheel)
    shutil.copytree(ROOT / "specs", folder / "specs")
    spec = "specs/petstore.yaml"
    run(programs / "toolbind", "generate", spec, "-o", "generated", "--no-cache", cwd=folder)
    run(programs / "toolbind", "check", spec, "-o", "generated", cwd=folder)
    return folder


def test_the_wheel_generates_what_is_checked_in(generated: Path) -> None:
    for name in ("petstore.py", "petstore_types.py", "__init__.py", "_runtime/client/sync.py"):
        made = (generated / "generated" / name).read_text()
        assert made == (ROOT / "generated" / name).read_text(), name


@pytest.mark.parametrize("library", ["httpx", "httpx2"])
def test_generated_code_needs_one_http_library_alone(generated: Path, library: str) -> None:
    programs = environment(generated / f"{library}-env", library)
    run(programs / "python", "-W", "error", "-c", USE, library, cwd=generated)
