"""The data dictionary: every published table, column and metric in words, as one HTML page and one Markdown file."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from html import escape
from itertools import groupby
from pathlib import Path

from publishing import restatements
from publishing.catalog import Mart, MartColumn
from publishing.metric_definitions import MetricDefinition
from publishing.samples import Samples
from publishing.shelf import sync
from publishing.writer import PUBLICATION_COLUMNS, PublicationRow

_TREATED = {"mask": "masked", "hash": "hashed", "drop": "left out"}
_STYLE, _SCRIPT = (Path(__file__).with_suffix(suffix) for suffix in (".css", ".js"))

# The table `publication` in the form of a mart, so that it is documented like one.
_PUBLICATION = Mart(
    name="publication",
    domain="about",
    description="One row: what this file is and how complete.",
    columns=tuple(
        MartColumn(name=name, data_type=data_type, description=description, pii=None)
        for name, (data_type, description) in PUBLICATION_COLUMNS.items()
    ),
)
# The ledger of restatements, likewise.
_RESTATEMENTS = Mart(
    name=restatements.TABLE,
    domain="about",
    description=restatements.DESCRIPTION,
    columns=tuple(
        MartColumn(name=name, data_type=data_type, description=description, pii=None)
        for name, (data_type, description) in restatements.COLUMNS.items()
    ),
)


@dataclass(frozen=True)
class Dictionary:
    """Content of the dictionary of the version `row`; `samples` are by table and column."""

    marts: Sequence[Mart]
    row: PublicationRow
    metrics: Sequence[MetricDefinition] = ()
    samples: Samples = field(default_factory=dict)

    @property
    def documented(self) -> list[Mart]:
        """The marts by domain and name, the ledger of restatements, and the table `publication`."""
        return [*sorted(self.marts, key=lambda mart: (mart.domain, mart.name)), _RESTATEMENTS, _PUBLICATION]

    def metrics_of(self, mart: Mart) -> list[MetricDefinition]:
        """Return the metrics that come from a mart."""
        return [metric for metric in self.metrics if mart.name in metric.marts]

    def sample(self, mart: Mart, column: MartColumn) -> str:
        """Return sample values of the column; empty if there are none."""
        return self.samples.get(mart.name, {}).get(column.name, "")


def write_dictionaries(dictionary: Dictionary, *, html: Path, markdown: Path) -> None:
    """Write both forms of the dictionary."""
    html.write_text("\n".join(_html(dictionary)) + "\n", encoding="utf-8")
    markdown.write_text("\n".join(_markdown(dictionary)) + "\n", encoding="utf-8")
    sync(html)
    sync(markdown)


def _html(dictionary: Dictionary) -> Iterator[str]:
    yield "<!doctype html>"
    yield '<html lang="en">'
    yield '<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">'
    yield f"<title>Data dictionary</title><style>\n{_STYLE.read_text(encoding='utf-8')}</style></head>"
    yield "<body>"
    yield from _html_contents(dictionary)
    yield f"<main><h1>Data dictionary</h1><p>{_prose(_about(dictionary.row))}</p>"
    yield '<p id="found" class="quiet" role="status"></p>'
    if dictionary.metrics:
        yield from _html_metrics(dictionary.metrics)
    for mart in dictionary.documented:
        yield from _html_table(mart, dictionary)
    yield f"</main><script>\n{_SCRIPT.read_text(encoding='utf-8')}</script></body></html>"


def _html_contents(dictionary: Dictionary) -> Iterator[str]:
    yield '<nav><input type="search" id="search" placeholder="Search"'
    yield ' aria-label="Search tables, columns and metrics"><details id="contents" open><summary>Contents</summary>'
    if dictionary.metrics:
        yield '<h2>metrics</h2><a href="#metrics">All metrics</a>'
    for domain, marts in groupby(dictionary.documented, key=lambda mart: mart.domain):
        yield f"<h2>{escape(domain)}</h2>"
        for mart in marts:
            yield f'<a href="#{mart.name}"><code>{mart.name}</code></a>'
    yield "</details></nav>"


def _html_table(mart: Mart, dictionary: Dictionary) -> Iterator[str]:
    yield f'<section id="{mart.name}"><h2><code>{mart.name}</code></h2><p>{_prose(mart.description)}</p>'
    yield f'<p class="quiet">{_rows(mart, dictionary.row)}{_html_lineage(mart)}</p>'
    if metrics := dictionary.metrics_of(mart):
        links = ", ".join(f'<a href="#metric-{each.name}">{escape(each.label)}</a>' for each in metrics)
        yield f'<details class="quiet"><summary>{_metric_count(metrics)}</summary>{links}</details>'
    yield "<table><thead><tr><th>Column</th><th>Type</th><th>Meaning</th></tr></thead><tbody>"
    for column in mart.columns:
        note = _treatment(column, dictionary.row)
        mark = f' <span class="pii">{note}</span>' if note else ""
        sample = dictionary.sample(mart, column)
        such_as = f'<div class="sample">{escape(sample)}</div>' if sample else ""
        yield f"<tr><td><code>{column.name}</code></td>"
        yield f'<td class="type"><code>{escape(column.data_type)}</code></td>'
        yield f"<td>{_prose(column.description)}{mark}{such_as}</td></tr>"
    yield "</tbody></table></section>"


def _html_lineage(mart: Mart) -> str:
    links = [f'<a href="#{name}"><code>{name}</code></a>' for name in mart.lineage.marts]
    return _lineage(mart, links, [f"<code>{name}</code>" for name in mart.lineage.lists])


def _html_metrics(metrics: Sequence[MetricDefinition]) -> Iterator[str]:
    yield '<section id="metrics"><h2>Metrics</h2><p>Figures with one definition for dashboards, the command line and '
    yield "Python: <code>make metrics</code> queries them by name.</p>"
    yield "<table><thead><tr><th>Metric</th><th>Meaning</th><th>From</th></tr></thead><tbody>"
    for metric in metrics:
        formula = f'<div class="sample"><code>{escape(metric.formula)}</code></div>' if metric.formula else ""
        marts = ", ".join(f'<a href="#{mart}"><code>{mart}</code></a>' for mart in metric.marts)
        yield f'<tr id="metric-{metric.name}"><td>{escape(metric.label)}<br><code>{metric.name}</code></td>'
        yield f"<td>{_prose(metric.description)}{formula}</td><td>{marts}</td></tr>"
    yield "</tbody></table></section>"


def _markdown(dictionary: Dictionary) -> Iterator[str]:
    yield f"# Data dictionary\n\n{_about(dictionary.row)}\n"
    for mart in dictionary.documented:
        lineage = _lineage(mart, mart.lineage.marts, mart.lineage.lists)
        yield f"## {mart.name}\n\n{mart.description}\n\n{_rows(mart, dictionary.row)}{lineage} Domain: {mart.domain}.\n"
        yield "| column | type | meaning |\n| --- | --- | --- |"
        for column in mart.columns:
            note, sample = _treatment(column, dictionary.row), dictionary.sample(mart, column)
            meaning = f"{column.description}{f' *({note})*' if note else ''}{f' Values: {sample}' if sample else ''}"
            yield f"| `{column.name}` | {column.data_type} | {_cell(meaning)} |"
        yield ""
    if dictionary.metrics:
        yield "## Metrics\n\n| metric | name | meaning | from |\n| --- | --- | --- | --- |"
        for metric in dictionary.metrics:
            meaning = f"{metric.description}{f' `{metric.formula}`' if metric.formula else ''}"
            yield f"| {_cell(metric.label)} | `{metric.name}` | {_cell(meaning)} | {', '.join(metric.marts)} |"


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")


def _about(row: PublicationRow) -> str:
    failed = [source for source, status in row.sources.items() if status == "failed"]
    complete = f"incomplete ({', '.join(failed)} failed)" if failed else "complete"
    return (
        f"Version {row.version}, built with the clock at {row.run_at:%Y-%m-%d %H:%M %Z}; sources {complete}. "
        "All tables are in the schema `main`; `fct_orders` and `marts.fct_orders` both find one. "
        "Instants are UTC, shares and rates are fractions. Values below a meaning are examples that many rows have; "
        "of numbers, the range of four rows in five."
    )


def _lineage(mart: Mart, marts: Sequence[str], lists: Sequence[str]) -> str:
    """Return a sentence about each kind of input of the mart."""
    sentences = [("Made from", mart.lineage.sources), ("Uses the tables", marts), ("Uses the lists", lists)]
    return "".join(f" {begin} {_listed(names)}." for begin, names in sentences if names)


def _listed(names: Sequence[str]) -> str:
    return " and ".join(part for part in (", ".join(names[:-1]), names[-1]) if part)


def _prose(text: str) -> str:
    """Return Markdown's plain text as HTML, with text between backticks as code."""
    return re.sub(r"`([^`]+)`", r"<code>\1</code>", escape(text))


def _rows(mart: Mart, row: PublicationRow) -> str:
    count = row.row_counts.get(mart.name, 1)
    return f"{count:,} row{'' if count == 1 else 's'}."


def _metric_count(metrics: Sequence[MetricDefinition]) -> str:
    return f"{len(metrics)} metric{'' if len(metrics) == 1 else 's'}"


def _treatment(column: MartColumn, row: PublicationRow) -> str:
    if column.pii is None:
        return ""
    return "personal data" if row.has_personal_data else f"personal data, {_TREATED[column.pii]}"
