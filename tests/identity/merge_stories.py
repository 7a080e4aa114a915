"""Merge stories: records in three batches, and the people that must come of them in any order."""

from tests.identity.records import Record, identify, member, receipt
from tests.identity.story import STORIES, Names, Written, nodes, story

__all__ = ["STORIES"]


@story
def alone(n: Names) -> Written:
    one = identify(1, email=n.email("a"))
    return [one], [], [], [nodes(email=n.email("a"))]


@story
def pair(n: Names) -> Written:
    one = identify(1, user_id=n.user(1), email=n.email("a"))
    return [one], [], [], [nodes(user_id=n.user(1), email=n.email("a"))]


@story
def chain(n: Names) -> Written:
    first = identify(1, user_id=n.user(1), email=n.email("a"))
    second = receipt(2, email=n.email("a"), phone=n.phone(1))
    third = member(3, member_id=n.user("m"), phone=n.phone(1))
    everyone = nodes(user_id=n.user(1), email=n.email("a"), phone=n.phone(1), member_id=n.user("m"))
    return [first], [second], [third], [everyone]


@story
def star(n: Names) -> Written:
    emails = [n.email(i) for i in range(5)]
    shown = [identify(i, user_id=n.user(1), email=email) for i, email in enumerate(emails)]
    return shown[:2], shown[2:4], shown[4:], [nodes(user_id=n.user(1), email=emails)]


@story
def diamond(n: Names) -> Written:
    top, left, right, bottom = n.email("top"), n.phone(1), n.phone(2), n.user("m")
    return (
        [receipt(1, email=top, phone=left), receipt(2, email=top, phone=right)],
        [member(3, member_id=bottom, phone=left)],
        [receipt(4, member_id=bottom, phone=right)],
        [nodes(email=top, phone=[left, right], member_id=bottom)],
    )


@story
def triangle(n: Names) -> Written:
    user, email, phone = n.user(1), n.email("a"), n.phone(1)
    return (
        [identify(1, user_id=user, email=email)],
        [receipt(2, email=email, phone=phone)],
        [identify(3, user_id=user, phone=phone)],
        [nodes(user_id=user, email=email, phone=phone)],
    )


@story
def two_people_never_meet(n: Names) -> Written:
    one = identify(1, user_id=n.user(1), email=n.email("a"))
    other = identify(2, user_id=n.user(2), email=n.email("b"))
    return (
        [one],
        [other],
        [],
        [nodes(user_id=n.user(1), email=n.email("a")), nodes(user_id=n.user(2), email=n.email("b"))],
    )


@story
def late_link(n: Names) -> Written:
    return (
        [identify(10, user_id=n.user(1)), receipt(11, email=n.email("a"))],
        [],
        [identify(1, user_id=n.user(1), email=n.email("a"))],
        [nodes(user_id=n.user(1), email=n.email("a"))],
    )


@story
def root_replaced_by_an_older_one(n: Names) -> Written:
    return (
        [identify(100, user_id=n.user(1), email=n.email("b"))],
        [receipt(50, email=n.email("b"), phone=n.phone(1))],
        [member(1, member_id=n.user("m"), phone=n.phone(1))],
        [nodes(user_id=n.user(1), email=n.email("b"), phone=n.phone(1), member_id=n.user("m"))],
    )


@story
def two_merges_in_one_batch(n: Names) -> Written:
    a, b, c = n.email("a"), n.email("b"), n.email("c")
    return (
        [receipt(1, email=a), receipt(2, email=b), receipt(3, email=c)],
        [],
        [identify(4 + i, user_id=n.user(1), email=email) for i, email in enumerate((a, b, c))],
        [nodes(user_id=n.user(1), email=[a, b, c])],
    )


@story
def cascade(n: Names) -> Written:
    phones = [n.phone(i) for i in range(4)]
    emails = [n.email(i) for i in range(4)]
    ties = [receipt(i, email=emails[i], phone=phones[i]) for i in range(4)]
    steps = [receipt(10 + i, email=emails[i + 1], phone=phones[i]) for i in range(3)]
    return ties, steps[:2], steps[2:], [nodes(email=emails, phone=phones)]


