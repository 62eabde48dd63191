"""A list among other things: as high as its lines."""

from __future__ import annotations

from salestui.widgets.line_list import LineList


class ShortList(LineList):
    """A list as high as its lines, so that what comes next stands right below it."""

    def get_content_height(self, *_: object) -> int:
        """A line at least, for what takes the cursor is to be seen."""
        return max(1, len(self.texts))
