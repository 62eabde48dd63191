"""Regular expressions compiled at their first use.

Every start would compile all of this package's, and most runs ask for few of them.
"""

from __future__ import annotations

import re
from typing import Any, cast


class _Pattern:
    def __init__(self, source: str, flags: int) -> None:
        self._source, self._flags = source, flags

    def __getattr__(self, name: str) -> Any:
        found = getattr(re.compile(self._source, self._flags), name)
        setattr(self, name, found)  # the next use finds it without coming here
        return found


def pattern(source: str, flags: int = 0) -> re.Pattern[str]:
    """The expression that `re.compile` would give."""
    return cast("re.Pattern[str]", _Pattern(source, flags))
