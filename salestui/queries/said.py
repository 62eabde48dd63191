"""Activities by what was said in them, case and accents aside.

An engine folds ASCII at least, and the rest as its locale has it, or not at all. So it only leaves out
what cannot match, and the texts that may are folded here, as everything else that is sought is.
"""

from __future__ import annotations

import json
from functools import lru_cache
from typing import Any

from salestui.store.reader import Reader
from salestui.text.fold import fold

_COLUMNS = ("a.subject", "a.outcome", "a.notes")
_SHORT = 200
"""Characters up to which a text is kept folded: the next key typed asks for the same ones."""

_MAY = "(lower({column}) LIKE :said OR {column} LIKE '%''%' OR {column} LIKE '%`%')"
"""A text of ASCII alone holds a word as it is folded, unless an apostrophe parts it."""

_FOREIGN = {
    "sqlite": "length(CAST({column} AS BLOB)) <> length({column})",
    "postgresql": "octet_length({column}) <> char_length({column})",
}


def saying(
    reader: Reader, typed: str, among: str, values: dict[str, Any]
) -> tuple[str, dict[str, Any]]:
    """A condition on `activity a`, and its parameters: a text of it holds what is typed.

    `among` and `values` are the other conditions, which narrow down what is looked through.
    """
    wanted = fold(typed)
    if not wanted:
        return _literally(typed)
    word = max(wanted.split(), key=len)
    conditions = [_FOREIGN[reader.dialect]] + ([_MAY] if word.isascii() else [])
    may = " OR ".join(
        condition.replace("{column}", column) for condition in conditions for column in _COLUMNS
    )
    sql = f"SELECT a.id, {', '.join(_COLUMNS)} FROM activity a"  # noqa: S608
    sql += f" WHERE a.deleted_at IS NULL AND {among} AND ({may})"
    sought = {"said": f"%{word}%"} if word.isascii() else {}
    found = [
        row_id
        for rows in reader.batches(sql, **values, **sought)
        for row_id, *texts in rows
        if any(wanted in _folded(text) for text in texts)
    ]
    return f"a.id IN ({reader.listed('saying')})", {"saying": json.dumps(found)}


def _literally(typed: str) -> tuple[str, dict[str, Any]]:
    """Signs that are no words stand for themselves."""
    said = typed.replace("!", "!!").replace("%", "!%").replace("_", "!_")
    holds = " OR ".join(f"{column} LIKE :said ESCAPE '!'" for column in _COLUMNS)
    return f"({holds})", {"said": f"%{said}%"}


def _folded(text: str) -> str:
    return _kept(text) if len(text) <= _SHORT else fold(text)


_kept = lru_cache(maxsize=1 << 15)(fold)
