"""The output folder: what is planned, what is refused, and that nothing half-done stays."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest
from toolbind.cli.output import writing
from toolbind.cli.output.files import (
    Change,
    Listing,
    check_folder,
    marked,
    plan,
    refuse_edited,
    runtime_leftovers,
)
from toolbind.cli.output.staging import staging
from toolbind.cli.output.writing import apply
from toolbind.cli.terminal.shell import Complaint
from toolbind.marks import MANIFEST, MARK, digest, digests, listed, manifest, pairs


def module(text: str = "X = 1\n") -> bytes:
    return f"{MARK.decode()}0.1.0\n{text}".encode()


def runtime(files: dict[str, bytes]) -> dict[str, bytes]:
    """A runtime as it is written, with its list."""
    whole = {**files, MANIFEST: manifest(digests(files).items())}
    return {f"_runtime/{name}": data for name, data in whole.items()}


MODULE = module()
NEWER = module("X = 2\n")


def write(folder: Path, wanted: dict[str, bytes], gone: Iterable[str] = ()) -> None:
    made = {name: digest(data) for name, data in wanted.items() if "/" not in name}
    apply(plan(folder, wanted, gone), folder, Listing(folder, made, complete=False))


def tree(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path != folder / MANIFEST
    }


def test_plan_and_apply_make_what_is_wanted(tmp_path: Path) -> None:
    out = tmp_path / "a" / "generated"
    wanted = {"pets.py": MODULE, **runtime({"__init__.py": b"", "deep/x.py": b"y"})}
    changes = plan(out, wanted)
    assert not out.exists(), "planning touches nothing"
    apply(changes, out)
    assert tree(out) == wanted
    assert plan(out, wanted) == []


def test_only_what_differs_is_written(tmp_path: Path) -> None:
    wanted = {"a.py": MODULE, "b.py": MODULE}
    write(tmp_path, wanted)
    before = (tmp_path / "a.py").stat().st_ino
    changes = plan(tmp_path, {**wanted, "b.py": NEWER})
    assert [change.path.name for change in changes] == ["b.py"]
    apply(changes, tmp_path)
    assert (tmp_path / "a.py").stat().st_ino == before


def test_the_mode_of_a_file_is_kept(tmp_path: Path) -> None:
    write(tmp_path, {"a.py": MODULE})
    path = tmp_path / "a.py"
    path.chmod(0o600)
    write(tmp_path, {"a.py": NEWER})
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_new_file_has_the_mode_of_the_umask(tmp_path: Path) -> None:
    before = os.umask(0o027)
    try:
        write(tmp_path, {"a.py": MODULE})
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "a.py").stat().st_mode) == 0o640


def test_a_link_is_replaced_and_not_followed(tmp_path: Path) -> None:
    precious = tmp_path / "precious.py"
    precious.write_bytes(MODULE)
    out = tmp_path / "out"
    out.mkdir()
    (out / "a.py").symlink_to(precious)
    write(out, {"a.py": NEWER})
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


THEIRS = {
    "code": "from setuptools import setup\n\nsetup()\n",
    "a table": "PRICES = {'apple': 2}\n",
    "a word on it": "# To be written.\n",
    "a docstring": '"""The shop."""\n',
    "a mark further down": f"# Mine.\n{MARK.decode()}0.1.0\n",
    "bytes": "\x00\x01",
}


@pytest.mark.parametrize("text", THEIRS.values(), ids=THEIRS)
def test_what_somebody_wrote_is_not_replaced(text: str, tmp_path: Path) -> None:
    (tmp_path / "shop.py").write_text(text)
    with pytest.raises(Complaint, match="did not write"):
        plan(tmp_path, {"shop.py": MODULE})


@pytest.mark.parametrize("text", ["", "\n", " \r\n\t\n"])
def test_an_empty_file_is_nobodys(text: str, tmp_path: Path) -> None:
    (tmp_path / "shop.py").write_text(text)
    [change] = plan(tmp_path, {"shop.py": MODULE})
    refuse_edited([change])


@pytest.mark.parametrize("text", ["from . import mine\n", "__version__ = '1'\n", '"""Ours."""\n'])
def test_the_package_file_of_the_user_stays(text: str, tmp_path: Path) -> None:
    (tmp_path / "__init__.py").write_text(text)
    assert plan(tmp_path, {"__init__.py": module('"""Generated."""\n')}) == []


EDITS: dict[str, Callable[[bytes], bytes]] = {
    "a value": lambda data: data.replace(b"X = 1", b"X = 7"),
    "a line more": lambda data: data + b"Y = 1\n",
    "the header": lambda data: data.replace(b"0.1.0", b"0.1.0 and me"),
}


@pytest.mark.parametrize("is_listed", [True, False])
@pytest.mark.parametrize("edit", EDITS.values(), ids=EDITS)
def test_what_was_changed_by_hand_is_told(
    edit: Callable[[bytes], bytes], is_listed: bool, tmp_path: Path
) -> None:
    write(tmp_path, {"shop.py": MODULE})
    (tmp_path / "shop.py").write_bytes(edit(MODULE))
    if not is_listed:
        (tmp_path / MANIFEST).unlink()
    changes = plan(tmp_path, {"shop.py": NEWER})
    assert [change.edited for change in changes] == [True]
    with pytest.raises(Complaint, match=r"shop\.py: was changed by hand .* --overwrite "):
        refuse_edited(changes)


def test_what_somebody_put_in_the_place_of_a_module_is_theirs(tmp_path: Path) -> None:
    write(tmp_path, {"shop.py": MODULE})
    (tmp_path / "shop.py").write_text("PRICES = {}\n")
    with pytest.raises(Complaint, match="did not write"):
        plan(tmp_path, {"shop.py": NEWER})


def test_other_line_ends_are_no_change(tmp_path: Path) -> None:
    write(tmp_path, {"shop.py": MODULE})
    for name in ("shop.py", MANIFEST):
        path = tmp_path / name
        path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    assert [change.edited for change in plan(tmp_path, {"shop.py": NEWER})] == [False]


def test_the_list_tells_of_all_modules_and_sha256sum_reads_it(tmp_path: Path) -> None:
    write(tmp_path, {"a.py": MODULE, "__init__.py": NEWER})
    write(tmp_path, {"b.py": MODULE, **runtime({"__init__.py": b"1", "x.py": b"2"})})
    assert set(listed((tmp_path / MANIFEST).read_bytes()) or ()) == {"__init__.py", "a.py", "b.py"}
    for folder in (tmp_path, tmp_path / "_runtime"):
        done = subprocess.run(
            ["sha256sum", "--check", "--strict", MANIFEST], cwd=folder, check=True
        )
        assert done.returncode == 0
    write(tmp_path, {"a.py": NEWER})
    assert Listing(tmp_path, {"a.py": digest(NEWER)}, complete=False).change() is None
    whole = Listing(tmp_path, {"a.py": digest(NEWER)}, complete=True).change()
    assert whole is not None
    assert set(listed(whole.new) or ()) == {"a.py"}


def test_a_package_file_of_the_user_is_not_listed(tmp_path: Path) -> None:
    (tmp_path / "__init__.py").write_text("__version__ = '1'\n")
    write(tmp_path, {"a.py": MODULE, "__init__.py": NEWER})
    assert set(listed((tmp_path / MANIFEST).read_bytes()) or ()) == {"a.py"}


def test_a_list_of_somebodys_own_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / MANIFEST).write_text(f"{'0' * 64}  release.tar.gz\n")
    with pytest.raises(Complaint, match="SHA256SUMS: toolbind did not write"):
        Listing(tmp_path, {"a.py": digest(MODULE)}, complete=False).change()


def test_a_file_of_the_runtime_that_was_changed_by_hand_is_told(tmp_path: Path) -> None:
    write(tmp_path, runtime({"__init__.py": b"", "a.py": b"1", "b.py": b"2", "c.py": b"3"}))
    (tmp_path / "_runtime" / "a.py").write_bytes(b"mine")
    (tmp_path / "_runtime" / "c.py").write_bytes(b"mine")
    wanted = runtime({"__init__.py": b"", "a.py": b"new", "b.py": b"new"})
    gone = runtime_leftovers(tmp_path, set(wanted))
    edited = {change.path.name: change.edited for change in plan(tmp_path, wanted, gone)}
    assert edited == {"a.py": True, "b.py": False, "c.py": True, MANIFEST: False}


def test_what_somebody_put_into_the_runtime_stays(tmp_path: Path) -> None:
    write(tmp_path, runtime({"__init__.py": b"", "old.py": b"1"}))
    for name in ("mine.py", "notes.txt"):
        (tmp_path / "_runtime" / name).write_text("x = 1\n")
    wanted = runtime({"__init__.py": b"", "new.py": b"1"})
    gone = runtime_leftovers(tmp_path, set(wanted))
    assert gone == ["_runtime/old.py"]
    write(tmp_path, wanted, gone)
    left = {path.name for path in (tmp_path / "_runtime").iterdir()}
    assert left == {"__init__.py", "new.py", "mine.py", "notes.txt", MANIFEST}
    (tmp_path / "_runtime" / "newer.py").write_text("x = 1\n")
    changes = plan(tmp_path, runtime({"__init__.py": b"", "newer.py": b"1"}))
    assert {each.path.name: each.edited for each in changes} == {"newer.py": True, MANIFEST: False}


@pytest.mark.parametrize("name", ["../precious.py", "/precious.py", "a/../../precious.py"])
def test_a_list_names_nothing_outside(name: str, tmp_path: Path) -> None:
    out = tmp_path / "out"
    write(out, runtime({"__init__.py": b""}))
    (tmp_path / "precious.py").write_bytes(b"1")
    (out / "_runtime" / "a").mkdir()
    (out / "_runtime" / MANIFEST).write_bytes(manifest([(name, digest(b"1"))]))
    assert runtime_leftovers(out, {f"_runtime/{MANIFEST}"}) == []


RUNTIMES = {
    "of other names": {"__init__.py": "import mine\n", "engine.py": "x = 1\n"},
    "of one of our names": {"contract.py": "x = 1\n"},
    "of a package file": {"__init__.py": "__version__ = '1'\n"},
    "with a list of its own": {"contract.py": "x = 1\n", MANIFEST: f"{'0' * 64}  contract.py\n"},
    "with a folder": {"transport/mine.py": "x = 1\n"},
}


@pytest.mark.parametrize("theirs", RUNTIMES.values(), ids=RUNTIMES)
def test_a_runtime_that_somebody_else_wrote_is_refused(
    theirs: dict[str, str], tmp_path: Path
) -> None:
    for name, text in theirs.items():
        path = tmp_path / "_runtime" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    before = tree(tmp_path)
    with pytest.raises(Complaint, match="did not write"):
        plan(tmp_path, runtime({"__init__.py": b"", "contract.py": b"1"}))
    assert tree(tmp_path) == before
    assert runtime_leftovers(tmp_path, set()) == []


def test_a_runtime_whose_list_is_gone_is_ours_if_all_else_is(tmp_path: Path) -> None:
    wanted = runtime({"__init__.py": b"", "contract.py": b"1"})
    write(tmp_path, wanted)
    (tmp_path / "_runtime" / MANIFEST).unlink()
    write(tmp_path, wanted)
    assert tree(tmp_path) == wanted


def test_nothing_is_written_through_a_link_in_the_runtime(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    write(tmp_path, runtime({"__init__.py": b""}))
    (tmp_path / "_runtime" / "deep").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(Complaint, match=r"_runtime/deep: must be a folder of its own"):
        plan(tmp_path, runtime({"__init__.py": b"", "deep/x.py": b"1"}))


INTRUDERS: dict[str, Callable[[Path], object]] = {
    "pipe": os.mkfifo,
    "folder": Path.mkdir,
    "link that leads nowhere": lambda path: path.symlink_to(path.parent / "nothing"),
    "device": lambda path: path.symlink_to("/dev/zero"),
}


@pytest.mark.parametrize("name", ["a.py", "_runtime/SHA256SUMS", "_runtime/contract.py"])
@pytest.mark.parametrize("kind", INTRUDERS)
def test_what_is_no_plain_file_is_refused_and_not_waited_for(
    kind: str, name: str, tmp_path: Path
) -> None:
    wanted = {"a.py": MODULE, **runtime({"__init__.py": b"", "contract.py": b"1"})}
    write(tmp_path, wanted)
    (tmp_path / name).unlink()
    INTRUDERS[kind](tmp_path / name)
    with pytest.raises(Complaint, match=rf"{Path(name).name}: is a {kind}"):
        plan(tmp_path, wanted)
    assert "a.py" not in marked(tmp_path) or name != "a.py"


def test_marked_files_are_ours(tmp_path: Path) -> None:
    (tmp_path / "ours.py").write_bytes(MODULE)
    (tmp_path / "theirs.py").write_text("x = 1\n")
    assert marked(tmp_path) == ["ours.py"]


def test_a_failure_while_writing_leaves_the_old_files_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path, {"a.py": MODULE, "b.py": MODULE})
    before = tree(tmp_path)
    changes = plan(tmp_path, {"a.py": NEWER, "b.py": NEWER})
    real = writing._written

    def full_disk(beside: Path, data: bytes, like: Path) -> Path:
        if like.name == "b.py":
            raise OSError(28, "No space left on device", str(like))
        return real(beside, data, like)

    monkeypatch.setattr(writing, "_written", full_disk)
    with pytest.raises(Complaint, match=r"b\.py: No space left"):
        apply(changes, tmp_path)
    assert tree(tmp_path) == before


def test_an_interrupt_while_writing_leaves_no_temporary_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(beside: Path, data: bytes, like: Path) -> Path:
        beside.write_bytes(data[:3])
        raise KeyboardInterrupt

    monkeypatch.setattr(writing, "_written", interrupted)
    with pytest.raises(KeyboardInterrupt):
        apply([Change(tmp_path / "a.py", None, MODULE)], tmp_path)
    assert tree(tmp_path) == {}


def test_what_has_to_go_goes(tmp_path: Path) -> None:
    (tmp_path / "old.py").write_bytes(MODULE)
    write(tmp_path, {}, ["old.py"])
    assert tree(tmp_path) == {}


VERSIONS = [
    {
        "pets.py": module(f"X = {number}\nfrom . import _runtime\n"),
        **runtime(
            {
                "__init__.py": b"from . import a, b\n",
                "a.py": f"VERSION = {number}\n".encode(),
                "b.py": f"from .a import VERSION as other\nassert other == {number}\n".encode(),
                f"only_in_{number}.py": b"1\n",
            }
        ),
    }
    for number in (1, 2)
]


def imports(folder: Path) -> str:
    """What comes of importing the module of a folder: nothing, or the last line that is said."""
    command = [sys.executable, "-B", "-c", "import out.pets"]
    done = subprocess.run(command, cwd=folder.parent, capture_output=True, text=True, check=False)
    return (done.stderr.splitlines() or [""])[-1]


class StoppedError(BaseException):
    """Stands for SIGKILL: nothing is tidied up after it."""


def stopped_after(moves: int, out: Path, monkeypatch: pytest.MonkeyPatch) -> bool:
    """A run that replaces the first version by the second and ends after some moves; whether it
    did."""
    put = writing._put
    made: list[Path] = []

    def few(source: Path | None, path: Path) -> None:
        if len(made) == moves:
            raise StoppedError
        put(source, path)
        made.append(path)

    wanted = VERSIONS[1]
    changes = plan(out, wanted, runtime_leftovers(out, set(wanted)))
    listing = Listing(out, {"pets.py": digest(wanted["pets.py"])}, complete=True)
    with monkeypatch.context() as stopping:
        stopping.setattr(writing, "_put", few)
        stopping.setattr("toolbind.cli.output.staging.shutil.rmtree", lambda *_, **__: None)
        try:
            apply(changes, out, listing)
        except StoppedError:
            return True
    return False


def test_wherever_a_run_is_stopped_no_mixture_can_be_imported_and_the_next_mends_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    moves = 0
    while True:
        out = tmp_path / str(moves) / "out"
        write(out, VERSIONS[0])
        assert imports(out) == ""
        if not stopped_after(moves, out, monkeypatch):
            break
        said = imports(out)
        assert said == "" or "run `toolbind generate` again" in said
        assert list(out.glob(".toolbind-*.tmp")), "as a killed run leaves it"
        back = VERSIONS[moves % 2]  # the same version again, or the one before
        changes = plan(out, back, runtime_leftovers(out, set(back)))
        refuse_edited(changes)
        listing = Listing(out, {"pets.py": digest(back["pets.py"])}, complete=True)
        apply(changes, out, listing)
        assert tree(out) == back
        if (last := listing.change()) is not None:
            apply([last], out)
        assert pairs((out / MANIFEST).read_bytes()) == [("pets.py", digest(back["pets.py"]))]
        assert imports(out) == ""
        moves += 1
    assert moves > 7


def test_a_refusal_between_two_moves_is_undone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path, VERSIONS[0])
    wanted = VERSIONS[1]
    changes = plan(tmp_path, wanted, runtime_leftovers(tmp_path, set(wanted)))
    put = writing._put

    def refused(source: Path | None, path: Path) -> None:
        if path.name == "b.py" and not str(source).rpartition("/")[2].startswith("old"):
            raise OSError(30, "Read-only file system", str(path))
        put(source, path)

    monkeypatch.setattr(writing, "_put", refused)
    with pytest.raises(Complaint, match=r"b\.py: Read-only file system"):
        apply(changes, tmp_path)
    assert tree(tmp_path) == VERSIONS[0]


def test_what_a_killed_run_has_left_goes_and_what_a_running_one_has_stays(tmp_path: Path) -> None:
    with staging(tmp_path) as running:
        (running / "0").write_text("on its way")
        left = tmp_path / ".toolbind-0123456789ab.tmp"
        left.mkdir()
        (left / "0").write_text("half")
        own = tmp_path / ".toolbind-notes.tmp"
        own.mkdir()
        apply([], tmp_path)
        assert not left.exists()
        assert (running / "0").exists()
        assert own.exists()
    assert not running.exists()
