"""Writes ad spend: one CSV a month, in which the last delivered row of a key wins."""

import csv
import io
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

from simulator.catalogue import CAMPAIGNS, Campaign
from simulator.plan import Plan
from simulator.truth import Truth

HEADER = ("date", "channel", "campaign", "currency", "spend", "impressions", "clicks")
PEOPLE_A_BUDGET = 1000
CORRECTED_DAYS = 3
Row = tuple[str, str, str, str, str, str, str]


def write_ad_spend(out: Path, plan: Plan, truth: Truth) -> int:
    """Write all months, each with corrections of the last one, and return the number of keys."""
    rows = 0
    corrections: list[Row] = []
    for month, days in _months(plan):
        lines = _rows(plan, days, CAMPAIGNS)
        broken = _broken(lines[0], month)
        path = out / "landing" / "marketing" / "ad_spend" / f"{month}.csv"
        _write(path, [*corrections, *lines, *(row for row, _ in broken)])
        _record_file(truth, out, path, len(lines) + len(corrections), len(corrections), broken)
        rows += len(lines)
        corrections = [_corrected(row) for row in _rows(plan, days[-CORRECTED_DAYS:], CAMPAIGNS[:2])]
    return rows


def _months(plan: Plan) -> Iterator[tuple[str, list[date]]]:
    days = [(plan.start + timedelta(days=number)).date() for number in range(plan.days)]
    for month in sorted({day.strftime("%Y-%m") for day in days}):
        yield month, [day for day in days if day.strftime("%Y-%m") == month]


def _rows(plan: Plan, days: Sequence[date], campaigns: Sequence[Campaign]) -> list[Row]:
    noon = time(12, tzinfo=UTC)
    running = ((day, campaign) for day in days for campaign in campaigns)
    return [
        _row(plan, campaign, day)
        for day, campaign in running
        if campaign.runs_at(plan, datetime.combine(day, noon))
    ]


def _row(plan: Plan, campaign: Campaign, day: date) -> Row:
    """Spend a budget in proportion to the number of people, with variation and quieter weekends."""
    rng = plan.rng("spend", campaign.name, day.isoformat())
    quiet = 0.7 if day.weekday() >= 5 else 1.0
    scale = max(plan.people / PEOPLE_A_BUDGET, 0.05)
    cents = round(campaign.daily_spend_cents * scale * quiet * rng.uniform(0.8, 1.2))
    clicks = max(1, round(cents / rng.uniform(60, 140)))
    impressions = clicks * rng.randint(25, 60)
    spend = f"{cents / 100:.2f}"
    return (
        day.isoformat(),
        campaign.channel,
        campaign.name,
        campaign.currency,
        spend,
        str(impressions),
        str(clicks),
    )


def _corrected(row: Row) -> Row:
    day, channel, campaign, currency, spend, impressions, clicks = row
    return (day, channel, campaign, currency, f"{float(spend) * 1.02:.2f}", impressions, clicks)


def _broken(row: Row, month: str) -> list[tuple[Row, str]]:
    """Make two rows that must be rejected, each for one reason."""
    day, channel, campaign, currency, spend, impressions, clicks = row
    keyless = (day, channel, "", currency, spend, impressions, clicks)
    wordy = (day, channel, f"{campaign}-{month}", currency, "n/a", impressions, clicks)
    return [(keyless, "missing_key"), (wordy, "type_mismatch")]


def _write(path: Path, rows: list[Row]) -> None:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(HEADER)
    writer.writerows(rows)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text.getvalue(), encoding="utf-8")


def _record_file(
    truth: Truth, out: Path, path: Path, good: int, corrections: int, broken: list[tuple[Row, str]]
) -> None:
    name = path.relative_to(out).as_posix()
    for number, (_, reason) in enumerate(broken, start=good + 2):
        truth.reject("marketing", name, number, reason)
    rejects = {reason: 1 for _, reason in broken}
    truth.file(
        {
            "source": "marketing",
            "file": name,
            "rows": good,
            "corrections": corrections,
            "rejects": rejects,
        }
    )
