"""Both wheels, installed in empty environments: one generates, the other is what modules run on.

Generated packages then run where toolbind is not installed: with the runtime that was copied beside
them, with httpx alone or with httpx2 alone; or with the runtime's own distribution.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from toolbind.version import __version__

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parent.parent.parent

USE = """
import sys
from generated.petstore import AsyncPetstore, Petstore, call_tool, tools
runtime = Petstore.__mro__[1].__module__.partition(".client")[0]
httpx = sys.modules[runtime + ".transport.library"].httpx
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


def test_the_runtime_is_a_distribution_of_its_own(generated: Path, tmp_path: Path) -> None:
    """Installed from the checkout, by pip; modules that import it have no copy beside them."""
    spec = "specs/petstore.yaml"
    options = ("--no-cache", "--runtime", "installed")
    toolbind = generated / "toolbind-env" / ("Scripts" if os.name == "nt" else "bin") / "toolbind"
    shutil.copytree(ROOT / "specs", tmp_path / "specs")
    run(toolbind, "generate", spec, "-o", "generated", *options, cwd=tmp_path)
    assert not (tmp_path / "generated" / "_runtime").exists()
    programs = environment(tmp_path / "env", _checkout_of_the_runtime(tmp_path))
    run(programs / "python", "-W", "error", "-c", USE, "httpx", cwd=tmp_path)


def test_each_wheel_holds_what_is_its_own(generated: Path, tmp_path: Path) -> None:
    build = (sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", tmp_path)
    run(*build, cwd=_checkout_of_the_runtime(tmp_path))
    (ours,), (theirs,) = generated.glob("toolbind-*.whl"), tmp_path.glob("*.whl")
    names, own = set(zipfile.ZipFile(ours).namelist()), set(zipfile.ZipFile(theirs).namelist())
    code = {name for name in own if ".dist-info/" not in name}
    assert code == {name for name in names if name.startswith("toolbind_runtime/")}
    assert {name.rpartition(".")[2] for name in code} == {"py", "typed"}
    told = zipfile.ZipFile(theirs).read(f"toolbind_runtime-{__version__}.dist-info/METADATA")
    needed = [each for each in told.decode().splitlines() if each.startswith("Requires-Dist")]
    assert needed == ["Requires-Dist: httpx>=0.27"]


def _checkout_of_the_runtime(folder: Path) -> Path:
    """A copy: building leaves nothing in the clone."""
    ignored = shutil.ignore_patterns("__pycache__")
    return shutil.copytree(ROOT / "generator" / "toolbind_runtime", folder / "rt", ignore=ignored)
