"""The places that number keys lead to. Each is imported and built when it is first gone to."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from textual.screen import Screen


def _today() -> Screen[Any]:
    from salestui.screens.today import TodayScreen

    return TodayScreen()


def _board() -> Screen[Any]:
    from salestui.screens.board import BoardScreen

    return BoardScreen()


def _clients() -> Screen[Any]:
    from salestui.screens.clients import ClientsScreen

    return ClientsScreen()


def _log() -> Screen[Any]:
    from salestui.screens.log import LogScreen

    return LogScreen()


def _funnel() -> Screen[Any]:
    from salestui.screens.funnel import FunnelScreen

    return FunnelScreen()


def _forecast() -> Screen[Any]:
    from salestui.screens.forecast import ForecastScreen

    return ForecastScreen()


def _team() -> Screen[Any]:
    from salestui.screens.team import TeamScreen

    return TeamScreen()


BUILDERS: dict[str, Callable[[], Screen[Any]]] = {
    "today": _today,
    "board": _board,
    "clients": _clients,
    "log": _log,
    "funnel": _funnel,
    "forecast": _forecast,
    "team": _team,
}
