"""One row per distinct phone number as written: its E.164 form, or null where it is no possible number."""

import pandas as pd
import phonenumbers


def e164(written: str, region: str) -> str | None:
    """The number in E.164, one of ``region`` where it has no country code; None where it cannot be one."""
    try:
        number = phonenumbers.parse(written, region)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_possible_number(number):
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def model(dbt, session):
    """Distinct raw phone numbers in, (``raw_value``, ``identifier_value``) out."""
    dbt.config(materialized="table")
    region = dbt.config.get("phone_region")
    observed = dbt.ref("int_identity__observed")
    written = observed.filter("identifier_type = 'phone'").project("raw_value").distinct().df()["raw_value"]
    return pd.DataFrame(
        {
            "raw_value": pd.Series(written, dtype="string"),
            "identifier_value": pd.Series([e164(value, region) for value in written], dtype="string"),
        }
    )
