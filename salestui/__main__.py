"""The `salestui` command, also `python -m salestui`."""

import sys


def main() -> int:
    """Run the command line and return its exit code: 0 done, 1 unexpected, 2 refused or bad usage."""
    if sys.argv[1:] in (["--version"], ["-V"]):  # before any import: shells and scripts ask often
        from salestui import __version__

        sys.stdout.write(f"salestui {__version__}\n")
        return 0
    from salestui.cli.boundary import run

    return run(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
