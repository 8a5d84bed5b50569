"""From flags and settings to jobs: precedence, names, and a header that tells no secrets."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from toolbind.cli.plan.jobs import Plan, resolve
from toolbind.cli.plan.settings import Settings
from toolbind.cli.terminal.shell import Complaint


def plan(*specs: str, settings: Settings | None = None, **flags: Any) -> Plan:
    given: dict[str, Any] = {"output": Path("out"), "name": None, "strict": None, "document": {}}
    return resolve(specs, settings=settings or Settings(), **{**given, **flags})


def project(folder: Path, modules: Mapping[str, Any] | None = None, **values: Any) -> Settings:
    return Settings(folder / "toolbind.toml", values, modules or {})


def test_a_flag_wins_over_the_module_and_the_module_over_the_project(tmp_path: Path) -> None:
    settings = project(
        tmp_path,
        {"pets": {"budget": 2, "server": "two"}},
        budget=1,
        server="one",
        include=("one",),
    )
    [job] = plan("pets.yaml", settings=settings, document={"budget": 3}).jobs
    assert job.options == {"budget": 3, "server": "two", "include": ("one",)}


def test_strict_and_output_come_from_the_settings_unless_given(tmp_path: Path) -> None:
    settings = project(tmp_path, output=str(tmp_path / "gen"), strict=True)
    by_settings = plan("a.yaml", settings=settings, output=None)
    assert by_settings.strict
    assert by_settings.output.resolve() == (tmp_path / "gen").resolve()
    by_flags = plan("a.yaml", settings=settings, strict=False)
    assert not by_flags.strict
    assert by_flags.output == Path("out")


def test_the_documents_of_the_project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    specs = tmp_path / "specs"
    specs.mkdir()
    for name in ("b.yaml", "a.yaml", "graph.json"):
        (specs / name).write_text("")
    monkeypatch.chdir(specs)
    settings = project(
        tmp_path,
        {"big": {"spec": "specs/graph.json"}, "a": {"budget": 7}},
        specs=("specs/*", "https://x.example/web.json"),
    )
    made = plan(settings=settings)
    assert [(job.name, job.spec) for job in made.jobs] == [
        ("big", "graph.json"),
        ("a", "a.yaml"),
        ("b", "b.yaml"),
        ("web", "https://x.example/web.json"),
    ]
    assert made.jobs[1].options == {"budget": 7}


def test_a_document_has_its_name_of_the_settings_also_when_given_by_hand(tmp_path: Path) -> None:
    settings = project(tmp_path, {"big": {"spec": "graph.json", "budget": 7}})
    [job] = plan(str(tmp_path / "graph.json"), settings=settings).jobs
    assert (job.name, job.options) == ("big", {"budget": 7})


def test_the_same_document_twice_is_one_job() -> None:
    assert [job.spec for job in plan("a.yaml", "./a.yaml", "b.yaml").jobs] == ["a.yaml", "b.yaml"]


@pytest.mark.parametrize(
    ("specs", "flags", "message"),
    [
        ((), {}, "no SPEC given"),
        (("a.yaml",), {"output": None}, "no output folder"),
        (("a.yaml", "b.yaml"), {"name": "x"}, "exactly one SPEC"),
        (("a.yaml",), {"name": "_runtime"}, "module name '_runtime'"),
        (("x/a.yaml", "y/a.json"), {}, r"would both write a\.py"),
        (("a.yaml", "a_types.json"), {}, r"would both write a_types\.py"),
    ],
)
def test_what_makes_no_plan(specs: tuple[str, ...], flags: dict[str, Any], message: str) -> None:
    with pytest.raises(Complaint, match=message):
        plan(*specs, **flags)


def test_a_glob_that_matches_nothing_is_said(tmp_path: Path) -> None:
    with pytest.raises(Complaint, match=r"toolbind\.toml: no file matches 'specs/\*\.yaml'"):
        plan(settings=project(tmp_path, specs=("specs/*.yaml",)))


def test_a_table_for_no_module_is_a_mistake(tmp_path: Path) -> None:
    settings = project(tmp_path, {"pet": {"budget": 1}}, specs=("pets.yaml",))
    with pytest.raises(Complaint, match=r"\[modules\.pet\]; did you mean 'pets'\?"):
        plan(settings=settings)
    assert plan("other.yaml", settings=settings).jobs, "a run over one document is not concerned"


def test_only_the_folder_of_the_project_is_known_completely(tmp_path: Path) -> None:
    settings = project(tmp_path, specs=("pets.yaml",), output="gen")
    assert plan(settings=settings, output=None).complete
    assert not plan(settings=settings, output=Path("elsewhere")).complete
    assert not plan("pets.yaml", settings=settings, output=None).complete


def test_the_command_of_a_module_does_not_depend_on_how_it_was_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "specs").mkdir()
    (tmp_path / "specs" / "pets.yaml").write_text("")
    wanted = "toolbind generate specs/pets.yaml -o generated --include 'GET /a b' --budget 7"
    document = {"include": ("GET /a b",), "budget": 7}

    monkeypatch.chdir(tmp_path)
    [by_flags] = plan("specs/pets.yaml", output=Path("generated"), document=document).jobs
    assert by_flags.command == wanted

    monkeypatch.chdir(tmp_path / "specs")
    [elsewhere] = plan("pets.yaml", output=Path("../generated"), document=document).jobs
    assert elsewhere.command == wanted

    settings = project(tmp_path, {"pets": document}, specs=("specs/*",), output="../generated")
    [by_settings] = plan(settings=settings, output=None).jobs
    assert by_settings.command == wanted


def test_the_command_shows_no_folder_above_the_project(tmp_path: Path) -> None:
    [job] = plan(str(tmp_path / "pets.yaml"), output=tmp_path / "gen", name="dogs").jobs
    assert job.command == "toolbind generate pets.yaml -o gen --name dogs"
    [far] = plan("/a/b/pets.yaml", output=Path("/c/d/gen")).jobs
    assert far.command == "toolbind generate pets.yaml -o gen"
    [web] = plan("https://x.example/pets.yaml", output=tmp_path / "gen").jobs
    assert web.command == "toolbind generate https://x.example/pets.yaml -o gen"
