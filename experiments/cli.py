"""The command `behaviours`."""

import argparse
from importlib.metadata import version


def main() -> int:
    """Answer `--version` and `--help`; `warm` has nothing to compile yet."""
    parser = argparse.ArgumentParser(prog="behaviours")
    parser.add_argument("--version", action="version", version=version("system-behaviours"))
    parser.add_subparsers(required=True).add_parser("warm", help="compile the model once")
    parser.parse_args()
    return 0
