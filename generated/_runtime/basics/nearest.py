"""Names that somebody may have meant: what complaints about unknown ones suggest."""

from __future__ import annotations

from collections.abc import Collection, Iterable


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


def close_names(name: str, known: Iterable[str]) -> list[str]:
    """Known names that `name` may have been meant for, best first; case does not matter."""
    from difflib import get_close_matches

    folded = {each.casefold(): each for each in known}
    near = get_close_matches(name.casefold()[:100], list(folded), n=3, cutoff=0.6)
    return [folded[each] for each in near]
