"""The demo team: a believable store to try things in, made up by seed and day."""
