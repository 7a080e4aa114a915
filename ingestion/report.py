"""What one load of one source did, in numbers and one sentence."""

from dataclasses import dataclass, field
from typing import Literal

Status = Literal["loaded", "not_configured", "failed"]


@dataclass(frozen=True)
class TableCounts:
    """Records of one raw table; ``read == loaded + duplicate + rejected``."""

    read: int = 0
    loaded: int = 0
    duplicate: int = 0
    rejected: int = 0

    def __add__(self, other: "TableCounts") -> "TableCounts":
        return TableCounts(
            self.read + other.read,
            self.loaded + other.loaded,
            self.duplicate + other.duplicate,
            self.rejected + other.rejected,
        )


@dataclass(frozen=True)
class LoadReport:
    """The outcome of ``load``; ``seconds`` is wall time, ``message`` says what the numbers do not."""

    source: str
    status: Status
    message: str
    tables: dict[str, TableCounts] = field(default_factory=dict)
    seconds: float = 0.0

    def __str__(self) -> str:
        lines = [f"{self.source}: {self.status.replace('_', ' ')} in {self.seconds:.1f} s. {self.message}"]
        for table, counts in self.tables.items():
            lines.append(
                f"  {table:<30} read {counts.read:>9,}  loaded {counts.loaded:>9,}"
                f"  duplicate {counts.duplicate:>9,}  rejected {counts.rejected:>7,}"
            )
        return "\n".join(lines)
