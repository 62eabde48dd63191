"""The demo store opens in its own place, is made anew when due, and leaves every other file alone."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from salestui import config
from salestui.demo import opening
from salestui.demo.opening import Demo, open_demo
from salestui.errors import Refused
from salestui.store.opening import open_store
from salestui.usecases import people
from tests.conftest import NOON, Clock

TODAY = NOON.date()


@pytest.fixture
def demo(clock: Clock) -> Iterator[Callable[..., Demo]]:
    """Opens the demo by the test's clock; what it opened is closed again."""
    opened: list[Demo] = []

    def open_one(**wishes: object) -> Demo:
        opened.append(open_demo(clock=clock, **wishes))  # type: ignore[arg-type]
        return opened[-1]

    yield open_one
    for one in opened:
        one.store.close()


def file() -> Path:
    return Path(config.demo_location())


def made_at(one: Demo) -> str:
    """Which seeding this store comes from."""
    return one.store.read(lambda r: r.value("SELECT min(id) FROM audit_entry"))


def test_the_first_start_makes_a_team_in_a_place_of_its_own(demo: Callable[..., Demo]) -> None:
    one = demo()
    assert one.as_of == TODAY and one.note == ""
    assert one.store.read(lambda r: r.value("SELECT count(*) FROM deal")) == 1200
    assert one.store.actor == "Ieva Jankauskaitė" and one.store.actor_id
    assert file().stat().st_mode & 0o777 == 0o600
    assert not Path(config.store_location()).exists()
    one.store.close()
    assert [path.name for path in file().parent.iterdir()] == ["demo.db"]


def test_the_same_day_finds_the_same_store(demo: Callable[..., Demo], clock: Clock) -> None:
    first = made_at(demo())
    clock.forward(hours=3)
    assert made_at(demo()) == first


def test_a_later_day_makes_the_team_anew(demo: Callable[..., Demo], clock: Clock) -> None:
    first = made_at(demo())
    clock.forward(days=1)
    second = demo()
    assert made_at(second) != first and second.as_of == TODAY + timedelta(days=1)


def test_what_the_user_changed_is_kept(demo: Callable[..., Demo], clock: Clock) -> None:
    one = demo()
    one.store.write(people.create_team, name="Mine")
    first = made_at(one)
    clock.forward(days=2)
    kept = demo()
    assert made_at(kept) == first and kept.store.today() == TODAY + timedelta(days=2)
    assert "with your changes" in kept.note and "--reset" in kept.note
    with pytest.raises(Refused, match="--reset"):
        demo(as_of=date(2025, 5, 5))
    anew = demo(is_reset=True)
    assert made_at(anew) != first and anew.note == ""


def test_it_lives_on_the_day_it_is_told(demo: Callable[..., Demo]) -> None:
    one = demo(as_of=date(2024, 2, 29))
    assert one.store.today() == date(2024, 2, 29)
    newest = one.store.read(lambda r: r.value("SELECT max(occurred_on) FROM deal_event"))
    assert newest < (date(2024, 2, 29) - date(1970, 1, 1)).days


def test_an_older_edition_is_made_anew(
    demo: Callable[..., Demo], monkeypatch: pytest.MonkeyPatch
) -> None:
    first = made_at(demo())
    monkeypatch.setattr(opening, "EDITION", "next")
    assert made_at(demo()) != first


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


@pytest.mark.parametrize("is_reset", [False, True])
def test_a_real_store_is_refused_and_untouched(
    tmp_path: Path, demo: Callable[..., Demo], *, is_reset: bool
) -> None:
    path = tmp_path / "real.db"
    real = open_store(str(path))
    real.write(people.create_team, name="Real")
    real.close()
    before = digest(path)
    with pytest.raises(Refused, match="not a demo store"):
        demo(where=str(path), is_reset=is_reset)
    assert digest(path) == before


@pytest.mark.parametrize("content", [b"", b"Dear diary", b"SQLite format 3\0 broken"])
def test_any_other_file_is_refused_and_untouched(
    tmp_path: Path, demo: Callable[..., Demo], content: bytes
) -> None:
    path = tmp_path / "diary.txt"
    path.write_bytes(content)
    for is_reset in (False, True):
        with pytest.raises(Refused, match="not a demo store"):
            demo(where=str(path), is_reset=is_reset)
    assert path.read_bytes() == content


def test_a_folder_and_a_server_are_refused(tmp_path: Path, demo: Callable[..., Demo]) -> None:
    with pytest.raises(Refused, match="not a demo store"):
        demo(where=str(tmp_path))
    with pytest.raises(Refused, match="file of its own"):
        demo(where="postgresql+psycopg://nowhere/x")


def test_one_works_as_any_rep_of_the_team_and_nobody_else(demo: Callable[..., Demo]) -> None:
    assert demo(me="Олена Коваленко").store.actor == "Олена Коваленко"
    with pytest.raises(Refused, match="no rep 'Nobody'"):
        demo(me="Nobody")


def test_the_environment_cannot_lead_the_demo_to_the_real_store(
    tmp_path: Path, demo: Callable[..., Demo], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SALESTUI_DB", str(tmp_path / "sales.db"))
    demo()
    assert file().exists() and not (tmp_path / "sales.db").exists()


def test_a_seeding_that_fails_leaves_the_old_store(
    demo: Callable[..., Demo], clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    from salestui.demo import deals

    first = made_at(demo())
    clock.forward(days=1)

    def fail(*_: object) -> None:
        raise Refused("No more deals.")

    with monkeypatch.context() as patch, pytest.raises(Refused, match="No more deals"):
        patch.setattr(deals, "roll", fail)
        demo()
    clock.forward(days=-1)
    assert made_at(demo()) == first
    assert not [path for path in file().parent.iterdir() if "draft" in path.name]
