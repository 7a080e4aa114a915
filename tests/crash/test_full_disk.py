"""A full disk stops a load with a clear message; the next load, with room again, ends with the same result."""

import sys

import pytest

from ingestion.sources import load
from tests.crash.killed import killed_at
from tests.ingestion.place import Place, lines, message

MANY = 2_000
# With the least, dlt cannot note what it is about to do; with the most, only the warehouse cannot grow.
LIMITS = (pytest.param(20_000, marks=pytest.mark.slow), 400_000)
LIMITED = "import resource, sys; resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[1]),) * 2);"
LIMITED += "from ingestion.__main__ import main; main('web')"


@pytest.mark.parametrize("limit", LIMITS)
def test_a_full_disk_is_named_and_survived(place: Place, limit: int) -> None:
    many = [message(f"m{number}", properties={"text": str(number) * 200}) for number in range(MANY)]
    place.land("a.jsonl", lines(*many) + "broken\n")
    done = killed_at([sys.executable, "-c", LIMITED, str(limit)], seconds=120)
    assert done is not None
    assert done.returncode == 1, done.stdout
    assert "web: failed" in done.stdout
    assert "cannot load into" in done.stdout
    load("web")
    assert place.column("SELECT count(DISTINCT message_id) FROM raw.web_events") == [MANY]
    assert place.ask("SELECT records_read, records_loaded, records_rejected FROM raw.load_ledger") == [
        (MANY + 1, MANY, 1)
    ]
    assert place.column("SELECT count(*) FROM raw.web_events") == [MANY]
    assert load("web").tables == {}
