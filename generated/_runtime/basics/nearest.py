"""Names that somebody may have meant: what complaints about unknown ones suggest."""

from __future__ import annotations

from collections.abc import Collection, Iterable

_JOINTS = str.maketrans("", "", "_-.")
"""What parts the words of a name, in one convention or another."""


def require_known(
    owner: str, given: Iterable[str], known: Collection[str], otherwise: str = ""
) -> None:
    """Refuse keyword arguments that do not exist. Raises TypeError.

    `otherwise` is said where none of the `known` is like it.
    """
    for name in given:
        if name not in known:
            near = _near(name, known, 0.75)
            hint = otherwise or f"there are {', '.join(known)}"
            hint = f"did you mean {near}?" if near else hint
            raise TypeError(f"{owner} has no option {name!r}; {hint}")


def _near(name: str, known: Collection[str], cutoff: float) -> str:
    from difflib import get_close_matches

    found = get_close_matches(name.lower()[:100], known, n=1, cutoff=cutoff)
    return found[0] if found else ""


def same_names(
    given: Iterable[str], known: Iterable[tuple[str, str]]
) -> dict[str, str]:
    """The names that differ from known ones in case and in what parts their words only, each with
    what it means: `petId` for `pet_id`. `known` holds spellings and what they stand for.

    Nothing is guessed: a spelling that could mean two, or that two names could have meant, means
    nothing here.
    """
    meant: dict[str, set[str]] = {}
    for spelling, name in known:
        meant.setdefault(_letters(spelling), set()).add(name)
    found = {name: meant.get(_letters(name), set()) for name in given}
    sure = {name: next(iter(names)) for name, names in found.items() if len(names) == 1}
    claimed = list(sure.values())
    return {name: one for name, one in sure.items() if claimed.count(one) == 1}


def _letters(name: str) -> str:
    return name.casefold().translate(_JOINTS)


def close_names(name: str, known: Iterable[str]) -> list[str]:
    """Known names that `name` may have been meant for, best first; case does not matter."""
    from difflib import get_close_matches

    folded = {each.casefold(): each for each in known}
    near = get_close_matches(name.casefold()[:100], list(folded), n=3, cutoff=0.6)
    return [folded[each] for each in near]
