"""Which of the Windows code pages a text without any mark of its encoding was written in.

Each candidate's reading is scored by how likely its accented letters are in the languages of
that code page. A wrong reading shows: its letters are rare ones, or symbols within words,
capitals after small letters, accents in a row in a Latin word, Latin letters in a Cyrillic one.
"""

import re
from functools import cache
from math import exp, log

CODEPAGES = ("cp1252", "cp1250", "cp1257", "cp1251")
"""The candidates; where they read alike, the earliest is taken."""

# Share of each non-ASCII letter, per thousand letters of running text, rounded.
_LANGUAGES = {
    "cp1250": (
        "ł21 ó10 ą10 ę11 ż9 ś8 ć5 ń3 ź1",  # Polish
        "í32 á22 ě16 é13 ř12 č10 ž10 ý10 š8 ů7 ú2 ó1 ň1 ť1 ď1",  # Czech
        "á20 č13 í12 ý11 š10 ú10 ž9 é8 ť5 ľ4 ô2 ň2 ó1 ä1 ď1 ŕ1 ĺ1",  # Slovak
        "á34 é33 ö10 ó10 ő9 í7 ü6 ú3 ű2",  # Hungarian
        "č12 š10 ć9 ž8 đ3",  # Croatian, Slovene: small
        "ă20 î8 ţ8 ş8 â4",  # Romanian: small
    ),
    "cp1251": (
        "о109 е85 а80 и74 н67 т63 с55 р47 в45 л44 к35 м32 д30 п28 у26 я20 ы19 ь17 г17 з17 б16 ч14 "
        "й12 х10 ж9 ш7 ю6 ц5 щ4 э3 ф3 ъ1 ё1",  # Russian
        "о94 а83 и62 н61 і57 в54 т53 е46 р46 с42 к40 л36 м31 у31 д30 п29 я22 з22 ь18 г15 б17 ч14 "
        "й13 х12 ц8 ю8 ї8 ж8 є5 ш7 щ5 ф3 ґ1",  # Ukrainian
        "а120 и90 о88 е83 н71 т70 р49 с49 в45 л36 к33 д31 п29 м24 з21 ъ17 г17 я16 у16 ч15 б15 ц8 "
        "ж8 щ6 х6 ш5 й7 ф3 ю1 ь1",  # Bulgarian
        "а165 н66 і61 ы57 р55 л48 о45 к43 т43 с43 е40 д35 м30 у30 я37 в30 п25 з25 ў20 ц30 ь20 г20 "
        "б15 ч14 э14 ж9 ш8 х9 й9 ё7 ю7 ф2",  # Belarusian
        "а115 о98 и90 е85 н56 р51 с47 т43 ј40 у40 в38 д37 к37 л34 м33 п28 з17 г16 б15 ч10 ш10 ц7 "
        "ж6 х6 њ6 ћ6 љ5 ђ2 ф2 џ1",  # Serbian
    ),
    "cp1252": (
        "ü10 ä6 ö4 ß3",  # German
        "é27 è6 à6 ê3 ç2 ô1 î1 û1 ù1 ë1 ï1 œ1 â1",  # French
        "ó8 í7 á5 é4 ñ3 ú2 ü1",  # Spanish
        "ã7 ç5 á5 é5 í4 õ3 ó3 ê3 â1 ú1 à1 ô1",  # Portuguese
        "à6 è3 ò2 ù2 ì1 é1",  # Italian
        "ä20 ö14 å12 é1",  # Swedish, Finnish
        "ø9 å9 æ8 é1",  # Danish, Norwegian
        "á18 í16 ð44 þ15 ö8 æ9 ú6 ó10 é6 ý2",  # Icelandic: small
    ),
    "cp1257": (
        "ė15 ų13 š12 ž8 į6 ū5 ą5 č4 ę2",  # Lithuanian
        "ā38 ī18 ē17 š9 ņ5 ū5 ļ3 ģ2 ķ2 ž2 č1",  # Latvian
        "ä9 õ8 ü6 ö2 š1 ž1",  # Estonian
    ),
}
# Languages whose letters share bytes with those of larger neighbours: they need more evidence.
_SMALL = {"cp1250": (4, 5), "cp1252": (7,)}
_SMALL_PRIOR = log(0.2)
_TYPOGRAPHIC = frozenset("\u2018\u2019\u201a\u201c\u201d\u201e\u2013\u2014\u2026€§°©®™«»№\u00a0")
_TOKEN = re.compile(r"[A-Za-z\u0080-\U0010ffff]+")

