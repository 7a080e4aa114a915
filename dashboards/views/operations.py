"""Operations: whether the last runs succeeded, whether all data are there, and what could not be loaded or mapped."""

import pandas as pd

from dashboards import look, page, words
from dashboards.look import Column
from dashboards.publication import Status
from dashboards.queries import operations as queries

_MARKS = {"success": "succeeded", "failure": "failed", "canceled": "ended by hand", "started": "running"}


def show() -> None:
    """Show the page."""
    status = page.begin(
        "Operations", "Did the last runs succeed, is every source there, and what could not be mapped?"
    )
    completeness = queries.completeness()
    _totals(status, completeness)
    _runs()
    _loads()
    _completeness(completeness)
    _business_alerts()
    _late()
    _restatements()
    _rejects()
    _mapping()
    _drift()


def _totals(status: Status, completeness: pd.DataFrame) -> None:
    silent = int(completeness["is_silent"].fillna(False).sum())
    rejected = queries.rejects()["records"].sum()
    mapping = queries.mapping()
    records = mapping["records"].sum()
    known = (mapping["records"] * mapping["known_share"].fillna(0)).sum()
    look.tiles(
        [
            (
                "Sources",
                "complete" if status.is_complete else "incomplete",
                ", ".join(map(words.label, status.failed)),
            ),
            ("Silent sources and locations", words.count(silent)),
            ("Records rejected so far", words.count(rejected)),
            ("Records understood", words.share(known / records if records else None)),
        ]
    )


def _runs() -> None:
    look.section(
        "Last runs", "As Dagster records them, in UTC. Its own pages (make ui) have every step and check."
    )
    # Dagster takes seconds to import, and no other page needs it.
    from orchestration.report import last_runs

    runs = last_runs()
    if not runs:
        look.nothing(
            "This machine has no record of runs: DAGSTER_HOME names no instance that has run anything."
        )
        return
    shown = pd.DataFrame(
        {
            "run": run.run_id[:8],
            "started_at": run.started_at,
            "minutes": (run.ended_at - run.started_at).total_seconds() / 60
            if run.ended_at and run.started_at
            else None,
            "status": _MARKS.get(run.status, run.status),
            "passed": run.checks_passed,
            "warnings": sum(not each.is_error for each in run.checks_not_passed),
            "failed": sum(each.is_error for each in run.checks_not_passed),
            "problem": "; ".join(run.problems) or None,
        }
        for run in runs
    )
    look.table(
        look.first(shown, 5, key="operations_all_runs", what="runs"),
        [
            Column("run", "Run", look.text),
            Column("started_at", "Started", words.instant),
            Column("minutes", "Took", words.duration),
            Column("status", "Ended"),
            Column("passed", "Checks passed", words.count),
            Column("warnings", "Warnings", words.count),
            Column("failed", "Failed", words.count),
            Column("problem", "Why", look.text),
        ],
        empty="",
    )
    checks = [each for run in runs[:1] for each in run.checks_not_passed]
    look.sentences(
        [
            f"{each.table}: {each.name.replace('_', ' ')} ({'failed' if each.is_error else 'warning'})"
            for each in checks
        ],
        empty="Every check of the last run passed.",
    )


def _loads() -> None:
    look.section(
        "What the runs read",
        "The last five that read anything. Read is loaded, duplicate and rejected together.",
    )
    look.table(
        look.first(queries.loads(), 6, key="operations_all_loads", what="rows"),
        [
            Column("loaded_at", "Clock of the run (UTC)", words.instant),
            Column("source_system", "Source"),
            Column("records_read", "Read", words.count),
            Column("records_loaded", "Loaded", words.count),
            Column("records_duplicate", "Duplicate", words.count),
            Column("records_rejected", "Rejected", words.count),
        ],
        empty="Nothing was read yet.",
    )


def _completeness(found: pd.DataFrame) -> None:
    look.section(
        "Completeness",
        "Each source and location, by its usual rhythm: how often it sends data, and for how long it has not.",
    )
    found = found.assign(
        state=[_state(row) for row in found.to_dict("records")],
        where=found["location"].where(found["location_id"] != "(all)", "all of it"),
    )
    look.sentences(
        [str(message) for message in found["message"].dropna()], empty="No source and no location is silent."
    )
    look.table(
        look.first(found, 8, key="operations_all_completeness", what="sources and locations"),
        [
            Column("source_system", "Source"),
            Column("where", "Location"),
            Column("state", "State"),
            Column("last_record_at", "Last record (UTC)", words.instant),
            Column("silent_minutes", "Ago", words.duration),
            Column("expected_every_minutes", "Expected within", words.duration),
            Column("records", "Records", words.count),
        ],
        empty="No source has delivered anything.",
    )


