"""One row per distinct phone number as written and country: its E.164 form, or null if it is impossible.

An extension is part of the number, as ``;ext=12`` (RFC 3966): two colleagues on one office line stay two
people.
"""

import re

import pandas as pd
import phonenumbers

# Words for an extension in European languages that the library does not know.
EXTENSION_WORD = re.compile(
    r"[\s,;/-]*\b(durchwahl|dw|klappe|kl|nebenstelle|nst|apparat|app|poste|interno|interne|toestel|tst|wewn|wew|linje|lok"
    r"|ramal|anexo|anknytning)\b[.:\s]*(?=\d{1,7}\D*$)",
    re.IGNORECASE,
)
# "+49 30 1234-12 DW": the last digits already are the extension.
DIALLED_THROUGH = re.compile(r"(?<=\d)\s*\(?\b(dw|durchwahl)\b\.?\)?\s*$", re.IGNORECASE)
REMARK = re.compile(r"\s*\([^()\d]*\)\s*$")
# A number that went through a spreadsheet or a data frame has decimals.
DECIMALS = re.compile(r"(?<=\d)\.0+$")
# Countries in which an extension is dialled right after the number, which then has no fixed length.
DIALS_THROUGH = frozenset({43, 49})


def parsed(text, region):
    """Return the number that ``text`` may be in a region, or None."""
    try:
        number = phonenumbers.parse(text, region)
    except phonenumbers.NumberParseException:
        return None
    return number if phonenumbers.is_possible_number(number) else None


def international(text):
    """Return the number that ``text`` is if its international prefix is 00 or missing, or None."""
    digits = re.sub(r"^[^\d+]*(00[\s.-]*)?", "", text)
    if not digits[:1].isdigit() or digits.startswith("0"):
        return None
    number = parsed(f"+{digits}", None)
    return number if number and phonenumbers.is_valid_number(number) else None


def e164(written, region):
    """Return the number in E.164, one of ``region`` if it has no country code; None if it is not possible."""
    text = DECIMALS.sub("", REMARK.sub("", written.strip()))
    text = DIALLED_THROUGH.sub("", text)
    with_extension = EXTENSION_WORD.sub(" ext. ", text)
    number = parsed(with_extension, region) or international(with_extension)
    if number is None:
        return None
    if with_extension != text and number.country_code in DIALS_THROUGH:
        dialled = EXTENSION_WORD.sub("-", text)
        number = parsed(dialled, region) or international(dialled) or number
    return formatted(number)


def formatted(number):
    """Return the number in E.164 with its extension; None if it would be read as another number."""
    plain = phonenumbers.PhoneNumber()
    plain.merge_from(number)
    plain.extension = None
    text = phonenumbers.format_number(plain, phonenumbers.PhoneNumberFormat.E164)
    # Some countries' numbers start with zeros; elsewhere leading zeros come from texts such as 000000.
    if number.italian_leading_zero:
        again = parsed(text, None)
        if again is None or phonenumbers.format_number(again, phonenumbers.PhoneNumberFormat.E164) != text:
            return None
    return f"{text};ext={number.extension}" if number.extension else text


def model(dbt, session):
    """Distinct phone numbers and countries in, the same with ``identifier_value`` out."""
    dbt.config(materialized="table")
    default = dbt.config.get("phone_region")
    values = (
        dbt.ref("int_identity__observed")
        .filter("identifier_type = 'phone'")
        .project("identifier_type, raw_value, phone_country")
        .distinct()
    )
    frame = values.df().astype("string")
    regions = [name if name in phonenumbers.SUPPORTED_REGIONS else default for name in frame["phone_country"]]
    found = [e164(written, region) for written, region in zip(frame["raw_value"], regions, strict=True)]
    return frame.assign(identifier_value=pd.Series(found, dtype="string", index=frame.index))
