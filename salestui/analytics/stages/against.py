"""What the stages of a period can be compared with."""

SAME_MONTHS = "same-months"
AGAINST = ("reference", SAME_MONTHS, "template", "last-period", "last-year")
