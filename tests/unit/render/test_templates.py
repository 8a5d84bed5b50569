"""Templates: found wherever the package was put, and printing nothing but source."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import jinja2
import pytest
from markupsafe import Markup
from toolbind.present import pages
from toolbind.present.page import ModulePage
from toolbind.render import runtime_files, templates
from toolbind.render.html import html, own

from tests.unit.present.apis import ORIGIN, petstore

ROOT = Path(__file__).parents[3]
SOURCES = sorted((ROOT / "templates").glob("*.jinja"))


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.name)
def test_templates_only_print(path: Path) -> None:
    text = path.read_text()
    printed = re.findall(r"{{(.*?)}}", text)
    tags = re.findall(r"{%-?\s*(\w+)", text)
    assert all(re.fullmatch(r" [a-z_]+(\.[a-z_]+)* ", each) for each in printed), "no filters"
    assert set(tags) <= {"for", "endfor", "if", "endif"}
    assert len(text.splitlines()) <= 120
    assert "{#" not in text


def test_the_templates_of_specs_have_few_control_tags() -> None:
    """At most 15 in 100 lines, over all that a module is printed from."""
    lines = tags = 0
    for path in SOURCES:
        text = path.read_text()
        lines += len(text.splitlines())
        tags += len(re.findall("{%", text))
    assert tags <= lines * 15 / 100


def test_a_template_refuses_what_is_no_source() -> None:
    whole = pages(petstore(), ORIGIN)["petstore.py"]
    assert isinstance(whole, ModulePage)
    page = replace(whole, title="text")  # type: ignore[arg-type]  # the point
    with pytest.raises(TypeError, match="prints source only"):
        templates.printed("module.py.jinja", page)


def test_a_field_that_a_page_lacks_is_an_error() -> None:
    with pytest.raises(jinja2.UndefinedError):
        templates.printed("module.py.jinja", object())


def test_no_other_template_is_ever_read() -> None:
    for name in ("../pyproject.toml", "/etc/passwd", "nothing.jinja"):
        with pytest.raises(jinja2.TemplateNotFound):
            templates.printed(name, object())


def test_the_package_comes_before_the_source_root(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package, beside = tmp_path / "package", tmp_path / "beside"
    monkeypatch.setattr(templates, "FOLDERS", (package, beside))
    with pytest.raises(FileNotFoundError, match="install it again"):
        templates.folder()
    for each in (beside, package):
        each.mkdir()
        (each / "module.py.jinja").touch()
        assert templates.folder() == each


def test_the_runtime_is_handed_out_byte_for_byte() -> None:
    files = runtime_files()
    folder = ROOT / "generator" / "toolbind_runtime"
    assert files["client/sync.py"] == (folder / "client" / "sync.py").read_bytes()
    assert set(files) == {path.relative_to(folder).as_posix() for path in folder.rglob("*.py")}


def test_an_installed_package_generates_with_the_templates_inside_it(tmp_path: Path) -> None:
    """Laid out as a wheel is unpacked, far from any clone."""
    package = tmp_path / "site-packages" / "toolbind"
    shutil.copytree(ROOT / "generator" / "toolbind", package)
    shutil.copytree(ROOT / "templates", package / "templates")
    shutil.copytree(ROOT / "generator" / "toolbind_runtime", package.parent / "toolbind_runtime")
    program = (
        "from toolbind.render import runtime_files, templates\n"
        "print(templates.folder(), len(runtime_files()))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=tmp_path,
        env={"PYTHONPATH": str(package.parent)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.split() == [str(package / "templates"), str(len(runtime_files()))]


def test_the_page_of_the_explorer_only_prints_names() -> None:
    text = (ROOT / "templates" / "explorer" / "page.html.jinja").read_text()
    assert re.findall(r"{{(.*?)}}", text)
    assert all(re.fullmatch(r" [a-z]+ ", each) for each in re.findall(r"{{(.*?)}}", text))
    assert "{%" not in text
    assert "{#" not in text


def test_html_escapes_all_but_what_is_ours() -> None:
    values = dict.fromkeys(
        ("generator", "policy", "title", "style", "script", "index", "details"), "<i>'\""
    )
    assert "<i>" not in html("page.html.jinja", **values)
    assert "<i>" in html("page.html.jinja", **values | {"style": Markup("<i>")})
    with pytest.raises(jinja2.UndefinedError):
        html("page.html.jinja")


def test_the_script_of_the_explorer_makes_nothing_of_text_but_text() -> None:
    """No road from a string to an element, to code, or to an address of the network."""
    script = own("page.js")
    for road in (
        "innerHTML",
        "outerHTML",
        "insertAdjacent",
        "document.write",
        "eval(",
        "Function(",
    ):
        assert road not in script
    assert re.findall(r"\bfetch\(", script) == ["fetch("]  # the live page's, to its own server
    assert "http" not in script.replace("HTTP", "")
