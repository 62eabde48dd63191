"""Foreign text made harmless: on the way in (`clean`), on screen (`cell`), on the way out.

Names, notes and file cells come from people and files nobody checked. They may carry escape
sequences that drive the terminal, bidi controls that reorder a line, or bytes a store refuses.
"""

import re
import unicodedata

from salestui.errors import Refused
from salestui.text.patterns import pattern

MAX_TEXT = 32_000
"""Characters one field may hold after cleaning."""

_MAX_MARKS = 4

_BIDI = "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
_NONCHARACTERS = "\ufdd0-\ufdef" + "".join(
    f"{chr(plane + 0xFFFE)}{chr(plane + 0xFFFF)}" for plane in range(0, 0x110000, 0x10000)
)
# Invisible and meaningless in a field: soft hyphen, zero-width space, word joiner and its
# kin, byte order mark, annotation marks, tag characters. ZWJ and ZWNJ carry meaning and stay.
_INVISIBLE = "\u00ad\u180e\u200b\u2060-\u2065\u206a-\u206f\ufeff\ufff9-\ufffb\U000e0000-\U000e007f"

# A whole sequence goes, so that no "[31m" is left in the name. A string's body stops at the
# next control character: an unterminated one swallows nothing, and matching stays linear.
_SEQUENCE = pattern(
    r"(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]"  # CSI
    r"|(?:\x1b[\]PX^_]|[\x90\x98\x9d-\x9f])[^\x07\x1b\x80-\x9f]*(?:\x07|\x1b\\|\x9c)"  # OSC, DCS…
    r"|\x1b[ -/]+[0-~]"  # character sets
    r"|\x1b[0-OQ-WYZ\\`-~]"  # the two-character ones: reset, save cursor …
)
_LINE_END = pattern(r"\r\n|[\n\r\x0b\x0c\x85\u2028\u2029]")
_DROPPED = pattern(
    rf"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f{_BIDI}{_INVISIBLE}\ud800-\udfff{_NONCHARACTERS}]"
)
_BLANKS = pattern(r"[^\S\n]+")
_JOINERS = pattern("([\u200c\u200d])[\u200c\u200d]+")
# Marks are neither \w nor \s: a cheap net for what may be a pile of them.
_PILE = pattern(rf"[^\w\s\x00-\x7f]{{{_MAX_MARKS + 1},}}")
_PLAIN = pattern(r"[!-~]+(?: [!-~]+)*")

_UNSAFE_OUT = pattern(
    rf"[\x00-\x08\x0b-\x1f\x7f-\x9f{_BIDI}\u2028\u2029\ud800-\udfff{_NONCHARACTERS}]"
)
_REPLACEMENT = "\ufffd"

# Terminals disagree on joined emoji, skin tones and flags by up to four cells: the parts are drawn
# one by one, without the tone, and a flag as its two letters.
_NOT_IN_CELL = pattern("[\u200b-\u200d\u2060\ufe0e\ufe0f\ufeff\U0001f3fb-\U0001f3ff]")
_FLAG = {0x1F1E6 + place: chr(ord("A") + place) for place in range(26)}


def clean(value: str, *, lines: bool = False) -> str:
    """Return `value` fit to store: NFC, no control, bidi or invisible characters, tidy blanks.

    One line, or several with `lines=True` (notes). Raises `Refused` above `MAX_TEXT` characters.
    """
    if not (value == "" or _PLAIN.fullmatch(value)):
        value = _cleaned(value, lines)
    if len(value) > MAX_TEXT:
        raise Refused(f"The text is {len(value):,} characters long; {MAX_TEXT:,} is the limit.")
    return value


def _cleaned(value: str, lines: bool) -> str:
    if not value.isprintable():
        value = _SEQUENCE.sub("", value)
        value = _LINE_END.sub("\n" if lines else " ", value)
        value = _DROPPED.sub("", value)
    if not value.isascii():
        value = _JOINERS.sub(r"\1", value)
        # Piles go first: normalising thousands of marks in a row is quadratic.
        value = _PILE.sub(_flattened, value)
        value = unicodedata.normalize("NFC", value)
        value = _PILE.sub(_flattened, value)
    value = _BLANKS.sub(" ", value)
    if not lines:
        return value.strip(" ")
    return "\n".join(line.strip(" ") for line in value.split("\n")).strip("\n")


def _flattened(pile: re.Match[str]) -> str:
    """At most `_MAX_MARKS` marks in a row; a joiner between marks does not start a new row."""
    kept: list[str] = []
    marks = 0
    for char in pile[0]:
        if unicodedata.category(char)[0] == "M":
            marks += 1
            if marks > _MAX_MARKS:
                continue
        elif char not in "\u200c\u200d":
            marks = 0
        kept.append(char)
    return "".join(kept)


def inert(value: str) -> str:
    """Replace what could drive a terminal by U+FFFD; newline and tab stay.

    The last line of defence for output: text that was cleaned comes back as it is.
    """
    return value if value.isprintable() else _UNSAFE_OUT.sub(_REPLACEMENT, value)


def cell(value: str, width: int) -> str:
    """Return `value` as one line of exactly `width` terminal cells, cut with "…" or padded."""
    if width <= 0:
        return ""
    if value.isascii() and value.isprintable():
        return value.ljust(width) if len(value) <= width else value[: width - 1] + "…"
    from rich.cells import cell_len, set_cell_size

    value = inert(_BLANKS.sub(" ", _LINE_END.sub(" ", value)))
    value = _NOT_IN_CELL.sub("", value).translate(_FLAG)
    room = width
    while (used := cell_len(value)) > width:
        # One cell for the ellipsis; less room again if the cut went through a wide cluster.
        room -= 1
        value = set_cell_size(value.removesuffix("…"), room).rstrip(" ") + "…"
    return value + " " * (width - used)


def wrapped(text: str, width: int) -> list[str]:
    """`text` broken into lines of at most `width` cells, at blanks where there are any."""
    from rich.cells import cell_len

    lines: list[str] = []
    for paragraph in text.split("\n"):
        current = ""
        for word in paragraph.split(" "):
            while cell_len(word) > width > 0:
                head = cell(word, width).rstrip("… ") or word[:1]
                lines += [current] if current else []
                lines.append(head)
                current, word = "", word[len(head) :]
            longer = f"{current} {word}" if current else word
            if cell_len(longer) > width:
                lines.append(current)
                current = word
            else:
                current = longer
        lines.append(current)
    return lines


_FORMULA = pattern(r"[\t\r]|\s*[=+\-@\uff1d\uff0b\uff0d\uff20]")
# A signed number or an international phone number stays as it is: no spreadsheet runs it.
# A hyphen inside is a subtraction to a spreadsheet, so "+370-600" is guarded.
_NUMBER = pattern(r"[+-] ?[0-9][0-9 .,]*%?")


def csv_cell(value: str) -> str:
    """Put an apostrophe before text a spreadsheet would run; `csv_uncell` takes it off again."""
    return "'" + value if _runs(value) else value


def csv_uncell(value: str) -> str:
    """Undo `csv_cell`, exactly: for every text, `csv_uncell(csv_cell(text)) == text`."""
    return value[1:] if value.startswith("'") and _runs(value) else value


def _runs(value: str) -> bool:
    # Leading apostrophes are looked through, so that guarding a guarded text can be undone too.
    bare = value.lstrip("'")
    return _FORMULA.match(bare) is not None and _NUMBER.fullmatch(bare) is None
