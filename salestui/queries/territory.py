"""The territory that a deal lies in, as every read asks for it."""

from __future__ import annotations


def territory_of(deal: str, owner: str = "owner_id") -> str:
    """SQL for the key of a deal's territory: its client's, else its owner's home; NULL for none.

    `deal` is the alias of the deal's row with a dot, or "" where no other has columns of those names;
    `owner` is the column with its rep.
    """
    return (
        f"coalesce((SELECT territory_id FROM client WHERE client.id = {deal}client_id),"  # noqa: S608
        f" (SELECT territory_id FROM rep WHERE rep.id = {deal}{owner}))"
    )
