"""The result of a suite: expectations, findings and severity."""

from dataclasses import asdict, dataclass
from typing import Any, Literal, get_args

from printable import escaped

Severity = Literal["critical", "warning", "info"]
SEVERITIES: tuple[Severity, ...] = get_args(Severity)


@dataclass(frozen=True)
class Finding:
    """One expectation's result. `unexpected` counts offending rows; `examples` are keys of some of them."""

    expectation: str
    severity: Severity
    passed: bool
    unexpected: int
    examples: tuple[dict[str, str], ...] = ()
    cause: str = ""

    @property
    def sentence(self) -> str:
        """The problem in one line."""
        if self.cause:
            return escaped(f"{self.expectation}: {self.cause}")
        keys = "; ".join(", ".join(f"{name} {value}" for name, value in row.items()) for row in self.examples)
        count = f"{self.unexpected:,} row{'' if self.unexpected == 1 else 's'}"
        return escaped(f"{self.expectation}: not so for {count}{f' ({keys})' if keys else ''}")


@dataclass(frozen=True)
class Verdict:
    """The result of a suite on a table.

    `passed` if no critical or warning expectation failed; `severity` is the highest that failed, or None;
    `rows` is the size of the table; `url` leads to its page of Data Docs, if there is one.
    """

    table: str
    passed: bool
    severity: Severity | None
    rows: int
    findings: tuple[Finding, ...]
    url: str | None = None

    @property
    def failures(self) -> tuple[Finding, ...]:
        """The failed expectations, the worst first."""
        failed = (finding for finding in self.findings if not finding.passed)
        return tuple(sorted(failed, key=lambda finding: SEVERITIES.index(finding.severity)))

    @property
    def statistics(self) -> dict[str, int]:
        """Numbers of all, fulfilled and failed expectations."""
        failed = len(self.failures)
        return {"expectations": len(self.findings), "held": len(self.findings) - failed, "failed": failed}

    @property
    def summary(self) -> str:
        """The verdict in one or a few lines."""
        if not self.failures:
            return f"All {len(self.findings)} expectations hold on {self.rows:,} rows."
        return "\n".join(f"{finding.severity}: {finding.sentence}" for finding in self.failures)

    def to_json(self) -> dict[str, Any]:
        """Return the verdict as JSON types."""
        return {
            "table": self.table,
            "passed": self.passed,
            "severity": self.severity,
            "rows": self.rows,
            "statistics": self.statistics,
            "url": self.url,
            "findings": [asdict(finding) | {"examples": list(finding.examples)} for finding in self.findings],
        }


def verdict_of(table: str, rows: int, findings: tuple[Finding, ...], url: str | None) -> Verdict:
    """Sum up findings: info never fails a table."""
    failed = [finding.severity for finding in findings if not finding.passed]
    severity = min(failed, key=SEVERITIES.index) if failed else None
    return Verdict(
        table=table,
        passed=severity in (None, "info"),
        severity=severity,
        rows=rows,
        findings=findings,
        url=url,
    )
