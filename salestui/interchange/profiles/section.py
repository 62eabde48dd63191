"""A table of a profile, read key by key; what is wrong is said with its place and the way out."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from salestui.errors import Refused
from salestui.text import clean, inert


@dataclass(frozen=True, slots=True)
class Section:
    """One TOML table: the file and the dotted place it stands at, for messages."""

    file: str
    place: str
    table: Mapping[str, Any]

    def at(self, key: str) -> str:
        """The dotted place of `key` in the file."""
        shown = key if key.replace("_", "").replace("-", "").isalnum() else f'"{key}"'
        return f"{self.place}.{shown}" if self.place else shown

    def refuse(self, key: str, what: str) -> Refused:
        """The refusal to raise: file, key, what is wrong and how to mend it, on one line."""
        place = self.at(key) if key else self.place
        return Refused(inert(f"{self.file}: {place}: {what}".replace("\n", " ")))

    def know(self, keys: Iterable[str]) -> None:
        """Refuse a key that means nothing here: a misspelled one would silently do nothing."""
        known = list(keys)
        for key in self.table:
            if key not in known:
                raise self.refuse(key, f"no such key; {nearest(key, known)}")

    def text(self, key: str, default: str = "") -> str:
        """A text, cleaned."""
        value = self.table.get(key, default)
        if not isinstance(value, str):
            raise self.refuse(key, f'give a text in quotes, such as {key} = "…"')
        return clean(value)

    def needed(self, key: str, such_as: str) -> str:
        """A text that must be there."""
        if not self.text(key):
            raise self.refuse(key, f"missing; add {key} = {such_as}")
        return self.text(key)

    def word(self, key: str, words: Iterable[str]) -> str | None:
        """One of `words`, or `None` where the key is not there."""
        if key not in self.table:
            return None
        value, known = self.text(key), list(words)
        if value not in known:
            raise self.refuse(key, f'"{value}" is none of {", ".join(known)}')
        return value

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of texts, cleaned; one text alone is a list of it."""
        value = self.table.get(key, [])
        items = [value] if isinstance(value, str) else value
        if not isinstance(items, list) or not all(isinstance(item, str) for item in items):
            raise self.refuse(key, f'give a list of texts, such as {key} = ["…", "…"]')
        return tuple(clean(item) for item in items)

    def whole(self, key: str, default: int, first: int, last: int) -> int:
        """A whole number from `first` to `last`."""
        value = self.table.get(key, default)
        if isinstance(value, bool) or not isinstance(value, int) or not first <= value <= last:
            raise self.refuse(key, f"give a whole number from {first} to {last:,}")
        return value

    def flag(self, key: str) -> bool:
        """True or false; false where the key is not there."""
        value = self.table.get(key, False)
        if not isinstance(value, bool):
            raise self.refuse(key, "give true or false")
        return value

    def section(self, key: str) -> "Section":
        """The table under `key`; an empty one where it is not there."""
        value = self.table.get(key, {})
        if not isinstance(value, dict):
            raise self.refuse(key, f"give a table, [{self.at(key)}]")
        return Section(self.file, self.at(key), value)


def nearest(word: str, known: Iterable[str]) -> str:
    """A way out for a misspelled word: the nearest known ones, or all of a short list."""
    listed = list(known)
    close = get_close_matches(word, listed, n=1)
    if close:
        return f'did you mean "{close[0]}"?'
    return "use one of " + ", ".join(listed[:12]) + (" …" if len(listed) > 12 else "")