# What an accented letter is hardly ever followed by in the languages of the code page.
_ODD_NEIGHBOURS = {
    "cp1250": re.compile("ă[oeõő]|ć[bdfghjlrst]"),
    "cp1252": re.compile("ñ(?![aeiouáéíóú])|õ(?!e)|ç(?![aouáóúãõâôe])|[ðþ][b-df-hj-np-tv-z]"),
    "cp1257": re.compile(r"ų(?=\w)|ē[aou]"),
}

_MAIN = 0.7
_ODD = log(0.1)
_UNSEEN = log(2e-4)
_SYMBOL = log(1e-4)
_TYPOGRAPHIC_SYMBOL = log(2e-3)
_CAPITAL = log(0.3)
_CAPITAL_INSIDE = log(0.02)
_ACCENTS_IN_A_ROW = log(0.15)
_MIXED_SCRIPTS = log(0.02)
_WORDS = 5_000


def likeliest(sample: bytes, seen: frozenset[int]) -> str | None:
    """Return the code page `sample` reads best in, of those that define every byte `seen`."""
    scores = {
        codepage: _score(sample.decode(codepage, "replace"), codepage)
        for codepage in CODEPAGES
        if _defines(codepage, seen)
    }
    return max(scores, key=scores.__getitem__) if scores else None


def _defines(codepage: str, seen: frozenset[int]) -> bool:
    try:
        bytes(seen).decode(codepage)
    except UnicodeDecodeError:
        return False
    return True


def _score(text: str, codepage: str) -> float:
    """Log likelihood that the words are of this code page: mostly of one of its languages."""
    words = {word for word in _TOKEN.findall(text) if not word.isascii()}
    scored = [_by_language(word, codepage) for word in sorted(words)[:_WORDS]]
    context = sum(_context(word, codepage) for word in sorted(words)[:_WORDS])
    small = _SMALL.get(codepage, ())
    return context + max(
        sum(_mixed(word_scores, main) for word_scores in scored) + _SMALL_PRIOR * (main in small)
        for main in range(len(_LANGUAGES[codepage]))
    )


def _by_language(word: str, codepage: str) -> list[float]:
    letters = [char.lower() for char in word if not char.isascii() and char.isalpha()]
    return [sum(language.get(char, _UNSEEN) for char in letters) for language in _letters(codepage)]


def _mixed(scores: list[float], main: int) -> float:
    """The likelihood of a word in a text of the language `main` with some words of others."""
    best = max(scores)
    others = sum(exp(score - best) for score in scores) / len(scores)
    return best + log(_MAIN * exp(scores[main] - best) + (1 - _MAIN) * others)


def _context(word: str, codepage: str) -> float:
    is_cyrillic = codepage == "cp1251"
    odd = _ODD_NEIGHBOURS.get(codepage)
    score, before = (_ODD * len(odd.findall(word.lower())) if odd else 0.0), ""
    for char in word:
        if not char.isascii() and not char.isalpha():
            score += _TYPOGRAPHIC_SYMBOL if char in _TYPOGRAPHIC else _SYMBOL
        elif before.isalpha():
            pair = (char.isascii(), before.isascii())
            if is_cyrillic and pair[0] != pair[1]:
                score += _MIXED_SCRIPTS
            elif not is_cyrillic and not any(pair):
                score += _ACCENTS_IN_A_ROW
            if char.isupper() and before.islower():
                score += _CAPITAL_INSIDE
        if char.isupper() and not char.isascii():
            score += _CAPITAL
        before = char
    return score


@cache
def _letters(codepage: str) -> tuple[dict[str, float], ...]:
    """Log share of each non-ASCII letter among those of a language, a dict for each language."""
    tables = []
    for listed in _LANGUAGES[codepage]:
        shares = {item[0]: float(item[1:]) for item in listed.split()}
        total = sum(shares.values())
        tables.append({char: log(share / total) for char, share in shares.items()})
    return tuple(tables)
