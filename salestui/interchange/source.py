"""A file, or bytes, to read from the beginning as often as needed; refused in one sentence."""

import io
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from salestui.errors import Refused
from salestui.text import inert

MAX_BYTES = 50 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Source:
    """Where the bytes come from; `name` is how messages call it."""

    name: str
    content: Path | bytes

    def open(self) -> BinaryIO:
        """Return the bytes from the beginning. Raises `Refused`."""
        if isinstance(self.content, bytes):
            _check_size(self.name, len(self.content))
            return io.BytesIO(self.content)
        try:
            status = self.content.stat()
            if stat.S_ISDIR(status.st_mode):
                raise Refused(f"{self.name} is a folder; name the files in it.")
            if not stat.S_ISREG(status.st_mode):
                raise Refused(f"{self.name} is not a regular file.")
            _check_size(self.name, status.st_size)
            return self.content.open("rb")
        except FileNotFoundError:
            raise Refused(f"{self.name}: there is no such file.") from None
        except PermissionError:
            raise Refused(f"{self.name} cannot be read: no permission.") from None
        except (OSError, ValueError) as error:  # ValueError: a NUL in the name
            reason = getattr(error, "strerror", None) or error
            raise Refused(f"{self.name} cannot be read: {inert(str(reason))}.") from None


def source_of(content: Path | str | bytes, name: str | None = None) -> Source:
    """Wrap a path or bytes; bytes should be given the `name` messages call them by."""
    if isinstance(content, bytes):
        return Source(inert(name or "the data"), content)
    return Source(inert(name or str(content)), Path(content))


def _check_size(name: str, size: int) -> None:
    if size == 0:
        raise Refused(f"{name} is empty.")
    if size > MAX_BYTES:
        raise Refused(
            f"{name} has {size / 1024**2:,.0f} MB; {MAX_BYTES // 1024**2} MB is the limit. "
            "Split it into several files."
        )
