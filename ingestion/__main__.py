"""Loads one source and prints what it did: ``python -m ingestion web``."""

import argparse
import logging
import sys

from ingestion.errors import SourceError
from ingestion.sources import SOURCES, load
from printable import escaped_output
from security.private import keep_files_private


def main(source_name: str) -> None:
    """Load a source and print its report; exits with 1 if the source is broken."""
    keep_files_private()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s", datefmt="%H:%M:%S")
    with escaped_output():
        try:
            print(load(source_name))
        except SourceError as error:
            print(error.report or error)
            sys.exit(1)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m ingestion", description=__doc__)
    parser.add_argument("source", choices=SOURCES)
    main(parser.parse_args().source)
