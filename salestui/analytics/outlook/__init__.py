"""What is coming: the reports of forecasts, leads, open deals and calls."""
