"""Phone numbers and email addresses of nobody: reserved ranges and example domains only."""

from random import Random

from simulator.names import names

DOMAINS = ("example.com", "example.org", "example.net")
US_LINES_AN_AREA = 5_000
GB_LINES_A_RANGE = 1_000


def us_phone(number: int, landline: bool = False) -> str | None:
    """Return the E.164 number of the ``number``-th telephone, or None when the exchange 555 is used up."""
    areas = names("us_area_codes")
    area, line = number % len(areas), number // len(areas)
    if line >= US_LINES_AN_AREA:
        return None
    return f"+1{areas[area]}555{(line * 7919 % US_LINES_AN_AREA) * 2 + landline:04d}"


def shop_phone(number: int) -> str:
    """Return the phone number of the ``number``-th shop, from the end of the exchange 555."""
    phone = us_phone(len(names("us_area_codes")) * US_LINES_AN_AREA - 1 - number, landline=True)
    if phone is None:
        raise ValueError(f"no telephone number for shop {number}")
    return phone


def gb_phone(number: int) -> str | None:
    """Return the E.164 number of the ``number``-th British telephone, or None when the ranges are used up.

    These ranges are reserved by the British regulator for drama.
    """
    ranges = names("gb_drama_ranges")
    area, line = number % len(ranges), number // len(ranges)
    if line >= GB_LINES_A_RANGE:
        return None
    return f"+44{ranges[area]}0{line * 619 % GB_LINES_A_RANGE:03d}"


def phone_as_typed(phone: str, rng: Random) -> str:
    """Write an E.164 number the way people do: with or without country code, brackets, blanks."""
    if not phone.startswith("+1"):
        return rng.choice((phone, f"{phone[:3]} {phone[3:6]} {phone[6:9]} {phone[9:]}"))
    area, exchange, line = phone[2:5], phone[5:8], phone[8:]
    return rng.choice(
        (phone, f"({area}) {exchange}-{line}", f"{area}-{exchange}-{line}", f"{area}{exchange}{line}")
    )


def email_address(first: str, last: str, number: int, rng: Random) -> str:
    """Return an address of the ``number``-th person, unlike that of anyone else."""
    local = rng.choice(("{first}.{last}{number}", "{first}.{initial}{number}", "{initial}.{first}{number}"))
    plain = last.replace("'", "").lower()
    written = local.format(first=first.lower(), last=plain, initial=plain[0], number=number)
    return f"{written}@{rng.choice(DOMAINS)}"
