"""Plan against actual: quotas, bonus, the reps a plan needs, what selling costs."""
