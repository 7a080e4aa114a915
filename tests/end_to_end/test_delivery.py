"""A delivery after the demo is built as a slice, and the warehouse equals a full build by dbt."""

import json
from contextlib import closing
from datetime import UTC
from pathlib import Path
from typing import Any

import duckdb
import pytest

from publishing import publish
from tests.end_to_end.planted_person import SALT
from tests.end_to_end.workplace import REFRESH, REPOSITORY, Ended, State, Workplace

# Also left out by the selector of `--target slice`.
GIVEN = ("int_identity__hubs", "int_identity__hub_suspects", "int_identity__public_devices")
LATER = "2026-10-31T03:00:00Z"
# Who signs in on whose browser merges two customers; the third is somebody new. Some of the demo's other accounts are
# the staff's, or were planted.
SIGN_INS = """
    select anonymous_id, user_id from (
        select user_id, row_number() over (order by user_id) as number
        from (select distinct user_id from raw.web_events where user_id like 'u-%')
    )
    inner join (
        select anonymous_id, row_number() over (order by anonymous_id) as number
        from (
            select anonymous_id from raw.web_events where anonymous_id is not null
            group by anonymous_id having count(user_id) = 0
        )
    ) using (number)
    order by number limit 2
"""


@pytest.fixture(scope="module")
def place(first: State) -> Workplace:
    """The demo, which no test reads after this file."""
    return first.place


@pytest.fixture(scope="module")
def delivered(place: Workplace) -> Ended:
    """The refresh after a file with three sign-ins and an order was landed."""
    with closing(duckdb.connect(str(place.warehouse), read_only=True)) as warehouse:
        pairs = [*warehouse.execute(SIGN_INS).fetchall(), ("a-new-browser", "somebody-new")]
    lines = [
        json.dumps(
            {
                "messageId": f"delivered-{number}",
                "type": "track",
                "event": "Signed In",
                "anonymousId": browser,
                "userId": account,
                "originalTimestamp": "2026-10-30T20:00:00Z",
                "timestamp": "2026-10-30T20:00:00Z",
            }
        )
        for number, (browser, account) in enumerate(pairs)
    ]
    lines += [
        _order(pairs[0][1], "delivered-1", "2026-10-30T20:10:00Z"),
        # On a complete day, and with a new field.
        _order(pairs[2][1], "delivered-2", "2026-10-10T20:10:00Z", gift_note="for Ana"),
    ]
    (place.data / "landing" / "web" / "late.jsonl").write_text("\n".join(lines), encoding="utf-8")
    return place.run(*REFRESH, IDENTITY_SALT=SALT, RUN_AT=LATER)


def _order(account: str, order_id: str, at: str, **properties: str) -> str:
    return json.dumps(
        {
            "messageId": order_id,
            "type": "track",
            "event": "Order Completed",
            "userId": account,
            "originalTimestamp": at,
            "timestamp": at,
            "properties": {"order_id": order_id, "total": 20, "revenue": 20, "currency": "USD", **properties},
        }
    )


def test_it_is_a_slice(place: Workplace, delivered: Ended) -> None:
    assert delivered.status == 0, delivered.output
    assert "Everything is built" not in (place.data / "refresh.log").read_text(encoding="utf-8")
    with closing(duckdb.connect(str(place.warehouse), read_only=True)) as warehouse:
        ((touched, explained, by_records),) = warehouse.execute(
            "select count(*), count(why), count(*) filter (where why not like 'the clock %') from slices.touched"
        ).fetchall()
    assert touched == explained
    # Three sign-ins reach few; were tables of dbt and of the slice compared by position, all.
    assert 0 < by_records <= 12


def test_it_is_published_from_the_version_before(place: Workplace, delivered: Ended) -> None:
    index = json.loads((place.data / "marts_versions" / "versions.json").read_text(encoding="utf-8"))
    before, after = (version["made_from"] for version in index["versions"][-2:])
    # Only from a version of the same build and masking can another be made.
    assert (after["build"], after["masking"]) == (before["build"], before["masking"])
    assert after["merges"] > before["merges"]


def test_every_test_of_dbt_is_recorded(place: Workplace, delivered: Ended) -> None:
    assert "Checks:" in delivered.output
    passed = int(delivered.output.partition("Checks: ")[2].partition(" passed")[0])
    assert passed > 500


def test_the_warehouse_is_what_a_whole_build_makes(place: Workplace, delivered: Ended) -> None:
    verified = place.run("-m", "stewardship.verify", IDENTITY_SALT=SALT)
    assert verified.status == 0, verified.output


