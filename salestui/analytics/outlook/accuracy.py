"""The accuracy that the forecasts have had, method by method, and every single past forecast behind it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import replace

from salestui.analytics.forecast.backtest import BLEND, Backtest, Horizon, backtest
from salestui.analytics.forecast.blend import BOTH
from salestui.analytics.forecast.scores import Summary
from salestui.analytics.forecast.study import Study
from salestui.analytics.hindsight import hindsight
from salestui.analytics.outlook.forecasting import by_method, method_named, studies_in
from salestui.analytics.report import Cell, Column, Money, Report
from salestui.analytics.scope import ALWAYS, Scope, asked
from salestui.errors import Refused
from salestui.store.reader import Reader
from salestui.text import from_day, inert, to_day

HORIZONS: dict[Horizon, str] = {
    "rest-of-month": "rest of month",
    "month": "next month",
    "rest-of-quarter": "rest of quarter",
    "quarter": "next quarter",
}
METHODS = {
    BLEND: "forecast",
    "past": "past carried on",
    "deals": "open and new deals",
    "hazard": "… by age alone",
    "template": "stage percentages",
    "closed-rate": "closed win rate",
    "run-rate": "last 28 days",
    "smoothing": "smoothing",
    "calendar": "calendar pattern",
}

METHOD = (
    "Each forecast made again as of past days from what was known then, and compared with what came. "
    "Accuracy: 1 - |forecast - actual| / actual. In range: how often the 80 % range held what came. At "
    "best: the mean that chance alone would have allowed. Times: those in which something came, for "
    "without it there is no accuracy; in range and its width count the others too. Months that bear no "
    "claim are left out. Forecasts of one period from several of its days share what came."
)


UNCLAIMED = "No accuracy is claimed of deals chosen by what was known of them later."


def accuracy(
    reader: Reader, scope: Scope, by: str | None = None, method: str | None = None
) -> Report:
    """What each method has had, per horizon; or one of those that a forecast can be made by."""
    _refuse(scope, by)
    scope, only = _narrowed(scope, method)
    return measured(reader, scope, only)


def measured(
    reader: Reader,
    scope: Scope,
    only: str | None = None,
    *,
    wanted: Collection[tuple[str, Horizon]] | None = None,
    should_stop: Callable[[], bool] | None = None,
) -> Report:
    """The report of one method's rows, or of all; `wanted` are the currencies' horizons to measure.

    Takes seconds and can be stopped (`Stopped`).
    """
    studies = studies_in(reader, scope)
    tests = [
        tested(study, scope, horizon, should_stop)
        for study in studies
        for horizon in HORIZONS
        if wanted is None or (study.currency, horizon) in wanted
    ]
    is_claimed = not hindsight(reader, scope)
    return build(scope, tests, only, is_claimed=is_claimed, several=len(studies) > 1)


def _narrowed(scope: Scope, method: str | None) -> tuple[Scope, str | None]:
    """The scope in words, and what the rows of the method are called here; `None`: those of all."""
    if method is None:
        return scope, None
    named = method_named(method)
    return by_method(scope, named), BLEND if named == BOTH else named


def tested(
    study: Study,
    scope: Scope,
    horizon: Horizon,
    should_stop: Callable[[], bool] | None = None,
) -> Backtest:
    """The back-test of one horizon as of the scope's day. Raises `Stopped` when it should stop."""
    return backtest(
        study.events,
        day=to_day(scope.as_of),
        horizon=horizon,
        currency=study.currency,
        study=study,
        should_stop=should_stop,
    )


def build(
    scope: Scope,
    tests: Sequence[Backtest],
    only: str | None = None,
    *,
    is_claimed: bool = True,
    several: bool | None = None,
) -> Report:
    """The report of back-tests already made; of one method, or of all.

    No mean is given where no accuracy may be claimed, as of deals that were chosen by what came later.
    `several`: whether each row names its currency, as it does where the tests are of several.
    """
    if several is None:
        several = len({test.currency for test in tests}) > 1
    rows: list[tuple[Cell, ...]] = []
    for test in tests:
        lead = (test.currency,) if several else ()
        for each in test.summaries:
            is_twin = each.method == "hazard" and each.mean == test.of("deals").mean
            if each.n and only in (None, each.method) and not is_twin:
                named = (HORIZONS[test.horizon], METHODS[each.method])
                rows.append(
                    (*lead, *named, *_cells(each, is_claimed=is_claimed and test.is_claimed))
                )
    return Report(
        name="accuracy",
        title="Accuracy had",
        **asked(replace(scope, period=ALWAYS)),
        columns=(*_lead(several), *_COLUMNS),
        rows=tuple(rows),
        totals={},
        n=sum(test.of().n for test in tests),
        method=METHOD,
        warnings=(*(() if is_claimed else (UNCLAIMED,)), *_warnings(tests, several=several)),
    )


