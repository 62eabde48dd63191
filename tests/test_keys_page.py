"""The page of keys says what the bindings say."""

from __future__ import annotations

from scripts.write_keys import TARGET, page


def test_the_page_of_keys_is_current() -> None:
    assert TARGET.read_text("utf-8") == page(), "run python scripts/write_keys.py"


def test_it_names_the_main_ones() -> None:
    for key in ("deal.move_next", "deal.win", "activity.log", "app.undo"):
        assert f"`{key}`" in page()
