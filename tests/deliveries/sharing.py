"""What happens to things that many share: devices, phones, accounts, orders, tickets, agents, products."""

from collections.abc import Callable

from ingestion.tables import LOAD_ID
from tests.deliveries.moment import Moment


def _many_sign_in_on_one_device(now: Moment) -> None:
    """A tablet of a shop: more people sign in on it than a household has, and it says nothing of the visits between."""
    now.ask(
        f"insert into raw.web_events by name select * replace ('{now.load}:' || message_id as message_id,"
        f" 'tablet-' || ({now.rank('user_id')} % {now.dozens}) as anonymous_id, '{now.load}' as {LOAD_ID},"
        f" '{now.at}' as loaded_at) from raw.web_events where user_id is not null"
        f" and {now.rank('message_id')} % 15 = 0"
    )


def _a_shared_device_is_found_wrong(now: Moment) -> None:
    """The records of that tablet are deleted."""
    now.ask(
        f"delete from raw.web_events where anonymous_id like 'tablet-%' and {now.rank('message_id')} % 2 = 0"
    )


def _many_give_one_phone(now: Moment) -> None:
    """Staff type the shop's phone into members' rows: with too many of them it links nobody."""
    now.ask(
        f"update raw.store_members set phone = '+1212555' || (1000 + {now.rank('member_id')} % {now.dozens}),"
        f" {LOAD_ID} = '{now.load}', loaded_at = '{now.at}' where {now.rank('member_id')} % 4 = 0"
    )


def _the_phone_is_put_right(now: Moment) -> None:
    """Most of those members have no phone again."""
    now.ask(
        f"update raw.store_members set phone = null, {LOAD_ID} = '{now.load}', loaded_at = '{now.at}'"
        f" where phone like '+1212555%' and {now.rank('member_id')} % 3 > 0"
    )


def _accounts_are_replaced(now: Moment) -> None:
    """The website sends an alias: the account is the one that another id was."""
    now.ask(
        f"insert into raw.web_events by name select * replace ('{now.load}:alias:' || message_id as message_id,"
        " 'alias' as type, null as event, 'moved-' || user_id as user_id, user_id as previous_id,"
        f" '{now.load}' as {LOAD_ID}, '{now.at}' as loaded_at) from raw.web_events where user_id is not null"
        f" and {now.rank('message_id')} % 60 = 0"
    )


def _receipts_come_late(now: Moment) -> None:
    """Receipts give back what others bought, or bear the number of another's order."""
    now.ask(
        f"update raw.store_transaction_lines set returned_transaction_id = given_id,"
        f" {LOAD_ID} = '{now.load}', loaded_at = '{now.at}'"
        " from (select transaction_id as given_id, row_number() over (order by"
        f" {now.rank('transaction_id')}) as pair from raw.store_transactions) as given"
        f" where {now.rank('transaction_id, line_number')} % 20 = 0 and given.pair ="
        " 1 + hash(store_transaction_lines.transaction_id) % (select count(*) from raw.store_transactions)"
    )


def _tickets_follow_others(now: Moment) -> None:
    """Tickets are follow-ups of another, of the same person or not."""
    now.ask(
        f"update raw.support_tickets set via = json_object('channel', 'web', 'source', json_object('from',"
        " json_object('ticket_id', given_id), 'rel', 'follow_up')),"
        f" {LOAD_ID} = '{now.load}', loaded_at = '{now.at}' from (select id as given_id, row_number() over (order by"
        f" {now.rank('id')}) as pair from raw.support_tickets) as given"
        f" where {now.rank('support_tickets.id')} % 3 = 0"
        " and given.pair = 1 + hash(support_tickets.id) % (select count(*) from raw.support_tickets)"
    )


def _an_agent_turns_out_to_be_a_bot(now: Moment) -> None:
    """Support tags an agent as a bot, which changes who answered the tickets."""
    now.ask(
        f"update raw.support_users set tags = '[\"bot\"]', {LOAD_ID} = '{now.load}', loaded_at = '{now.at}'"
        f" where role = 'agent' and {now.rank('id')} % 2 = 0"
    )


def _the_catalogue_changes(now: Moment) -> None:
    """Products have another name, or are sold out."""
    now.ask(
        f"update raw.store_products set name = name || ' (new)', stock_quantity = {now.rank('name')} % 2,"
        f" {LOAD_ID} = '{now.load}', loaded_at = '{now.at}' where {now.rank('product_id')} % 8 = 0"
    )


SHARING: dict[str, Callable[[Moment], None]] = {
    "many sign in on one device": _many_sign_in_on_one_device,
    "a shared device is found wrong": _a_shared_device_is_found_wrong,
    "many give one phone": _many_give_one_phone,
    "the phone is put right": _the_phone_is_put_right,
    "accounts are replaced": _accounts_are_replaced,
    "receipts come late": _receipts_come_late,
    "tickets follow others": _tickets_follow_others,
    "an agent turns out to be a bot": _an_agent_turns_out_to_be_a_bot,
    "the catalogue changes": _the_catalogue_changes,
}
