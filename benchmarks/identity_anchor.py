"""Splink with the settings of its own published examples, on the columns that Throughline has: the anchor to beat.

Splink's documentation deduplicates FEBRL's third set, links its fourth and deduplicates ``fake_1000``. The comparisons,
blocking and training rules are those of the examples; the national id, which is in FEBRL alone and no retailer has, is
left out of both sides. Splink trains itself on the very records that it then judges.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd
import splink.comparison_library as cl
from splink import DuckDBAPI, Linker, SettingsCreator, block_on

from benchmarks.identity_sets import Labelled

RECORDS = """
    select node, first_name, last_name, birth_date, email, city, postcode,
        nullif(regexp_extract(street, '^([0-9]+) ', 1), '') as street_number
    from profiles
"""
# Less probable pairs are left out, as in the project's own review.
LEAST_PROBABILITY = 0.5


@dataclass(frozen=True)
class Example:
    """The settings of one published example."""

    comparisons: Sequence[Any]
    blocking: Sequence[Any]
    certain: Sequence[Any]
    recall: float
    training: Sequence[Any]


def _birth_date() -> Any:
    return cl.DateOfBirthComparison(
        "birth_date", input_is_string=True, datetime_format="%Y%m%d", invalid_dates_as_null=True
    )


def _weighted(comparison: Any) -> Any:
    return comparison.configure(term_frequency_adjustments=True)


def febrl_example() -> Example:
    """The example on FEBRL's third set, with more typing errors in the postcode as in that on its fourth."""
    return Example(
        comparisons=[
            cl.NameComparison("first_name"),
            cl.NameComparison("last_name"),
            _birth_date(),
            _weighted(cl.ExactMatch("street_number")),
            _weighted(cl.ExactMatch("postcode")),
        ],
        blocking=[block_on(name) for name in ("first_name", "last_name", "birth_date", "postcode")],
        certain=[
            block_on("first_name", "last_name", "birth_date"),
            "l.first_name = r.last_name and l.last_name = r.first_name and l.birth_date = r.birth_date",
        ],
        recall=0.9,
        training=[block_on("birth_date"), block_on("postcode")],
    )


def fake_1000_example() -> Example:
    """The example on ``fake_1000`` whose accuracy Splink's documentation analyses."""
    slip = "levenshtein(l.birth_date, r.birth_date) <= 1"
    return Example(
        comparisons=[
            cl.ForenameSurnameComparison("first_name", "last_name"),
            _birth_date(),
            _weighted(cl.ExactMatch("city")),
            cl.EmailComparison("email"),
        ],
        blocking=[block_on(name) for name in ("first_name", "last_name", "birth_date", "email")],
        certain=[
            f"l.first_name = r.first_name and {slip}",
            f"l.last_name = r.last_name and {slip}",
            "l.first_name = r.first_name and levenshtein(l.last_name, r.last_name) <= 2",
            "l.email = r.email",
        ],
        recall=0.7,
        training=[block_on("birth_date"), block_on("email"), block_on("first_name", "last_name")],
    )


def predicted(labelled: Labelled, example: Example) -> pd.DataFrame:
    """Return the pairs that Splink finds with the example's settings: both nodes and their probability."""
    database = DuckDBAPI()
    database.duckdb_con.register("profiles", labelled.profiles)
    records = database.register(database.duckdb_con.sql(RECORDS).to_arrow_table())
    settings = SettingsCreator(
        link_type="dedupe_only",
        unique_id_column_name="node",
        blocking_rules_to_generate_predictions=list(example.blocking),
        comparisons=list(example.comparisons),
    )
    linker = Linker(records, settings, log_level=None)
    linker.training.estimate_probability_two_random_records_match(
        list(example.certain), recall=example.recall
    )
    linker.training.estimate_u_using_random_sampling(max_pairs=1e6, seed=2)
    for rule in example.training:
        linker.training.estimate_parameters_using_expectation_maximisation(
            rule, estimate_without_term_frequencies=True
        )
    scored = linker.inference.predict(threshold_match_probability=LEAST_PROBABILITY)
    return database.duckdb_con.sql(
        f"select node_l as left_node, node_r as right_node, match_probability from {scored.physical_name}"
    ).df()
