"""Simulated histories of a warehouse: what is added, changed and deleted between runs, and which runs are interrupted.

What happens happens to the raw tables and the seeds, as loading leaves them: thousands of histories are to happen, and
to load for each would take most of the time. What loading makes of pieces is shown by `test_any_split.py`.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import accumulate

from hypothesis import strategies as st

from ingestion.sources import TABLES
from ingestion.tables import LOAD_ID
from tests.deliveries.moment import Moment
from tests.deliveries.resembling import RESEMBLING
from tests.deliveries.sharing import SHARING
from tests.identity.people import DECISIONS

BEGIN = datetime.fromisoformat("2026-10-01T00:00:00+00:00")
FEEDS = ("web_events", "app_events", "marketing_events")
# Columns that say who somebody is; the value of another record there makes two people one, or one two.
OF_PEOPLE = {
    "store_members": ("email", "phone", "first_name"),
    "store_transactions": ("member_id", "customer_email", "payment_token"),
    "support_users": ("email", "phone", "external_id"),
    "support_tickets": ("requester_id", "status"),
    "web_events": ("user_id", "anonymous_id", "traits", "timestamp"),
    "app_events": ("user_id", "anonymous_id"),
}
# The source and the time of a record.
OF_ARRIVAL = {"extras", "source_file", "source_line", "record_hash", "loaded_at"}
KEYS = {table.name: table.key for table in TABLES}
OF_RECORDS = {
    table.name: [column.name for column in table.columns if column.name not in {*table.key, *OF_ARRIVAL}]
    for table in TABLES
}


def _key(table: str) -> str:
    return ", ".join(KEYS[table])


def _key_of(relation: str, table: str) -> str:
    return ", ".join(f"{relation}.{column}" for column in KEYS[table])


def _some_come(now: Moment) -> None:
    """A share of the missing records is delivered, in any order; referenced records may come later or earlier."""
    _come(now, percent=10 + now.seed % 60)


def _all_come(now: Moment) -> None:
    """All missing records are delivered."""
    _come(now, percent=100)


def _come(now: Moment, percent: int) -> None:
    for table in KEYS:
        now.ask(
            f"insert into raw.{table} select * replace ('{now.load}' as {LOAD_ID}, '{now.at}' as loaded_at)"
            f" from whole.raw.{table} where {now.rank(_key(table))} % 100 < {percent}"
            f" and ({_key(table)}) not in (select ({_key(table)}) from raw.{table})"
        )


def _people_change(now: Moment) -> None:
    """A few records get a value of others: people who were one are two, and the other way round."""
    _values_change(now, OF_PEOPLE)


def _any_record_changes(now: Moment) -> None:
    """A few records of every table get another record's value, in any column."""
    _values_change(now, OF_RECORDS)


def _values_change(now: Moment, columns_by_table: Mapping[str, Sequence[str]]) -> None:
    for number, (table, columns) in enumerate(columns_by_table.items()):
        column = f'"{columns[(now.seed + number) % len(columns)]}"'
        at_random = now.rank(_key(table))
        now.ask(f"""
            with given as (
                select {column} as given_value, row_number() over (order by {at_random}) as pair from raw.{table}
            ),
            changed as (
                select {_key(table)}, (row_number() over (order by {now.rank(column)}, {at_random}) + 1) // 2 as pair
                from raw.{table}
            )
            update raw.{table} set {LOAD_ID} = '{now.load}', loaded_at = '{now.at}', {column} = given_value
            from changed inner join given using (pair)
            where pair <= {now.dozens} and ({_key_of(table, table)}) = ({_key_of("changed", table)})
        """)


def _some_come_again_in_another_load(now: Moment) -> None:
    """An earlier version of some messages is delivered, which differs only in its load."""
    for table in FEEDS:
        now.ask(f"update raw.{table} set {LOAD_ID} = '{now.load}' where {now.rank('message_id')} % 20 = 0")


def _some_come_by_another_feed_too(now: Moment) -> None:
    """Messages of one feed are sent through another as well."""
    now.ask(
        f"insert into raw.app_events select * replace ('{now.load}' as {LOAD_ID}) from raw.web_events"
        f" where {now.rank('message_id')} % 20 = 0 and message_id not in (select message_id from raw.app_events)"
    )