def _state(row: dict[str, object]) -> str:
    if not row["has_rhythm"]:
        return "too new to say"
    return f"silent, {row['days_missing']} days missing" if row["is_silent"] else "as usual"


def _business_alerts() -> None:
    look.section(
        "Business alerts",
        "Figures of the latest complete day, by the rules of the seed business_alerts. Usual is the median of the "
        "same weekday in the eight weeks before.",
    )
    found = queries.business_alerts()
    found["state"] = found["is_alert"].map({True: "broken", False: "as expected"})
    look.table(
        look.first(found, 8, key="operations_all_alerts", what="rules"),
        [
            Column("alert_name", "Rule", look.text),
            Column("channel", "Channel", look.text),
            Column("metric_value", "Figure", words.share),
            Column("usual_value", "Usual", words.share),
            Column("state", "Now"),
            Column("broken_days", "Days broken, of 28", words.count),
            Column("message", "What is wrong", look.text),
        ],
        empty="No rule had enough data yesterday.",
    )


def _late() -> None:
    look.section(
        "Late arrivals", "Records that came more than a day after they happened, and what they changed."
    )
    look.table(
        look.first(queries.late_arrivals(), 8, key="operations_all_late", what="rows"),
        [
            Column("source_system", "Source"),
            Column("record_type", "Records of"),
            Column("location", "Location", look.text),
            Column("records", "Records", words.count),
            Column("longest_minutes_late", "Longest", words.duration),
            Column("days", "Days changed", words.count),
            Column("conversions", "Conversions", words.count),
            Column("revenue", "Revenue", words.money),
            Column("last_loaded_at", "Last came (UTC)", words.instant),
        ],
        empty="Nothing came late.",
    )


def _restatements() -> None:
    look.section(
        "Restated figures",
        "Figures of closed days that changed after they were published: before, after, and why.",
    )
    look.table(
        look.first(queries.restatements(), 8, key="operations_all_restatements", what="figures"),
        [
            Column("restated_at", "Clock of the run (UTC)", words.instant),
            Column("date", "Day", words.day),
            Column("mart", "Table", look.text),
            Column("measure", "Figure", look.text),
            Column("value_before", "Before", words.number),
            Column("value_after", "After", words.number),
            Column("cause", "Why", look.text),
        ],
        empty="No figure of a closed day has changed since it was published.",
    )


def _rejects() -> None:
    look.section(
        "Rejects",
        "The records are in the warehouse, in raw.rejects; docs/operations.md says what to do.",
    )
    look.table(
        look.first(queries.rejects(), 8, key="operations_all_rejects", what="reasons"),
        [
            Column("source_system", "Source"),
            Column("table_name", "Table"),
            Column("reason", "Reason"),
            Column("records", "Records", words.count),
            Column("first_rejected_at", "First (UTC)", words.instant),
            Column("last_rejected_at", "Last (UTC)", words.instant),
        ],
        empty="Every record that arrived was loaded or was a duplicate.",
    )


def _mapping() -> None:
    look.section(
        "Mapping coverage", "The share of each source's records whose event has a meaning in the seeds."
    )
    look.table(
        queries.mapping(),
        [
            Column("source_system", "Source"),
            Column("records", "Records", words.count),
            Column("known_share", "Understood", words.share),
            Column("unknown_events", "Unknown events", words.count),
        ],
        empty="No source has delivered events.",
    )
    look.note("Events without a meaning: add them to touchpoint_types.csv.")
    look.table(
        look.first(queries.unknown_events(), 8, key="operations_all_unknown", what="events"),
        [
            Column("event", "Event", look.text),
            Column("source_system", "Source"),
            Column("records", "Records", words.count),
            Column("last_seen_at", "Last seen", words.day),
        ],
        empty="Every event has a meaning.",
    )


def _drift() -> None:
    look.section(
        "Schema drift",
        "Fields that are new, have a new type or no longer come, and the models that read them.",
    )
    look.table(
        look.first(queries.schema_drift(), 8, key="operations_all_drift", what="fields"),
        [
            Column("source_system", "Source"),
            Column("object", "Event or table", look.text),
            Column("field", "Field", look.text),
            Column("value_type", "Type"),
            Column("drift", "Change"),
            Column("first_seen_at", "First seen (UTC)", words.instant),
            Column("records", "Records", words.count),
            Column("read_by", "Read by", look.text),
        ],
        empty="No field has changed since the first observation.",
    )
