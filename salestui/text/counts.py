"""How many of something, in words."""

from __future__ import annotations

from collections.abc import Sequence


def so_many(count: int, what: str, more: str = "") -> str:
    """`1 deal`, `1,204 deals`; `more` is what several are called where an `s` does not say it."""
    return f"{count:,} {what if count == 1 else more or what + 's'}"


def of_so_many(count: int, total: int, what: str) -> str:
    """`1 of 15 deals is`, `3 of 15 deals are`: a part of a whole and its verb."""
    return f"{count:,} of {so_many(total, what)} {'is' if count == 1 else 'are'}"


def listed(names: Sequence[str], most: int = 3) -> str:
    """`Ona`, `Ona and Jonas`, `Ona, Jonas, Zofia and 2 more`: the first of them, and how many others."""
    shown = [*names[:most], *([f"{len(names) - most:,} more"] if len(names) > most else [])]
    return " and ".join(part for part in (", ".join(shown[:-1]), *shown[-1:]) if part)