def test_what_changed_in_closed_days_is_in_the_ledger(place: Workplace, delivered: Ended) -> None:
    restated = _published(
        place,
        "select measure, cast(value_after - value_before as double), cause from restatements"
        " where mart = 'fct_orders' and date = '2026-10-10' order by measure",
    )
    assert [(measure, more) for measure, more, _ in restated] == [
        ("gross_revenue_reporting", 20.0),
        ("net_revenue_reporting", 20.0),
        ("orders", 1.0),
    ]
    assert all("late_record" in cause for _, _, cause in restated)
    # Two browsers were customers of their own until their people signed in.
    moved = _published(
        place,
        "select cast(sum(value_after - value_before) as integer) from restatements"
        " where mart = 'dim_customers' and measure = 'customers' and cause like 'identity%'",
    )
    assert moved == [(-2,)]


def test_a_field_that_nobody_sent_before_is_drift(place: Workplace, delivered: Ended) -> None:
    found = _published(
        place,
        "select object, drift from mart_schema_drift where field = 'properties.gift_note'",
    )
    assert found == [("Order Completed", "new")]


def test_the_marts_are_what_publishing_everything_makes(
    place: Workplace, delivered: Ended, tmp_path: Path
) -> None:
    published = place.data / "marts.duckdb"
    with closing(duckdb.connect(str(published), read_only=True)) as marts:
        ((run_at, sources, checksum),) = marts.execute(
            "select run_at, sources, content_checksum from publication"
        ).fetchall()
    # A place where nothing is published yet has no version to begin with.
    whole = publish(
        warehouse=place.warehouse,
        marts=tmp_path / "marts.duckdb",
        manifest=place.data / "dbt_plan" / "plan.json",
        run_at=run_at.replace(tzinfo=UTC),
        sources=sources,
        key=SALT,
    )
    assert checksum == whole.content_checksum
    # The ledger of restatements compares earlier versions, which the other place does not have.
    tables = set(whole.row_counts) - {"restatements"}
    with closing(duckdb.connect()) as connection:
        connection.execute(f"attach '{published}' as ours (read_only)")
        connection.execute(f"attach '{whole.marts}' as theirs (read_only)")
        unlike = {
            table
            for table in tables
            for one, other in (("ours", "theirs"), ("theirs", "ours"))
            if connection.execute(
                f"select 1 from (from {one}.{table} except all from {other}.{table}) limit 1"
            ).fetchall()
        }
    assert unlike == set()


def test_a_slice_to_develop_on_is_built_by_dbt(place: Workplace, delivered: Ended) -> None:
    cut = place.run("-m", "slices", SAMPLE="5")
    assert cut.status == 0, cut.output
    file = place.data / "slice.duckdb"
    built = _dbt(place, file, "run", "--select", "+fct_orders", "--exclude", "tag:parameters", *GIVEN)
    assert built.status == 0, built.output
    with closing(duckdb.connect()) as connection:
        connection.execute(f"attach '{file}' as slice (read_only)")
        connection.execute(f"attach '{place.warehouse}' as whole (read_only)")
        unlike = connection.execute("""
            with chosen as (
                select customer_id from whole.marts.dim_customers order by hash(customer_id), customer_id limit 5
            )
            select * from (select * from whole.marts.fct_orders semi join chosen using (customer_id))
            except
            select * from slice.marts.fct_orders
        """).fetchall()
    assert unlike == []


def test_nobody_is_meant(place: Workplace, delivered: Ended) -> None:
    missing = place.run("-m", "slices", EMAIL="nobody@shop.test")
    assert (missing.status, missing.output) == (1, "No customer is known by EMAIL=nobody@shop.test.\n")


def _published(place: Workplace, query: str) -> list[tuple[Any, ...]]:
    with closing(duckdb.connect(str(place.marts), read_only=True)) as marts:
        return marts.execute(query).fetchall()


def _dbt(place: Workplace, file: Path, *arguments: str) -> Ended:
    project = REPOSITORY / "dbt_project"
    places = [
        f"--project-dir={project}",
        f"--profiles-dir={project}",
        f"--target-path={place.folder / 'target'}",
    ]
    return place.run(
        "-m",
        "dbt.cli.main",
        "--quiet",
        *arguments,
        "--target=slice",
        *places,
        f"--log-path={place.folder}",
        SLICE_PATH=str(file),
        RUN_AT=LATER,
        IDENTITY_SALT=SALT,
    )
