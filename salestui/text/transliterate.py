"""Latin spellings of Cyrillic and Greek words, and the two-letter spellings of umlauts.

Ukrainian goes by the Cabinet's rules of 2010. The same letters stand for other sounds in other
languages (г is h in Kyiv and g in Moscow), so a word gets each spelling its letters allow.
"""

from salestui.text.patterns import pattern

_CYRILLIC = pattern("[\u0400-\u04ff]")
_GREEK = pattern("[\u0370-\u03ff\u1f00-\u1fff]")
_UMLAUT = pattern("[äöüåø]")

_UKRAINIAN = {
    "а": "a", "б": "b", "в": "v", "г": "h", "ґ": "g", "д": "d", "е": "e", "є": "ie", "ж": "zh",
    "з": "z", "и": "y", "і": "i", "ї": "i", "й": "i", "к": "k", "л": "l", "м": "m", "н": "n",
    "о": "o", "п": "p", "р": "r", "с": "s", "т": "t", "у": "u", "ф": "f", "х": "kh", "ц": "ts",
    "ч": "ch", "ш": "sh", "щ": "shch", "ь": "", "ю": "iu", "я": "ia",
    # Belarusian and Russian letters that meet г as h.
    "ў": "u", "ё": "io", "ы": "y", "э": "e", "ъ": "",
    # Serbian and Macedonian.
    "ђ": "dj", "ј": "j", "љ": "lj", "њ": "nj", "ћ": "c", "џ": "dz", "ѓ": "gj", "ќ": "kj",
    "ѕ": "dz", "ѐ": "e", "ѝ": "i",
}  # fmt: skip
_UKRAINIAN_START = {"є": "ye", "ї": "yi", "й": "y", "ю": "yu", "я": "ya", "ё": "yo"}

_RUSSIAN = _UKRAINIAN | {
    "г": "g", "и": "i", "й": "y", "ё": "e", "ю": "yu", "я": "ya", "є": "ye", "ї": "yi",
}  # fmt: skip
_BULGARIAN = _RUSSIAN | {"х": "h", "щ": "sht", "ъ": "a"}
_NOT_BULGARIAN = pattern("[іїєґыэёў]")
_BULGARIAN_DIFFERS = pattern("[хщъ]")

_GREEK_PAIRS = {"ου": "ou", "γγ": "ng", "γξ": "nx", "γχ": "nch", "αυ": "av", "ευ": "ev"}
_GREEK_LETTERS = {
    "α": "a", "β": "v", "γ": "g", "δ": "d", "ε": "e", "ζ": "z", "η": "i", "θ": "th", "ι": "i",
    "κ": "k", "λ": "l", "μ": "m", "ν": "n", "ξ": "x", "ο": "o", "π": "p", "ρ": "r", "σ": "s",
    "ς": "s", "τ": "t", "υ": "y", "φ": "f", "χ": "ch", "ψ": "ps", "ω": "o",
}  # fmt: skip
_GREEK_ACCENTS = str.maketrans("άέήίόύώϊϋΐΰ", "αεηιουωιυιυ")

_GERMAN = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "å": "aa", "ø": "oe"})


def latin_forms(word: str) -> frozenset[str]:
    """Return the Latin spellings of one lower-case, composed word; none if it needs none."""
    if _CYRILLIC.search(word):
        return frozenset(_cyrillic_forms(word))
    if _GREEK.search(word):
        return frozenset((_greek(word),))
    if _UMLAUT.search(word):
        return frozenset((word.translate(_GERMAN),))
    return frozenset()


def _cyrillic_forms(word: str) -> set[str]:
    # зг would be read as ж ("zh") if it were spelled letter by letter.
    ukrainian = word.replace("зг", "zgh")
    start = _UKRAINIAN_START.get(word[0], "")
    forms = {
        start + _spelled(ukrainian[1:] if start else ukrainian, _UKRAINIAN),
        _spelled(word, _RUSSIAN),
    }
    if _BULGARIAN_DIFFERS.search(word) and not _NOT_BULGARIAN.search(word):
        forms.add(_spelled(word, _BULGARIAN))
    return forms


def _spelled(word: str, letters: dict[str, str]) -> str:
    return "".join(letters.get(char, char) for char in word)


def _greek(word: str) -> str:
    # A diaeresis parts a pair, so pairs are spelled before the marks are taken off.
    word = word.replace("ού", "ου").replace("αύ", "αυ").replace("εύ", "ευ")
    for pair, spelling in _GREEK_PAIRS.items():
        word = word.replace(pair, spelling)
    return _spelled(word.translate(_GREEK_ACCENTS), _GREEK_LETTERS)
