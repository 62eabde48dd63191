"""Searching without regard to case, accents or script: what is stored and what was typed, alike.

`fold` is the one form both sides are compared in. A stored text also gets its words in Latin
letters, so that `kovalenko` finds Коваленко; what was typed is only folded.
"""

import re
import unicodedata

from salestui.text.patterns import pattern
from salestui.text.transliterate import latin_forms

# Letters that Unicode does not decompose into a base letter and a mark.
_LETTERS = str.maketrans(
    {
        "ł": "l", "đ": "d", "ð": "d", "ø": "o", "æ": "ae", "œ": "oe", "ß": "ss", "þ": "th",
        "ı": "i", "ħ": "h", "ŧ": "t", "ŋ": "n", "ĸ": "k", "ə": "a", "ƒ": "f", "ɨ": "i",
        "ґ": "г", "ӏ": "",
    }
)  # fmt: skip
_APOSTROPHES = "'’‘ʼʹ`´′＇"
_INNER_APOSTROPHE = pattern(rf"(?<=[^\W\d_])[{_APOSTROPHES}](?=[^\W\d_])")
_NOT_WORD = pattern(r"[\W_]+")

LONGEST_KEY = 100
"""Characters of a word or name that are looked up and sorted by: PostgreSQL indexes no long ones."""

_SHORTEST_PART = 3
_SHORTEST_PHONE = 3
_LONGEST_PREFIX = 4

_PHONE_RUN = pattern(r"(?<!\w)(?:\+|\(\+?|00)?[ (]*\d[\d\s()./\-]*")
_WHOLE_PHONE = 5
"""Digits from which a text of digits and separators alone is taken for a phone number."""


def fold(value: str) -> str:
    """Return the words of `value`, lower case, without accents, separated by one blank."""
    value = _INNER_APOSTROPHE.sub("", value)
    if not value.isascii():
        value = unicodedata.normalize("NFKD", value).casefold()
        value = _without_marks(unicodedata.normalize("NFKD", value))
        # The table comes after the marks: ǿ is ø with an accent.
        value = _INNER_APOSTROPHE.sub("", value).translate(_LETTERS)
    else:
        value = value.lower()
    return _NOT_WORD.sub(" ", value).strip()


def name_key(name: str) -> str:
    """Return what two spellings of a name have in common; a name of signs alone is only like itself."""
    return fold(name) or name.casefold()


def sort_key(name: str) -> str:
    """Return what names are listed by: folded, and as much of it as an index holds."""
    return fold(name[: 4 * LONGEST_KEY])[:LONGEST_KEY]


def _without_marks(value: str) -> str:
    return "".join(char for char in value if unicodedata.category(char)[0] != "M")


def search_words(value: str) -> frozenset[str]:
    """Return every word `value` should be found by: folded, and in Latin letters.

    A word with an apostrophe is found whole and by its longer parts ("L'Oréal": loreal, oreal).
    """
    words = set(fold(value).split())
    if _INNER_APOSTROPHE.search(value):
        parts = fold(_INNER_APOSTROPHE.sub(" ", value)).split()
        words.update(part for part in parts if len(part) >= _SHORTEST_PART)
    if not value.isascii():
        composed = unicodedata.normalize("NFC", _INNER_APOSTROPHE.sub("", value).casefold())
        for word in _NOT_WORD.sub(" ", composed).split():
            for form in latin_forms(word):
                words.update(fold(form).split())
    return frozenset(word[:LONGEST_KEY] for word in words)


def phone_words(phone: str) -> frozenset[str]:
    """Return the digits of `phone`, and them without the first 1 to 4 (country, trunk, area)."""
    digits = _digits(phone)
    return frozenset(
        digits[start:][:LONGEST_KEY]
        for start in range(_LONGEST_PREFIX + 1)
        if len(digits) - start >= _SHORTEST_PHONE
    )


def query_words(typed: str) -> tuple[str, ...]:
    """Return the words to look for, longest (rarest) first; a phone number is one word.

    Each is meant as the beginning of a word in `search_words` or `phone_words`.
    """
    numbers: list[str] = []
    whole = not any(char.isalpha() for char in typed)

    def lifted(run: re.Match[str]) -> str:
        number = _typed_phone(run[0], whole)
        if number is None:
            return run[0]
        numbers.append(number)
        return " "

    rest = fold(_PHONE_RUN.sub(lifted, typed)).split()
    words = dict.fromkeys(word[:LONGEST_KEY] for word in (*numbers, *rest))
    return tuple(sorted(words, key=len, reverse=True))


def _typed_phone(run: str, whole: bool) -> str | None:
    """The digits to look for if `run` was meant as a phone number."""
    digits = _digits(run)
    marked = run.lstrip("( ").startswith("+")
    if not marked and not (whole and len(digits) >= _WHOLE_PHONE):
        return None
    # 00 and a trunk 0 stand before the number, not in it: +49 151 is dialled 0151.
    return digits.lstrip("0") or digits


def _digits(value: str) -> str:
    return "".join(
        str(digit) for char in value if (digit := unicodedata.decimal(char, None)) is not None
    )
