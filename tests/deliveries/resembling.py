"""What happens to people who resemble others: probabilistic matching links them, or leaves them to a steward."""

from collections.abc import Callable

from ingestion.tables import LOAD_ID
from tests.deliveries.moment import Moment


def _members_enrol_again(now: Moment) -> None:
    """Members get another number, and the clerk doubles a letter of the email. Some do so for the third time."""
    now.ask(
        f"insert into raw.store_members by name select * replace ('{now.load}:' || member_id as member_id,"
        f" null as loyalty_id, null as phone, left(email, 3) || substr(email, 3) as email, '{now.load}' as {LOAD_ID},"
        f" '{now.at}' as loaded_at) from raw.store_members where email is not null"
        f" and {now.rank('member_id')} % 4 = 0"
    )


def _twins_enrol(now: Moment) -> None:
    """They have a member's birth date, surname and postcode, and another first name."""
    now.ask(
        f"insert into raw.store_members by name select * replace ('{now.load}:twin:' || member_id as member_id,"
        " null as loyalty_id, null as phone, 'twin.' || email as email, 'Xenia' as first_name,"
        f" '{now.load}' as {LOAD_ID}, '{now.at}' as loaded_at) from raw.store_members where email is not null"
        f" and {now.rank('member_id')} % 6 = 0"
    )


def _slips_are_corrected(now: Moment) -> None:
    """Members get the birth date, or the email, of another who has their names."""
    column = ("birth_date", "email")[now.seed % 2]
    now.ask(
        f"update raw.store_members set {column} = other.{column}, {LOAD_ID} = '{now.load}', loaded_at = '{now.at}'"
        " from (select * from raw.store_members) as other"
        " where store_members.first_name = other.first_name and store_members.last_name = other.last_name"
        f" and store_members.{column} < other.{column} and {now.rank('store_members.member_id')} % 3 = 0"
    )


RESEMBLING: dict[str, Callable[[Moment], None]] = {
    "members enrol again": _members_enrol_again,
    "twins enrol": _twins_enrol,
    "slips are corrected": _slips_are_corrected,
}
