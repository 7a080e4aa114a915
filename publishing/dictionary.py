"""The data dictionary: every published table and column in words, as one HTML page and one Markdown file."""

import re
from collections.abc import Iterator, Sequence
from html import escape
from pathlib import Path

from publishing.catalog import Mart, MartColumn
from publishing.writer import PUBLICATION_COLUMNS, PublicationRow, sync

_TREATED = {"mask": "masked", "hash": "hashed", "drop": "left out"}
_STYLE = Path(__file__).with_suffix(".css")

# What the table `publication` is, in the form of a mart, so that it is documented like one.
_PUBLICATION = Mart(
    name="publication",
    domain="about",
    description="One row: what this file is and how complete.",
    columns=tuple(
        MartColumn(name=name, data_type=data_type, description=description, pii=None)
        for name, (data_type, description) in PUBLICATION_COLUMNS.items()
    ),
    built_from=(),
)


def write_dictionaries(marts: Sequence[Mart], row: PublicationRow, *, html: Path, markdown: Path) -> None:
    """Write both forms of the dictionary of `marts`, as published in the version `row`."""
    documented = [*sorted(marts, key=lambda mart: (mart.domain, mart.name)), _PUBLICATION]
    html.write_text("\n".join(_html(documented, row)) + "\n", encoding="utf-8")
    markdown.write_text("\n".join(_markdown(documented, row)) + "\n", encoding="utf-8")
    sync(html)
    sync(markdown)


def _html(marts: Sequence[Mart], row: PublicationRow) -> Iterator[str]:
    yield "<!doctype html>"
    yield '<html lang="en">'
    yield '<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">'
    yield f"<title>Data dictionary</title><style>\n{_STYLE.read_text(encoding='utf-8')}</style></head>"
    yield "<body>"
    yield from _html_contents(marts)
    yield f"<main><h1>Data dictionary</h1><p>{_prose(_about(row))}</p>"
    for mart in marts:
        yield from _html_table(mart, marts, row)
    yield "</main></body></html>"


def _html_contents(marts: Sequence[Mart]) -> Iterator[str]:
    yield "<nav><strong>Marts</strong>"
    for domain in dict.fromkeys(mart.domain for mart in marts):
        yield f"<h2>{escape(domain)}</h2>"
        for mart in marts:
            if mart.domain == domain:
                yield f'<a href="#{mart.name}"><code>{mart.name}</code></a>'
    yield "</nav>"


def _html_table(mart: Mart, marts: Sequence[Mart], row: PublicationRow) -> Iterator[str]:
    yield f'<section id="{mart.name}"><h2><code>{mart.name}</code></h2><p>{_prose(mart.description)}</p>'
    yield f'<p class="quiet">{_rows(mart, row)}{_lineage(mart, marts)}</p>'
    yield "<table><thead><tr><th>Column</th><th>Type</th><th>Meaning</th></tr></thead><tbody>"
    for column in mart.columns:
        note = _treatment(column, row)
        mark = f' <span class="pii">{note}</span>' if note else ""
        yield f"<tr><td><code>{column.name}</code></td>"
        yield f'<td class="type"><code>{escape(column.data_type)}</code></td>'
        yield f"<td>{_prose(column.description)}{mark}</td></tr>"
    yield "</tbody></table></section>"


def _lineage(mart: Mart, marts: Sequence[Mart]) -> str:
    if not mart.built_from:
        return ""
    published = {other.name for other in marts}
    names = (
        f'<a href="#{name}"><code>{name}</code></a>' if name in published else f"<code>{name}</code>"
        for name in mart.built_from
    )
    return f" Built from {', '.join(names)}."


def _markdown(marts: Sequence[Mart], row: PublicationRow) -> Iterator[str]:
    yield f"# Data dictionary\n\n{_about(row)}\n"
    for mart in marts:
        yield f"## {mart.name}\n\n{mart.description}\n\n{_rows(mart, row)} Domain: {mart.domain}.\n"
        yield "| column | type | meaning |\n| --- | --- | --- |"
        for column in mart.columns:
            note = _treatment(column, row)
            meaning = " ".join(column.description.split()).replace("|", "\\|")
            yield f"| `{column.name}` | {column.data_type} | {meaning}{f' *({note})*' if note else ''} |"
        yield ""


def _about(row: PublicationRow) -> str:
    failed = [source for source, status in row.sources.items() if status == "failed"]
    complete = f"incomplete ({', '.join(failed)} failed)" if failed else "complete"
    return (
        f"Version {row.version}, built with the clock at {row.run_at:%Y-%m-%d %H:%M %Z}; sources {complete}. "
        "All tables are in the schema `main`; `fct_orders` and `marts.fct_orders` both find one. "
        "Instants are UTC, shares and rates are fractions."
    )


def _prose(text: str) -> str:
    """Return Markdown's plain text as HTML, what stands between backticks as code."""
    return re.sub(r"`([^`]+)`", r"<code>\1</code>", escape(text))


def _rows(mart: Mart, row: PublicationRow) -> str:
    count = row.row_counts.get(mart.name, 1)
    return f"{count:,} row{'' if count == 1 else 's'}."


def _treatment(column: MartColumn, row: PublicationRow) -> str:
    if column.pii is None:
        return ""
    return "personal data" if row.has_personal_data else f"personal data, {_TREATED[column.pii]}"
