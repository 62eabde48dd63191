"""Which chart the command draws above a report's table."""

from __future__ import annotations

from salestui.analytics.rendering.charts import ColumnChart, FunnelChart
from salestui.analytics.rendering.waterfall_chart import WaterfallChart
from salestui.analytics.report import Report

Chart = FunnelChart | ColumnChart | WaterfallChart


def chart_of(report: Report, width: int) -> Chart | None:
    """The chart of the report, if it has one."""
    first = report.columns[0].key if report.columns else ""
    if report.name == "funnel" and any(column.key == "of_first" for column in report.columns):
        return FunnelChart(report, width)
    if report.name == "waterfall":
        return WaterfallChart(report, width) if first == "step" else None
    if first not in ("week", "month", "quarter", "year"):
        return None
    if report.name == "win-rate":
        sums = [c.key for c in report.columns if c.key.startswith("won_sum")]
        return ColumnChart(report, width, measure=sums[0] if len(sums) == 1 else "won")
    return ColumnChart(report, width, measure="count") if report.name == "activity" else None