@story
def merge_of_two_large_people(n: Names) -> Written:
    left = [identify(i, user_id=n.user(1), email=n.email(f"l{i}")) for i in range(2)]
    right = [receipt(i, member_id=n.user("m"), email=n.email(f"r{i}")) for i in range(3)]
    tie = identify(50, user_id=n.user(1), email=n.email("r0"))
    emails = [n.email(name) for name in ("l0", "l1", "r0", "r1", "r2")]
    return left, right, [tie], [nodes(user_id=n.user(1), member_id=n.user("m"), email=emails)]


@story
def merge_then_conflicting_account(n: Names) -> Written:
    first, second, email = n.user(1), n.user(2), n.email("a")
    return (
        [identify(1, user_id=first, email=email), identify(2, user_id=first, email=email)],
        [identify(3, user_id=second, email=email)],
        [],
        [nodes(user_id=first, email=email), nodes(user_id=second)],
    )


@story
def conflicting_account_first(n: Names) -> Written:
    early, frequent, email = n.user(1), n.user(2), n.email("a")
    return (
        [identify(1, user_id=early, email=email)],
        [identify(2, user_id=frequent, email=email), identify(3, user_id=frequent, email=email)],
        [],
        [nodes(user_id=early), nodes(user_id=frequent, email=email)],
    )


@story
def conflict_at_the_far_end(n: Names) -> Written:
    first, second = n.user(1), n.user(2)
    return (
        [identify(1, user_id=first, email=n.email("a")), receipt(2, email=n.email("a"), phone=n.phone(1))],
        [identify(3, user_id=second, email=n.email("b"))],
        [receipt(4, email=n.email("b"), phone=n.phone(1))],
        [
            nodes(user_id=first, email=n.email("a"), phone=n.phone(1)),
            nodes(user_id=second, email=n.email("b")),
        ],
    )


@story
def too_many_emails(n: Names) -> Written:
    sure = [identify(i, user_id=n.user(1), email=n.email(i)) for i in (1, 1, 2, 2, 3, 3, 4, 4, 5, 5)]
    excess = identify(60, user_id=n.user(1), email=n.email(6))
    return (
        sure[:5],
        sure[5:],
        [excess],
        [nodes(user_id=n.user(1), email=[n.email(i) for i in range(1, 6)]), nodes(email=n.email(6))],
    )


@story
def shop_phone_on_every_receipt(n: Names) -> Written:
    receipts = [receipt(i, member_id=n.user(f"m{i}"), phone=n.phone(0)) for i in range(9)]
    return receipts[:3], receipts[3:6], receipts[6:], [nodes(member_id=n.user(f"m{i}")) for i in range(9)]


@story
def office_mailbox(n: Names) -> Written:
    seen = [identify(i, user_id=n.user(i), email=n.email("front-desk")) for i in range(8)]
    return seen[:3], seen[3:6], seen[6:], [nodes(user_id=n.user(i)) for i in range(8)]


@story
def household_phone_with_birth_dates(n: Names) -> Written:
    mother = member(1, "Ines", "1980-02-01", member_id=n.user("m1"), phone=n.phone(1))
    son = member(2, "Ines", "2004-07-09", member_id=n.user("m2"), email=n.email("son"))
    call = receipt(3, email=n.email("son"), phone=n.phone(1))
    return (
        [mother],
        [son],
        [call],
        [
            nodes(member_id=n.user("m1"), phone=n.phone(1)),
            nodes(member_id=n.user("m2"), email=n.email("son")),
        ],
    )


@story
def household_phone_with_first_names(n: Names) -> Written:
    her = member(1, "Ruth", member_id=n.user("m1"), phone=n.phone(1))
    him = member(2, "Oskar", member_id=n.user("m2"), phone=n.phone(1))
    return [her], [him], [], [nodes(member_id=n.user("m1"), phone=n.phone(1)), nodes(member_id=n.user("m2"))]


