"""How reports are shown: as tables, as charts, as pages; in words."""
