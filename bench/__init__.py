"""Speed and memory of salestui, each figure a ratio to a floor measured in the same run."""
