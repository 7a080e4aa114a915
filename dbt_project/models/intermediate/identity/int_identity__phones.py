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
    """Distinct raw phone numbers in, (``identifier_type``, ``raw_value``, ``identifier_value``) out."""
    dbt.config(materialized="incremental", incremental_strategy="by_value", on_schema_change="fail")
    region = dbt.config.get("phone_region")
    observed = dbt.ref("int_identity__observed")
    values = observed.filter("identifier_type = 'phone'").project("raw_value").distinct()
    if dbt.is_incremental:
        values = values.except_(session.sql(f"select raw_value from {dbt.this}"))
    written = values.df()["raw_value"]
    return pd.DataFrame(
        {
            "identifier_type": pd.Series(["phone"] * len(written), dtype="string"),
            "raw_value": pd.Series(written, dtype="string"),
            "identifier_value": pd.Series([e164(value, region) for value in written], dtype="string"),
        }
    )
