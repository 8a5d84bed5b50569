"""The output folder: what is planned, what is refused, and that nothing half-done stays."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest
from toolbind.cli.output import files
from toolbind.cli.output.files import Change, apply, check_folder, marked, plan, runtime_leftovers
from toolbind.cli.terminal.shell import Complaint

MODULE = files.MARK + b"0.1.0\nX = 1\n"


def tree(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def test_plan_and_apply_make_what_is_wanted(tmp_path: Path) -> None:
    out = tmp_path / "a" / "generated"
    wanted = {"pets.py": MODULE, "_runtime/__init__.py": b"", "_runtime/deep/x.py": b"y"}
    changes = plan(out, wanted)
    assert not out.exists(), "planning touches nothing"
    apply(changes)
    assert tree(out) == wanted
    assert plan(out, wanted) == []


def test_only_what_differs_is_written(tmp_path: Path) -> None:
    wanted = {"a.py": MODULE, "b.py": MODULE}
    apply(plan(tmp_path, wanted))
    before = (tmp_path / "a.py").stat().st_ino
    changes = plan(tmp_path, {**wanted, "b.py": MODULE + b"#"})
    assert [change.path.name for change in changes] == ["b.py"]
    apply(changes)
    assert (tmp_path / "a.py").stat().st_ino == before


def test_the_mode_of_a_file_is_kept(tmp_path: Path) -> None:
    apply(plan(tmp_path, {"a.py": MODULE}))
    path = tmp_path / "a.py"
    path.chmod(0o600)
    apply(plan(tmp_path, {"a.py": MODULE + b"#"}))
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_new_file_has_the_mode_of_the_umask(tmp_path: Path) -> None:
    before = os.umask(0o027)
    try:
        apply(plan(tmp_path, {"a.py": MODULE}))
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "a.py").stat().st_mode) == 0o640


def test_a_link_is_replaced_and_not_followed(tmp_path: Path) -> None:
    precious = tmp_path / "precious.py"
    precious.write_bytes(MODULE)
    out = tmp_path / "out"
    out.mkdir()
    (out / "a.py").symlink_to(precious)
    apply(plan(out, {"a.py": MODULE + b"# new"}))
    assert precious.read_bytes() == MODULE
    assert not (out / "a.py").is_symlink()


def test_a_runtime_that_is_a_link_is_refused(tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    out = tmp_path / "out"
    out.mkdir()
    (out / "_runtime").symlink_to(elsewhere)
    with pytest.raises(Complaint, match="not a link"):
        check_folder(out)


@pytest.mark.parametrize("where", ["out", "out/deeper"])
def test_an_output_that_is_a_file_is_refused(where: str, tmp_path: Path) -> None:
    (tmp_path / "out").write_text("mine")
    with pytest.raises(Complaint, match="is a file"):
        check_folder(tmp_path / where)


def test_a_folder_in_the_place_of_a_module_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.py").mkdir()
    with pytest.raises(Complaint, match="is a folder"):
        plan(tmp_path, {"a.py": MODULE})


def test_code_that_somebody_wrote_is_not_replaced(tmp_path: Path) -> None:
    (tmp_path / "setup.py").write_text("from setuptools import setup\n\nsetup()\n")
    with pytest.raises(Complaint, match="did not write"):
        plan(tmp_path, {"setup.py": MODULE})


def test_the_package_file_of_the_user_stays(tmp_path: Path) -> None:
    (tmp_path / "__init__.py").write_text("from . import mine\n")
    assert plan(tmp_path, {"__init__.py": b'"""Generated."""\n'}) == []


def test_leftovers_are_source_files_of_the_runtime_only(tmp_path: Path) -> None:
    for name in ("_runtime/old.py", "_runtime/new.py", "_runtime/notes.txt", "other.py"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text("x")
    ours = {"_runtime/new.py"}
    assert runtime_leftovers(tmp_path, ours, ours) == [tmp_path / "_runtime/old.py"]
    gone = [tmp_path / "_runtime/new.py", tmp_path / "_runtime/old.py"]
    assert runtime_leftovers(tmp_path, {"__init__.py"}, ours) == gone


def test_a_runtime_that_somebody_else_wrote_is_refused(tmp_path: Path) -> None:
    (tmp_path / "_runtime").mkdir()
    for name in ("__init__.py", "engine.py"):
        (tmp_path / "_runtime" / name).write_text("import mine\n")
    ours = {"_runtime/__init__.py", "_runtime/contract.py"}
    with pytest.raises(Complaint, match="did not write"):
        runtime_leftovers(tmp_path, ours, ours)
    assert runtime_leftovers(tmp_path, {"__init__.py"}, ours) == []  # ours is installed


def test_marked_files_are_ours(tmp_path: Path) -> None:
    (tmp_path / "ours.py").write_bytes(MODULE)
    (tmp_path / "theirs.py").write_text("x = 1\n")
    assert marked(tmp_path) == [tmp_path / "ours.py"]


def test_a_failure_while_writing_leaves_the_old_files_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    apply(plan(tmp_path, {"a.py": MODULE, "b.py": MODULE}))
    before = tree(tmp_path)
    changes = plan(tmp_path, {"a.py": MODULE + b"# new", "b.py": MODULE + b"# new"})
    write = files._write

    def full_disk(path: Path, data: bytes, like: Path) -> None:
        write(path, data, like)
        if like.name == "b.py":
            raise OSError(28, "No space left on device", str(like))

    monkeypatch.setattr(files, "_write", full_disk)
    with pytest.raises(Complaint, match=r"b\.py: No space left"):
        apply(changes)
    assert tree(tmp_path) == before


def test_an_interrupt_while_writing_leaves_no_temporary_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(path: Path, data: bytes, like: Path) -> None:
        path.write_bytes(data[:3])
        raise KeyboardInterrupt

    monkeypatch.setattr(files, "_write", interrupted)
    with pytest.raises(KeyboardInterrupt):
        apply([Change(tmp_path / "a.py", None, MODULE)])
    assert tree(tmp_path) == {}


def test_what_has_to_go_goes(tmp_path: Path) -> None:
    (tmp_path / "old.py").write_bytes(MODULE)
    apply(plan(tmp_path, {}, [tmp_path / "old.py"]))
    assert tree(tmp_path) == {}
