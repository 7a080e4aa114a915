"""The suites, read from the files next to this one: `raw/*.yml` and `marts/*.yml`."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from expectations.errors import SuiteError
from expectations.rules import Rule, read_rules
from expectations.verdict import SEVERITIES

LAYERS = ("raw", "marts")
_FOLDER = Path(__file__).parent
_WORDS = {"tables", "grain", "key", *SEVERITIES}


@dataclass(frozen=True)
class Suite:
    """The expectations on a table. `key` has columns that identify a row without identifying a person."""

    layer: str
    table: str
    grain: str
    key: tuple[str, ...]
    rules: tuple[Rule, ...]

    @property
    def name(self) -> str:
        """Schema and table."""
        return f"{self.layer}.{self.table}"


def suites_of(layer: str) -> tuple[Suite, ...]:
    """Return the suites of a layer, by table."""
    return tuple(suite for suite in all_suites() if suite.layer == layer)


def suite_for(table: str) -> Suite:
    """Return the suite of `<schema>.<table>`. Raises SuiteError if there is none."""
    for suite in all_suites():
        if suite.name == table:
            return suite
    raise SuiteError(f"There is no suite for {table}.")


@cache
def all_suites() -> tuple[Suite, ...]:
    """Return every suite, raw tables first. Raises SuiteError if a file is not a suite."""
    return tuple(suite for layer in LAYERS for suite in read_layer(_FOLDER / layer, layer))


def read_layer(folder: Path, layer: str) -> tuple[Suite, ...]:
    """Read the suites of a folder, by table."""
    suites: dict[str, Suite] = {}
    for file in sorted(folder.glob("*.yml")):
        try:
            content = yaml.safe_load(file.read_text(encoding="utf-8"))
            for suite in _read(content, layer):
                if suite.table in suites:
                    raise SuiteError(f"{suite.table} has a suite already")
                suites[suite.table] = suite
        except (SuiteError, TypeError, ValueError, yaml.YAMLError) as error:
            raise SuiteError(f"{layer}/{file.name}: {error}") from error
    return tuple(suites[table] for table in sorted(suites))


def _read(content: Any, layer: str) -> list[Suite]:
    if not isinstance(content, Mapping):
        raise SuiteError("a suite is a mapping")
    if unknown := set(content) - _WORDS:
        raise SuiteError(f"{', '.join(sorted(unknown))}: not a word of a suite ({', '.join(sorted(_WORDS))})")
    if missing := {"tables", "grain", "key"} - set(content):
        raise SuiteError(f"{', '.join(sorted(missing))} must be given")
    rules = tuple(
        rule
        for severity in SEVERITIES
        for entry in content.get(severity, [])
        for rule in read_rules(severity, entry)
    )
    return [
        Suite(layer, table, " ".join(content["grain"].split()), tuple(content["key"]), rules)
        for table in content["tables"]
    ]
