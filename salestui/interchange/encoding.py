"""How a file's bytes become text: byte order mark, UTF-16 by its zeros, strict UTF-8, code page."""

import codecs
import io
from collections.abc import Iterator
from dataclasses import dataclass, field

from salestui.errors import Refused
from salestui.interchange.codepages import CODEPAGES, likeliest
from salestui.interchange.source import Source

_CHUNK = 1 << 20
_HEAD = 1 << 16
_SAMPLE = 1 << 18
_ASCII = bytes(range(128))
# Control characters a text file has no use for; ESC and a stray NUL are hostile, not binary.
_CONTROLS = bytes(set(range(32)) - set(b"\0\t\n\x0c\r\x1b"))
_CONTROL_SHARE = 0.02
_NUL_SHARE = 0.1
_MAGIC = {
    b"PK\x03\x04": "an Excel workbook or another archive; save it as CSV",
    b"\xd0\xcf\x11\xe0": "an old Excel workbook; save it as CSV",
    b"SQLite format 3\0": "a database",
    b"%PDF": "a PDF document",
    b"\x1f\x8b": "compressed; unpack it",
    b"\x89PNG": "a picture",
    b"\xff\xd8\xff": "a picture",
    b"\x7fELF": "a program",
}
_UTF16_ZEROS = 0.02
_KNOWN = ("utf-8", "utf-16", *CODEPAGES)


@dataclass(slots=True)
class _Survey:
    """What one pass over the bytes tells."""

    size: int = 0
    high: set[int] = field(default_factory=set)
    sample: bytearray = field(default_factory=bytearray)
    """Lines that have a byte above 127, as far as they are needed to tell the encoding."""
    broken_line: int | None = None
    """The line with the first byte that is not UTF-8."""


def detect_encoding(source: Source) -> str:
    """Return the codec that reads the whole of `source`; `Refused` where it is no text."""
    with source.open() as stream:
        head = stream.read(_HEAD)
    if marked := _marked(head, source):
        return _checked(source, marked)
    if wide := _utf16(head):
        return _checked(source, wide)
    _refuse_binary(head, source)
    survey = _survey(source)
    if survey.broken_line is None:
        return "utf-8"
    return _codepage(survey, source)


def named_encoding(source: Source, encoding: str) -> str:
    """Return the codec a person has named, after making sure that it reads the whole file."""
    try:
        # Refuses "hex" or "zlib" too: codecs, but none that turns bytes into text.
        io.TextIOWrapper(io.BytesIO(), encoding=encoding)
        codec = codecs.lookup(encoding)
    except (LookupError, ValueError):
        raise Refused(
            f"There is no encoding {encoding[:40]!r}; use one of {', '.join(_KNOWN)}."
        ) from None
    name = "utf-8-sig" if codec.name == "utf-8" else codec.name
    return _checked(source, name)


def _marked(head: bytes, source: Source) -> str | None:
    if head.startswith((codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)):
        raise Refused(f"{source.name} is in UTF-32; save it as UTF-8.")
    if head.startswith(codecs.BOM_UTF8):
        return "utf-8-sig"
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    return None


def _utf16(head: bytes) -> str | None:
    """UTF-16 without a mark: the zeros of its ASCII stand all at odd or all at even places."""
    head = head[: len(head) // 2 * 2]
    even, odd = head[::2].count(0), head[1::2].count(0)
    if max(even, odd) < _UTF16_ZEROS * len(head) or min(even, odd) * 20 > max(even, odd):
        return None
    if max(even, odd) < len(head) / 8 and _is_plain(head.replace(b"\0", b"")):
        return None  # text with a stray zero in it
    name = "utf-16-le" if odd > even else "utf-16-be"
    # "ignore" only matters where the head was cut within a surrogate pair.
    text = head.decode(name, "ignore")
    return name if any(sign in text for sign in ",;\t\r\n") else None


def _is_plain(head: bytes) -> bool:
    """Whether the bytes read well one by one: halves of UTF-16 letters are control characters."""
    controls = len(head) - len(head.translate(None, _CONTROLS))
    if controls > _CONTROL_SHARE * len(head):
        return False
    try:
        codecs.getincrementaldecoder("utf-8")().decode(head)
    except UnicodeDecodeError:
        return False
    return True


def _refuse_binary(head: bytes, source: Source) -> None:
    for magic, what in _MAGIC.items():
        if head.startswith(magic):
            raise Refused(f"{source.name} is not a CSV file but {what}.")
    controls = len(head) - len(head.translate(None, _CONTROLS))
    if controls > _CONTROL_SHARE * len(head) + 2 or head.count(0) > _NUL_SHARE * len(head) + 2:
        raise Refused(f"{source.name} is not a text file.")


def _survey(source: Source) -> _Survey:
    survey = _Survey()
    decoder = codecs.getincrementaldecoder("utf-8")()
    lines = 1
    for chunk in _chunks(source):
        survey.size += len(chunk)
        high = chunk.translate(None, _ASCII)
        survey.high.update(high)
        if high and len(survey.sample) < _SAMPLE:
            survey.sample += b"\n".join(line for line in chunk.split(b"\n") if not line.isascii())[
                :_SAMPLE
            ]
        if survey.broken_line is None:
            try:
                decoder.decode(chunk)
            except UnicodeDecodeError as error:
                survey.broken_line = lines + error.object[: error.start].count(b"\n")
        lines += chunk.count(b"\n")
    if survey.broken_line is None and decoder.getstate()[0]:
        survey.broken_line = lines  # cut short within a character
    return survey


def _chunks(source: Source) -> Iterator[bytes]:
    with source.open() as stream:
        while chunk := stream.read(_CHUNK):
            yield chunk


def _codepage(survey: _Survey, source: Source) -> str:
    sample = bytes(survey.sample)
    text = sample.decode("utf-8", "surrogateescape")
    wrong = sum("\ud800" <= char <= "\udfff" for char in text)
    right = sum(not char.isascii() for char in text) - wrong
    # Text of a code page is hardly ever valid UTF-8 by chance.
    if right > 4 * wrong + 4:
        raise Refused(
            f"{source.name}, line {survey.broken_line}: it is UTF-8 but for a byte here; "
            "mend that line, or name the encoding."
        )
    codepage = likeliest(sample, frozenset(survey.high))
    if codepage is None:
        raise Refused(
            f"{source.name} is in no encoding known here; save it as UTF-8, or name the encoding."
        )
    return codepage


def _checked(source: Source, encoding: str) -> str:
    """`encoding`, after reading everything with it once."""
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        for chunk in _chunks(source):
            decoder.decode(chunk)
        decoder.decode(b"", True)
    except UnicodeError:
        raise Refused(
            f"{source.name} cannot be read as {encoding.removesuffix('-sig')}: "
            "it is cut short or damaged, or in another encoding."
        ) from None
    return encoding
