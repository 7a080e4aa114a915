"""Stand-ins for dbt's own names, with which sqlfluff renders our models without dbt and a warehouse."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from types import SimpleNamespace

import jinja2
from jinja2.runtime import Context

# As the DuckDB adapter names them.
TYPES = {
    "type_string": "text",
    "type_timestamp": "timestamp",
    "type_int": "integer",
    "type_bigint": "bigint",
    "type_numeric": "decimal(28, 6)",
    "type_float": "float",
    "type_boolean": "boolean",
}

# Macros on nearly every column, whose long form would make parsing, not linting, take most of the time.
SHORT_FORMS = {"clean_text": "trim"}

# Macros of dbt that are a query of their own.
QUERIES = {"date_spine": "select date_day from date_spine"}


class Adapter:
    """An adapter without a warehouse: it dispatches to the default macros, as DuckDB's does."""

    @staticmethod
    @jinja2.pass_context
    def dispatch(context: Context, name: str, namespace: str | None = None) -> Callable[..., str]:
        """Choose the macro that dbt would choose for DuckDB."""
        if name in SHORT_FORMS:
            return call_of(SHORT_FORMS[name])
        for prefix in ("duckdb__", "default__"):
            macro = context.resolve(prefix + name)
            if not isinstance(macro, jinja2.Undefined):
                return macro
        raise jinja2.UndefinedError(f"there is no default__{name} to dispatch to")

    @staticmethod
    def quote(name: str) -> str:
        """Put the name in double quotes."""
        return f'"{name}"'


class DbtMacros:
    """dbt's own macros in a form that parses: a type is DuckDB's, anything else a call of a function."""

    def __getattr__(self, name: str) -> Callable[..., str]:
        """Make a function that renders the macro of this name."""
        if name in TYPES:
            return lambda: TYPES[name]
        if name == "concat":
            return " || ".join
        if name in QUERIES:
            return lambda *arguments, **named: QUERIES[name]
        return call_of(name)


def call_of(name: str) -> Callable[..., str]:
    """Make a function that renders a call of the SQL function ``name``."""
    return lambda *arguments, **named: f"{name}({', '.join(map(str, [*arguments, *named.values()]))})"


def env_var(name: str, default: str = "") -> str:
    """Answer with the default, so that linting does not depend on the environment."""
    return default


def raise_compiler_error(message: str) -> None:
    """Stop rendering, as dbt would."""
    raise jinja2.TemplateError(message)


adapter = Adapter()
dbt = DbtMacros()
exceptions = SimpleNamespace(raise_compiler_error=raise_compiler_error)
execute = False
invocation_id = "00000000-0000-0000-0000-000000000000"
modules = SimpleNamespace(datetime=datetime, pytz=SimpleNamespace(utc=datetime.UTC))
run_started_at = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)
target = SimpleNamespace(name="duckdb", type="duckdb", schema="main")
