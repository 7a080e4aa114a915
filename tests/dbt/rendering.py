"""Renders the dbt project's SQL without a run, for any engine, in dbt's own Jinja environment."""

import csv
import re
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import jinja2
import yaml
from dbt_common.clients.jinja import get_environment
from dbt_common.exceptions.macros import MacroReturn

from tests.laws.repository import ROOT

PROJECT = ROOT / "dbt_project"
# dbt renames every macro so; templates still call it by its own name.
MACRO_PREFIX = "dbt_macro__"
RUN_STARTED_AT = datetime(2026, 1, 1, tzinfo=UTC)


class Engine:
    """The project's macros for one adapter: its own variant if there is one, else the default."""

    def __init__(
        self,
        prefix: str,
        dbt_macros: SimpleNamespace,
        quote: Callable[[str], str],
        environment: Mapping[str, str] | None = None,
        is_incremental: bool = False,
        of_run: Mapping[str, Any] | None = None,
        replaced: Mapping[str, Callable[..., Any]] | None = None,
    ) -> None:
        """Load every file of macros and of generic tests (``test_<name>``).

        ``dbt_macros`` stands for dbt's own cross-database macros, ``of_run`` for names that dbt has only in a run;
        ``replaced`` takes the place of macros that need one.
        """
        variables = environment or {}
        self._prefix = prefix
        self._environment: jinja2.Environment = get_environment()
        self._names: dict[str, Any] = {
            "adapter": SimpleNamespace(dispatch=self._dispatch, quote=quote),
            "config": lambda **settings: "",
            "dbt": dbt_macros,
            "env_var": variables.get,
            "exceptions": SimpleNamespace(raise_compiler_error=_stop),
            # Environment variables are read while dbt executes, not while it parses.
            "execute": environment is not None,
            "invocation_id": "00000000-0000-0000-0000-000000000000",
            "is_incremental": lambda: is_incremental,
            "modules": SimpleNamespace(
                datetime=SimpleNamespace(datetime=datetime, date=date), pytz=SimpleNamespace(utc=UTC), re=re
            ),
            "ref": lambda name: name,
            "return": _return,
            "run_started_at": RUN_STARTED_AT,
            "source": lambda source, table: f"{source}.{table}",
            "this": "this_model",
            "var": yaml.safe_load((PROJECT / "dbt_project.yml").read_text(encoding="utf-8"))["vars"].get,
            "zip": zip,
            **(of_run or {}),
        }
        for file in sorted(
            [*(PROJECT / "macros").rglob("*.sql"), *(PROJECT / "tests" / "generic").glob("*.sql")]
        ):
            self._load(file)
        self._names.update(replaced or {})

    def call(self, macro: str, *arguments: Any, **named: Any) -> str:
        """The SQL of one macro."""
        return str(self._names[macro](*arguments, **named)).strip()

    def render(self, file: Path) -> str:
        """The SQL of one model."""
        template = self._environment.from_string(file.read_text(encoding="utf-8"))
        return template.render(self._names)

    def _load(self, file: Path) -> None:
        # A macro finds the others when it is called, so a module shares the one dictionary of names.
        module = self._environment.from_string(file.read_text(encoding="utf-8"), globals=self._names).module
        for name in vars(module):
            if name.startswith(MACRO_PREFIX):
                self._names[name.removeprefix(MACRO_PREFIX)] = _returning(getattr(module, name))

    def _dispatch(self, name: str, package: str | None = None) -> Callable[..., Any]:
        specific: Callable[..., Any] = (
            self._names.get(f"{self._prefix}__{name}") or self._names[f"default__{name}"]
        )
        return specific


def seed_rows(seed: str, columns: list[str], where: str = "") -> list[list[str]]:
    """Stand in for the macro of this name: these columns of all rows of a seed, from its file."""
    with (PROJECT / "seeds" / f"{seed}.csv").open(encoding="utf-8", newline="") as file:
        return [[row[column] for column in columns] for row in csv.DictReader(file)]


def _returning(macro: Callable[..., Any]) -> Callable[..., Any]:
    def call(*arguments: Any, **named: Any) -> Any:
        try:
            return macro(*arguments, **named)
        except MacroReturn as returned:
            return returned.value

    return call


def _return(value: Any) -> None:
    raise MacroReturn(value)


def _stop(message: str) -> None:
    raise ValueError(message)
