"""How deals go through the stages, and what of it differs from the reference."""