def _products_are_listed_twice(now: Moment) -> None:
    """A receipt has two lines of one product, at other prices."""
    now.ask(
        "insert into raw.store_transaction_lines select * replace (line_number + 100 as line_number,"
        f" quantity + 1 as quantity, unit_price + 5 as unit_price, '{now.load}' as {LOAD_ID})"
        f" from raw.store_transaction_lines where {now.rank(_key('store_transaction_lines'))} % 10 = 0"
        " and line_number < 100 and (transaction_id, line_number + 100) not in"
        " (select (transaction_id, line_number) from raw.store_transaction_lines)"
    )
    now.ask(
        "update raw.web_events set properties = json_merge_patch(properties, json_object('products', json_array("
        "(properties->'$.products[0]'), json_object('product_id', (properties->'$.products[0].product_id'),"
        f" 'price', 5, 'quantity', 7)))), {LOAD_ID} = '{now.load}'"
        f" where {now.rank('message_id')} % 2 = 0 and (properties->'$.products[0].product_id') is not null"
    )


def _some_go(now: Moment) -> None:
    """Records are deleted, as in an erasure."""
    for table in KEYS:
        now.ask(f"delete from raw.{table} where {now.rank(_key(table))} % 40 = 0")


def _a_steward_decides(now: Moment) -> None:
    """Two members' addresses are one person's, or are not."""
    said = ("same_person", "do_not_link")[now.seed % 2]
    now.ask(
        f"insert into {DECISIONS} select 'email', one.email, 'email', other.email, '{said}', 'steward',"
        f" timestamp '{now.at:%Y-%m-%d %H:%M:%S}', 'a test'"
        " from raw.store_members as one inner join raw.store_members as other on one.email < other.email"
        f" order by {now.rank('one.email, other.email')} limit {2 * now.dozens}"
    )


def _a_steward_thinks_better_of_it(now: Moment) -> None:
    """The first decision is withdrawn."""
    now.ask(f"delete from {DECISIONS} where decided_at = (select min(decided_at) from {DECISIONS})")


def _rates_change(now: Moment) -> None:
    """The treasury has other rates."""
    now.ask("update seeds.exchange_rates set rate = rate * 1.01 where from_currency <> to_currency")


def _a_seed_is_edited(now: Moment) -> None:
    """An event is no longer known, and a value that many share is blocked: from here on it is another project."""
    now.ask(
        "delete from seeds.touchpoint_types where event = ("
        f"select event from seeds.touchpoint_types where source = 'segment' order by {now.rank('event')} limit 1)"
    )
    now.ask(
        "insert into seeds.identity_blocked_values select 'any', email, false, 'placeholder' from raw.store_members"
        f" where email is not null order by {now.rank('email')} limit {now.dozens}"
    )


HAPPENINGS: dict[str, Callable[[Moment], None]] = {
    "some come": _some_come,
    "all come": _all_come,
    "people change": _people_change,
    "any record changes": _any_record_changes,
    "some come again in another load": _some_come_again_in_another_load,
    "some come by another feed too": _some_come_by_another_feed_too,
    "products are listed twice": _products_are_listed_twice,
    "some go": _some_go,
    "a steward decides": _a_steward_decides,
    "a steward thinks better of it": _a_steward_thinks_better_of_it,
    **SHARING,
    **RESEMBLING,
    "rates change": _rates_change,
    "a seed is edited": _a_seed_is_edited,
}


@dataclass(frozen=True)
class Chapter:
    """What happens before a run, and how many hours after the last.

    A killed run is killed at a share of the time that the first run took, and the next chapter begins with what
    it left.
    """

    happens: tuple[str, ...]
    seed: int
    hours: int
    killed_at: float | None = None


_SEEDS = st.integers(0, 10**6)
_FIRST = _SEEDS.map(lambda seed: Chapter(("some come",), seed, hours=0))
_NEXT = st.builds(
    Chapter,
    # In some nothing happens but that time goes on.
    happens=st.lists(st.sampled_from(list(HAPPENINGS)), max_size=3).map(tuple),
    seed=_SEEDS,
    # Twenty runs go into a day, so that most are slices and some find that a day has passed.
    hours=st.integers(0, 2),
)
_KILLED = _NEXT.flatmap(lambda chapter: st.floats(0, 1).map(lambda share: replace(chapter, killed_at=share)))


def histories(chapters: int) -> st.SearchStrategy[list[Chapter]]:
    """Histories of so many chapters. In the first something comes; the first run and the last are whole."""
    between = st.lists(_NEXT | _NEXT | _KILLED, min_size=chapters - 2, max_size=chapters - 2)
    return st.tuples(_FIRST, between, _NEXT).map(lambda parts: [parts[0], *parts[1], parts[2]])


def clocks(history: list[Chapter]) -> list[datetime]:
    """Return the clock of each chapter's run."""
    return [BEGIN + timedelta(hours=hours) for hours in accumulate(chapter.hours for chapter in history)]
