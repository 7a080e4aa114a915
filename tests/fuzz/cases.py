"""The number of generated cases: a few fixed ones in tests; ``make fuzz`` runs many new ones."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, Phase, settings

from ingestion.errors import SourceError
from ingestion.sources import load
from tests.ingestion.place import Place

ASKED_FOR = os.environ.get("FUZZ_CASES")
FUZZ = settings(
    max_examples=int(ASKED_FOR or 3),
    derandomize=ASKED_FOR is None,
    database=None,
    deadline=None,
    # A case loads twice; to make a failing one smaller would take many minutes.
    phases=(Phase.generate,),
    print_blob=True,
    suppress_health_check=[
        HealthCheck.function_scoped_fixture,
        HealthCheck.too_slow,
        HealthCheck.data_too_large,
        HealthCheck.large_base_example,
    ],
)


@contextmanager
def fresh(place: Place, empty_warehouse: Path, patch: pytest.MonkeyPatch) -> Iterator[Place]:
    """Give each case a place of its own, below the test's."""
    with TemporaryDirectory(dir=place.folder) as folder, patch.context() as settings_of_case:
        one = Place(Path(folder))
        one.warehouse.write_bytes(empty_warehouse.read_bytes())
        settings_of_case.setenv("WAREHOUSE_PATH", str(one.warehouse))
        settings_of_case.setenv("SOURCES__STORE__CREDENTIALS", f"sqlite:///{one.store}")
        for source in ("web", "marketing"):
            one.landing(source).mkdir(parents=True)
            settings_of_case.setenv(f"SOURCES__{source.upper()}__BUCKET_URL", str(one.landing(source)))
        yield one


def complaint_of(source: str) -> str:
    """Load a source; return its error, empty if there is none."""
    try:
        load(source)
    except SourceError as error:
        return str(error)
    return ""
