"""What is open: what stands still, slips, comes and goes, and how much of it is needed."""
