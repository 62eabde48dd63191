"""salestui: the terminal program a sales team works in."""

__version__ = "0.1.0"
