"""The tables of daily work: none of them refers to a table that is not imported with them.

Every write has these; quotas, costs and meetings (`models/plans.py`) are imported by those who ask.
"""

from salestui.models import activities, clients, deals, people, process, records

__all__ = ["activities", "clients", "deals", "people", "process", "records"]
