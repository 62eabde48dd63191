"""Reports: facts (plain SQL) -> pure functions -> `Report` -> table, chart, JSON, CSV.

`salestui report` and the Funnel screen show the same numbers because each has one definition here.
Only `tables.py` and `charts.py` know Rich.
"""
