"""What earlier runs have left: found by who wrote it, bounded, never a reason to fail or wait."""

from __future__ import annotations

import os
import random
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from toolbind.cli.output import store as module
from toolbind.cli.output.store import Store, opened

from tests.effort import examples

SECRET = b"s" * 32


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "some.sqlite"


@pytest.fixture
def stores(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    return tmp_path / "cache" / "outputs"


def key(number: int) -> bytes:
    return number.to_bytes(32, "big")


def write(path: Path, values: dict[bytes, bytes], secret: bytes = SECRET) -> None:
    store = Store(path, secret)
    for each, value in values.items():
        store.put(each, value)
    store.close()


def read(path: Path, wanted: bytes, secret: bytes = SECRET) -> bytes | None:
    store = Store(path, secret)
    try:
        return store.get(wanted)
    finally:
        store.close()


def test_what_is_put_is_there_at_once_and_later(path: Path) -> None:
    store = Store(path, SECRET)
    assert store.get(key(1)) is None
    store.put(key(1), b"one")
    assert store.get(key(1)) == b"one"
    store.close()
    assert read(path, key(1)) == b"one"
    write(path, {key(1): b"another"})
    assert read(path, key(1)) == b"another"
    assert read(path, key(2)) is None


def test_what_another_secret_has_sealed_is_not_there(path: Path) -> None:
    write(path, {key(1): b"one"}, b"x" * 32)
    assert read(path, key(1)) is None


def test_a_value_moved_to_another_key_is_not_there(path: Path) -> None:
    write(path, {key(1): b"one"})
    with closing(sqlite3.connect(path)) as file:
        file.execute("INSERT INTO kept SELECT ?, value, run FROM kept", (key(2),))
        file.commit()
    assert read(path, key(1)) == b"one"
    assert read(path, key(2)) is None


@pytest.mark.parametrize("value", [None, 7, 1.5, "text", b"", b"short"])
def test_a_value_of_another_kind_is_not_there(value: object, path: Path) -> None:
    write(path, {key(1): b"one"})
    with closing(sqlite3.connect(path)) as file:
        file.execute("UPDATE kept SET value = ?", (value,))
        file.commit()
    assert read(path, key(1)) is None


def test_a_damaged_file_gives_what_was_put_or_nothing_and_is_of_use_again(path: Path) -> None:
    choice = random.Random(1)
    values = {key(n): bytes([n]) * 300 for n in range(64)}
    for _ in range(examples(60)):
        path.unlink(missing_ok=True)
        write(path, values)
        data = bytearray(path.read_bytes())
        for _ in range(choice.choice((1, 20, 400))):
            data[choice.randrange(len(data))] = choice.randrange(256)
        path.write_bytes(data[: choice.choice((len(data), len(data) // 2, 10))])
        try:
            store = module._fresh(path, SECRET)
        except (OSError, sqlite3.Error):
            continue  # as `opened` does: no store this time
        for each, value in values.items():
            assert store.get(each) in (None, value)
        store.put(key(1), b"new")
        store.close()


@pytest.mark.parametrize(
    "hostile",
    [
        "CREATE TABLE other (a)",
        "CREATE TABLE kept (key, value, run)",
        "CREATE VIEW kept AS SELECT 1 AS key, 2 AS value, 3 AS run",
        f"{module._TABLE}; CREATE TRIGGER t AFTER INSERT ON kept BEGIN DELETE FROM kept; END",
    ],
)
def test_a_file_with_other_tables_is_begun_anew(hostile: str, path: Path) -> None:
    with closing(sqlite3.connect(path)) as file:
        file.executescript(hostile)
    store = module._fresh(path, SECRET)
    store.put(key(1), b"one")
    store.close()
    assert read(path, key(1)) == b"one"


def test_two_at_once_keep_what_both_put(path: Path) -> None:
    one, other = Store(path, SECRET), Store(path, SECRET)
    one.put(key(1), b"one")
    other.put(key(2), b"other")
    one.close()
    other.close()
    assert (read(path, key(1)), read(path, key(2))) == (b"one", b"other")


def test_nobody_waits_for_one_who_writes_for_ever(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "PATIENCE", 0.05)
    write(path, {key(1): b"one"})
    with closing(sqlite3.connect(path, isolation_level=None)) as file:
        file.execute("BEGIN EXCLUSIVE")
        with pytest.raises(sqlite3.OperationalError):
            Store(path, SECRET)
        file.execute("ROLLBACK")
        late = Store(path, SECRET)
        late.put(key(2), b"two")
        file.execute("BEGIN EXCLUSIVE")
        assert late.get(key(1)) is None
        late.close()
        file.execute("ROLLBACK")
    assert read(path, key(1)) == b"one"  # a busy file is no damaged one


# --- bounds --------------------------------------------------------------------------------------


def test_what_no_run_asks_for_goes(path: Path) -> None:
    write(path, {key(1): b"used", key(2): b"left"})
    for number in range(3 * module.KEPT_RUNS):
        store = Store(path, SECRET)
        assert store.get(key(1)) == b"used"
        store.put(key(100 + number), b"more")
        store.close()
    assert read(path, key(1)) == b"used"
    assert read(path, key(2)) is None
    with closing(sqlite3.connect(path)) as file:
        [(count,)] = file.execute("SELECT count(*) FROM kept")
    assert count <= module.KEPT_RUNS + 2


def test_a_file_that_has_grown_too_large_goes(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_BYTES", 50_000)
    write(path, {key(1): b"x" * 100_000})
    assert not path.exists()
    monkeypatch.setattr(module, "LONGEST", 100)
    write(path, {key(1): b"x" * 100})
    assert read(path, key(1)) is None


def test_the_stores_of_few_outputs_stay(stores: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_FILES", 3)
    for number in range(8):
        with opened(stores, Path(f"/out/{number}")) as store:
            assert store is not None
            store.put(key(1), b"one")
        os.utime(next(iter(set(stores.iterdir()))), None)
    assert len(list(stores.glob("*.sqlite"))) <= 4


# --- whose it is ---------------------------------------------------------------------------------


def test_every_output_has_its_own(stores: Path) -> None:
    with opened(stores, Path("a")) as store:
        assert store is not None
        store.put(key(1), b"one")
    with opened(stores, Path("b")) as store:
        assert store is not None
        assert store.get(key(1)) is None
    with opened(stores, Path("a")) as store:
        assert store is not None
        assert store.get(key(1)) == b"one"


def test_all_is_the_users_alone(stores: Path, tmp_path: Path) -> None:
    with opened(stores, Path("a")) as store:
        assert store is not None
        store.put(key(1), b"one")
    files = [*stores.glob("*"), tmp_path / "state" / "toolbind" / "seal"]
    assert [oct(each.stat().st_mode & 0o777) for each in files] == ["0o600"] * 2


def test_no_folder_no_store(tmp_path: Path) -> None:
    with opened(None, tmp_path) as store:
        assert store is None


@pytest.mark.parametrize("what", ["folder", "file", "seal", "state"])
def test_what_others_may_write_is_not_used(what: str, stores: Path, tmp_path: Path) -> None:
    with opened(stores, Path("a")) as store:
        assert store is not None
        store.put(key(1), b"one")
    state = tmp_path / "state" / "toolbind"
    places = {"folder": stores, "file": next(stores.iterdir()), "seal": state / "seal"}
    places["state"] = state
    places[what].chmod(places[what].stat().st_mode | 0o022)
    with opened(stores, Path("a")) as store:
        assert store is None


@pytest.mark.parametrize("suffix", ["", "-journal", "-wal", "-shm"])
@pytest.mark.parametrize("kind", ["pipe", "link", "folder"])
def test_what_is_no_plain_file_is_not_opened(kind: str, suffix: str, stores: Path) -> None:
    with opened(stores, Path("a")) as store:
        assert store is not None
    path = next(stores.glob("*.sqlite"))
    place = path.with_name(path.name + suffix)
    place.unlink(missing_ok=True)
    if kind == "pipe":
        os.mkfifo(place)
    elif kind == "link":
        place.symlink_to(stores / "elsewhere")
    else:
        place.mkdir()
    with opened(stores, Path("a")) as store:  # and nobody waits for it
        assert store is None
    assert not (stores / "elsewhere").exists()


@pytest.mark.parametrize("what", ["seal", "state", "stores"])
@pytest.mark.parametrize("kind", ["pipe", "link"])
def test_a_secret_or_a_folder_that_is_something_else_is_not_used(
    kind: str, what: str, stores: Path, tmp_path: Path
) -> None:
    with opened(stores, Path("a")) as store:
        assert store is not None
    state = tmp_path / "state" / "toolbind"
    place = {"seal": state / "seal", "state": state, "stores": stores}[what]
    place.rename(tmp_path / "elsewhere")
    if kind == "pipe":
        os.mkfifo(place)
    else:
        place.symlink_to(tmp_path / "elsewhere")
    with opened(stores, Path("a")) as store:  # and nobody waits for it
        assert store is None


def test_a_copy_of_the_secret_is_another(stores: Path, tmp_path: Path) -> None:
    with opened(stores, Path("a")) as store:
        assert store is not None
        store.put(key(1), b"one")
    seal = tmp_path / "state" / "toolbind" / "seal"
    shutil.copy2(seal, tmp_path / "copy")
    with opened(stores, Path("a")) as store:
        assert store is not None
        assert store.get(key(1)) == b"one"
    (tmp_path / "copy").replace(seal)
    with opened(stores, Path("a")) as store:
        assert store is not None
        assert store.get(key(1)) is None


def test_a_seal_of_another_length_is_none(stores: Path, tmp_path: Path) -> None:
    seal = tmp_path / "state" / "toolbind" / "seal"
    seal.parent.mkdir(parents=True, mode=0o700)
    seal.touch(mode=0o600)
    with opened(stores, Path("a")) as store:
        assert store is None


def test_a_place_that_cannot_be_written_is_no_failure(stores: Path) -> None:
    stores.parent.parent.mkdir(exist_ok=True)
    stores.parent.write_text("in the way")
    with opened(stores, Path("a")) as store:
        assert store is None