_COLUMNS = (
    Column("horizon", "Horizon", "text"),
    Column("method", "Method", "text"),
    Column("origins", "Times", "count"),
    Column("mean", "Mean", "ratio"),
    Column("median", "Median", "ratio"),
    Column("worst", "Worst", "ratio"),
    Column("good", "90 % or more", "ratio", is_extra=True),
    Column("coverage", "In range", "ratio"),
    Column("width", "Range width", "ratio", is_extra=True),
    Column("ceiling", "At best", "ratio", is_extra=True),
)


def _lead(several: bool) -> tuple[Column, ...]:
    return (Column("currency", "Currency", "text"),) if several else ()


def _cells(each: Summary, *, is_claimed: bool) -> tuple[Cell, ...]:
    """A mean of few wins says nothing, so that neither it nor the worst is given."""
    mean, worst = (each.mean, each.worst) if is_claimed else (None, None)
    return (
        each.n, mean, each.median, worst, each.good, each.coverage, each.width, each.ceiling,
    )  # fmt: skip


def is_luck(mean: float, best: float) -> bool:
    """Whether a mean accuracy is above the one that chance allows, in whole percents."""
    return round(100 * mean) > round(100 * best)


def lucky(about: str, mean: float, best: float) -> str:
    """That it was luck, of what it is said."""
    return (
        f"{about}: such forecasts had {100 * mean:.0f} % where chance alone allowed {100 * best:.0f} % "
        "at best: luck, which need not last."
    )


def _warnings(tests: Sequence[Backtest], *, several: bool) -> Iterator[str]:
    for test in tests:
        head = f"{test.currency}, " if several else ""
        yield from (f"{head}{HORIZONS[test.horizon]}: {text}" for text in test.warnings)
        own = test.of()
        if test.is_claimed and own.mean and own.ceiling and is_luck(own.mean, own.ceiling):
            yield lucky(f"{head}{HORIZONS[test.horizon]}", own.mean, own.ceiling)


def replayed(
    reader: Reader, scope: Scope, by: str | None = None, method: str | None = None
) -> Report:
    """Every past forecast of every method, or of one, with its range and what came."""
    _refuse(scope, by)
    scope, only = _narrowed(scope, method)
    studies = studies_in(reader, scope)
    tests = [tested(study, scope, horizon) for study in studies for horizon in HORIZONS]
    several = len(studies) > 1
    rows: list[tuple[Cell, ...]] = []
    for test in tests:
        lead = (test.currency,) if several else ()
        for each in test.origins:
            if only not in (None, each.method):
                continue
            rows.append(
                (
                    *lead, HORIZONS[test.horizon], from_day(each.day), from_day(each.first),
                    from_day(each.last), METHODS[each.method],
                    _money(each.forecast, test), _money(each.low, test), _money(each.high, test),
                    _money(each.actual, test), each.accuracy, "no" if each.is_cold else "yes",
                )
            )  # fmt: skip
    return Report(
        name="backtest",
        title="Forecasts made again",
        **asked(scope),
        columns=(*_lead(several), *_ORIGINS),
        rows=tuple(rows),
        totals={},
        n=sum(len(test.origins) for test in tests),
        method=METHOD,
        warnings=tuple(_warnings(tests, several=several)),
    )


_ORIGINS = (
    Column("horizon", "Horizon", "text"),
    Column("origin", "Made on", "day"),
    Column("from", "From", "day"),
    Column("to", "To", "day"),
    Column("method", "Method", "text"),
    Column("forecast", "Forecast", "money"),
    Column("low", "Low", "money"),
    Column("high", "High", "money"),
    Column("actual", "Actual", "money"),
    Column("accuracy", "Accuracy", "ratio"),
    Column("counts", "Counts", "text"),
)


def _money(minor: float | None, test: Backtest) -> Money | None:
    return None if minor is None else Money(round(minor), test.currency)


def _refuse(scope: Scope, by: str | None) -> None:
    if not scope.is_always:
        raise Refused(
            f"Accuracy is that of all past forecasts, not of {inert(scope.period.label)} alone: --as-of says "
            "until when."
        )
    if by is not None:
        raise Refused(f"Accuracy cannot be given by '{inert(by)[:30]}'.")