@story
def one_person_spelt_twice(n: Names) -> Written:
    card = member(1, "Jon", member_id=n.user("m1"), phone=n.phone(1))
    account = Record(2, {"user_id": n.user(1), "phone": n.phone(1)}, traits={"first_name": "John"})
    return [card], [account], [], [nodes(member_id=n.user("m1"), user_id=n.user(1), phone=n.phone(1))]


@story
def delivered_again(n: Names) -> Written:
    one = identify(1, user_id=n.user(1), email=n.email("a"))
    return [one], [one], [one], [nodes(user_id=n.user(1), email=n.email("a"))]


@story
def placeholders_link_nobody(n: Names) -> Written:
    first = identify(1, user_id=n.user(1), email="test@test.com", phone="0000000000")
    second = identify(2, user_id=n.user(2), email="TEST@test.com ", phone="000-000-0000")
    third = identify(3, user_id=n.user(3), email="null")
    return [first], [second], [third], [nodes(user_id=n.user(i)) for i in (1, 2, 3)]


@story
def empty_values_link_nobody(n: Names) -> Written:
    first = identify(1, user_id=n.user(1), email="", phone=" ")
    second = identify(2, user_id=n.user(2), email="", phone=" ")
    return [first], [second], [], [nodes(user_id=n.user(1)), nodes(user_id=n.user(2))]


@story
def one_mailbox_written_in_many_ways(n: Names) -> Written:
    mailbox = f"{n.story.replace('_', '')}@gmail.com"
    written = [mailbox.upper(), mailbox.replace("@", "+shop@"), f" {mailbox[:3]}.{mailbox[3:]}"]
    seen = [identify(i, email=email) for i, email in enumerate(written)]
    tie = identify(9, user_id=n.user(1), email=mailbox.replace("gmail", "googlemail"))
    return seen[:1], seen[1:], [tie], [nodes(user_id=n.user(1), email=mailbox)]


@story
def one_phone_written_in_many_ways(n: Names) -> Written:
    phone = n.phone(7)
    written = [f"({phone[2:5]}) {phone[5:8]}-{phone[8:]}", f"00{phone[1:]}".replace("00", "+", 1), phone[2:]]
    seen = [receipt(i, email=n.email("a"), phone=number) for i, number in enumerate(written)]
    return seen[:1], seen[1:2], seen[2:], [nodes(email=n.email("a"), phone=phone)]


@story
def shared_browser_never_merges(n: Names) -> Written:
    first = identify(1, user_id=n.user(1), anonymous_id=n.user("tablet"))
    second = identify(2, user_id=n.user(2), anonymous_id=n.user("tablet"))
    return [first], [second], [], [nodes(user_id=n.user(1)), nodes(user_id=n.user(2))]


@story
def shared_card_never_merges(n: Names) -> Written:
    first = receipt(1, email=n.email("a"), payment_token=n.user("card"))
    second = receipt(2, email=n.email("b"), payment_token=n.user("card"))
    return [first], [second], [], [nodes(email=n.email("a")), nodes(email=n.email("b"))]


@story
def three_identifiers_on_one_record(n: Names) -> Written:
    one = identify(1, user_id=n.user(1), email=n.email("a"), phone=n.phone(1), loyalty_id=n.user("loy"))
    everyone = nodes(user_id=n.user(1), email=n.email("a"), phone=n.phone(1), loyalty_id=n.user("loy"))
    return [one], [], [], [everyone]


@story
def long_chain(n: Names) -> Written:
    # Every second step is by email, every other by phone: a person may have five of each, so chains of ten.
    steps = []
    people = []
    for link in range(50):
        emails = [n.email(f"{link}-{i}") for i in range(5)]
        phones = [n.phone(link * 5 + i) for i in range(5)]
        for i in range(5):
            steps.append(receipt(link * 10 + i, email=emails[i], phone=phones[i]))
            if i < 4:
                steps.append(receipt(link * 10 + 5 + i, email=emails[i + 1], phone=phones[i]))
        people.append(nodes(email=emails, phone=phones))
    return steps[0::3], steps[1::3], steps[2::3], people
