"""Mutants are small changes of what runs, and of nothing else."""

from __future__ import annotations

from pathlib import Path

from tests.programs.mutants.mutating import mutants_of

CODE = '''\
"""Not 1 mutant."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    LEVEL = 7


def chosen(é: int, most: int = 3) -> "Literal[4]":
    """Neither is 2."""
    report("é")
    if not é or é < most:
        return True
    return é if é in (most, 9) else most + é
'''


def test_every_kind_of_change_is_found_and_lands_where_it_belongs(tmp_path: Path) -> None:
    path = tmp_path / "code.py"
    path.write_text(CODE)
    source = path.read_bytes()
    found = {
        (mutant.line, mutant.before.strip(), mutant.after.strip()): mutant.made(source).decode()
        for mutant in mutants_of(tmp_path, path)
    }
    assert set(found) == {
        (11, 'report("é")', "None"),
        (12, "not é or é < most", "(not (not é or é < most))"),
        (12, "not", ""),
        (12, "or", "and"),
        (12, "<", "<="),
        (13, "True", "False"),
        (14, "é if é in (most, 9) else most + é", "None"),
        (14, "é in (most, 9)", "(not (é in (most, 9)))"),
        (14, "in", "not in"),
        (14, "9", "10"),
        (14, "+", "-"),
    }
    assert "return é if é not in (most, 9) else" in found[14, "in", "not in"]
    assert "if é or é < most:" in found[12, "not", ""]
    assert all(made != CODE for made in found.values())


def test_a_file_has_the_same_mutants_each_time() -> None:
    here = Path(__file__).with_name("mutating.py")
    first = list(mutants_of(here.parent, here))
    assert first == list(mutants_of(here.parent, here))
    assert len(first) > 20
