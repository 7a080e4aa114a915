"""`python -m metrics`: answers the query in QUERY, or lists the metrics if there is none; reads MARTS_PATH.

QUERY="--metrics revenue --group-by metric_time__month,channel" python -m metrics
"""

import argparse
import os
import shlex
import sys
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from metrics.definitions import definitions
from metrics.errors import MetricsError
from metrics.query import How, query, sql
from printable import escaped, escaped_lines


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the result; return 0, 1 with a message on stderr, or 2 if the query cannot be parsed."""
    parser = _parser()
    try:
        typed = shlex.split(os.environ.get("QUERY", "")) if arguments is None else arguments
    except ValueError as error:
        parser.error(f"QUERY cannot be read: {error}")
    options = parser.parse_args(_joined(typed))
    how = How(
        group_by=_names(options.group_by),
        where=options.where,
        order_by=_names(options.order_by) or _names(options.group_by),
        limit=options.limit,
        start=options.start,
        end=options.end,
    )
    metrics = _names(options.metrics)
    try:
        if not metrics:
            lines = _listed()
        elif options.sql:
            lines = iter([sql(metrics, **how)])
        else:
            lines = _table([*_names(options.group_by), *metrics], query(metrics, **how))
        print("\n".join(lines))
    except MetricsError as error:
        print(escaped_lines(str(error)), file=sys.stderr)
        return 1
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="make metrics QUERY=...", description="Metrics of the published marts.", allow_abbrev=False
    )
    parser.add_argument(
        "--metrics", default="", help="their names, with commas between; none lists all metrics"
    )
    parser.add_argument("--group-by", default="", help="such as metric_time__month,channel")
    parser.add_argument(
        "--where", action="append", default=[], help="such as \"{{ Dimension('channel__is_owned') }}\""
    )
    parser.add_argument(
        "--order-by",
        default="",
        help="names of columns; -revenue for the largest first; by default in the order of the groups",
    )
    parser.add_argument("--limit", type=int, help="how many rows")
    parser.add_argument(
        "--start", type=datetime.fromisoformat, help="first day of metric_time, as 2026-01-31"
    )
    parser.add_argument("--end", type=datetime.fromisoformat, help="last day of metric_time")
    parser.add_argument("--sql", action="store_true", help="print the SQL without running it")
    return parser


def _joined(words: Sequence[str]) -> list[str]:
    """Write `--order-by -revenue` as one word, because argparse takes `-revenue` for an option."""
    joined: list[str] = []
    for word in words:
        if joined and joined[-1] == "--order-by":
            joined[-1] += f"={word}"
        else:
            joined.append(word)
    return joined


def _names(text: str) -> list[str]:
    return [name.strip() for name in text.split(",") if name.strip()]


def _listed() -> Iterator[str]:
    return _table(
        ["metric", "meaning"],
        [{"metric": name, "meaning": metric.description} for name, metric in definitions().items()],
    )


def _table(columns: Sequence[str], rows: Sequence[dict[str, Any]]) -> Iterator[str]:
    texts = [[_text(row[column]) for column in columns] for row in rows]
    widths = [max(map(len, column)) for column in zip(columns, *texts, strict=True)]
    for line in [columns, ["-" * width for width in widths], *texts]:
        yield "  ".join(text.ljust(width) for text, width in zip(line, widths, strict=True)).rstrip()


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, float):
        return f"{value:.4f}"
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d}"
    return escaped(value)


if __name__ == "__main__":
    sys.exit(main())
