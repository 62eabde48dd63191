"""The commands. Thin: parse, call, print. Nothing heavy is imported before a command runs.

`commands.py` lists every command and the module it comes from; `boundary.py` runs one and turns
whatever goes wrong into one line and an exit code; `opening.py` is how a command gets the store.
"""
