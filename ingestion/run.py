"""One run of one source: its clock, its warehouse, and where it may put things down."""

from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from ingestion.workbench import Workbench


@dataclass(frozen=True)
class Run:
    """What a source needs to know of the run it is part of."""

    source: str
    run_at: datetime
    warehouse: Path
    # What the report should say besides its numbers, in sentences.
    notes: list[str] = field(default_factory=list)

    @property
    def pipelines(self) -> Path:
        """Where dlt keeps its working folders: beside the warehouse, so that no two warehouses share any."""
        return self.warehouse.parent / ".dlt_pipelines" / self.warehouse.name

    def workbench(self) -> Workbench:
        """Open a session whose files lie on the warehouse's disk, where dlt can link them."""
        return Workbench(self.benches, self.warehouse)

    @property
    def benches(self) -> Path:
        """Where the sessions' folders are, those that a killed run left behind among them."""
        return self.pipelines / "work"

    @property
    def clock(self) -> str:
        """The run's clock, as SQL."""
        return f"TIMESTAMP WITH TIME ZONE '{self.run_at.isoformat()}'"
