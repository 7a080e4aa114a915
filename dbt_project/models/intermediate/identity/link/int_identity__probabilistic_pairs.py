"""One row per pair of source profiles that are probably one person, with the evidence and whether they link.

Splink (Fellegi and Sunter's model) computes how alike two profiles are. This model adds two rules that Splink
does not have: people who live together share a name, an address and a phone, and a person has one account.
Such pairs never link automatically; a steward reviews them. Levels, probabilities and blocking rules are
seeds. A pair's weight depends on its two profiles only, so it stays the same when other customers change. The
prior changes only when the number of profiles passes a power of ten.
"""

import math

import duckdb
import numpy as np
import pandas as pd
import pyarrow as pa
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

PROFILE_COLUMNS = """
    node, first_name, formal_name, last_name, generation, replace(cast(birth_date as string), '-', '') as birth_date,
    email, phone, street, city, postcode
"""
# Upper limit of the prior: one in ten thousand pairs is one person.
LARGEST_PRIOR = 1e-4
PAIR_COLUMNS = {
    "left_node": "string",
    "right_node": "string",
    "match_probability": "float64",
    "match_weight": "float64",
    "evidence": "string",
    "is_link": "bool",
    "held_because": "string",
}
# Two people who may live together: different first names, no birth date that agrees. No review is needed.
HOUSEHOLD = "first_name = 'different' and birth_date not in ('same', 'close')"
# Why a pair does not link even if it is probable: the first reason that applies, or null. "Contact" means
# that both sides have an email or a phone: one person would have the same.
HELD_BECAUSE = """
    case
        when coalesce(generation_l, '') <> coalesce(generation_r, '') and email <> 'same'
            then 'one name in two generations'
        when first_name = 'unclear' and not birth_date_agrees
            then 'the first names differ in their ending and no birth date agrees'
        when first_name = 'unclear' and has_contact and email <> 'same'
            then 'the first names differ in their ending'
        when first_name = 'different' and has_contact and email <> 'same'
            then 'the first names differ, as those of twins do'
        when first_name = 'different' and not (street_agrees or city_agrees)
            then 'the first names differ and no full address agrees'
        when birth_date = 'different' and first_name = 'unknown' and not email_agrees
            then 'the birth dates differ and a first name is missing'
        when birth_date = 'different' and not email_agrees and (has_contact or not street_agrees)
            then 'the birth dates differ, as those of father and son do'
        when first_name = 'close' and email = 'different'
            then 'both the first names and the emails differ'
        when not (birth_date_agrees or email_agrees or phone = 'same' or street_agrees)
            and (has_contact or not (city_agrees and postcode_agrees))
            then 'nothing but name and place agrees'
    end
"""
ONE_OF_A_SOURCE = "one person would have more than {limit} {identifier_type}"


def prior(profiles):
    """Return the prior: one in the next power of ten of the number of profiles."""
    return min(LARGEST_PRIOR, 10.0 ** -math.ceil(math.log10(max(profiles, 1))))


def by_comparison(levels):
    """Return the levels of each comparison, most decisive first, as the seed orders them."""
    ordered = {}
    for level in levels:
        ordered.setdefault(level["comparison"], []).append(level)
    return ordered


def splink_settings(levels, rules, profiles):
    """Return Splink's settings, from the rows of the two seeds in their order and the number of profiles."""

    def splink_level(level):
        known = {"sql_condition": "ELSE" if level["condition"] == "else" else level["condition"]}
        if level["verdict"] == "unknown":
            return known | {"is_null_level": True}
        return known | {name: float(level[name]) for name in ("m_probability", "u_probability")}

    return {
        "link_type": "dedupe_only",
        "unique_id_column_name": "node",
        "probability_two_random_records_match": prior(profiles),
        "blocking_rules_to_generate_predictions": [rule["rule"] for rule in rules],
        "comparisons": [
            {"output_column_name": name, "comparison_levels": [splink_level(level) for level in found]}
            for name, found in by_comparison(levels).items()
        ],
        # Splink returns the levels only together with the compared columns.
        "retain_matching_columns": True,
        "additional_columns_to_retain": ["generation"],
    }


def words_of(levels, field):
    """Return by comparison SQL for the verdict or wording of the level that Splink found; null if unknown."""

    def case(name, found):
        decisive = [level[field].replace("'", "''") for level in found if level["verdict"] != "unknown"]
        whens = " ".join(f"when {len(decisive) - at} then '{said}'" for at, said in enumerate(decisive, 1))
        return f"case gamma_{name} {whens} end"

    return {name: case(name, found) for name, found in by_comparison(levels).items()}


def judged_sql(levels, scored):
    """Return SQL over Splink's scored pairs: the evidence in words and why a pair is held, without households."""
    verdicts = ", ".join(
        f"coalesce({case}, 'unknown') as {name}" for name, case in words_of(levels, "verdict").items()
    )
    return f"""
        with verdicts as (
            select
                match_probability, match_weight, generation_l, generation_r, {verdicts},
                least(node_l, node_r) as left_node, greatest(node_l, node_r) as right_node,
                concat_ws('; ', {", ".join(words_of(levels, "wording").values())}) as evidence
            from {scored}
        ),
        agreements as (
            select
                *,
                birth_date in ('same', 'close') as birth_date_agrees,
                email in ('same', 'close') as email_agrees,
                street in ('same', 'close') as street_agrees,
                city in ('same', 'close') as city_agrees,
                postcode in ('same', 'close') as postcode_agrees,
                email <> 'unknown' or phone <> 'unknown' as has_contact
            from verdicts
        )
        select
            left_node, right_node, match_probability, round(match_weight, 6) as match_weight, evidence,
            {HELD_BECAUSE} as held_because
        from agreements
        where not ({HOUSEHOLD})
        order by match_weight desc, left_node, right_node
    """


def has_candidates(profiles, rules):
    """Return whether any two profiles meet a blocking rule, without the seconds that Splink takes to start."""
    pairs = "select 1 from profiles as l inner join profiles as r on l.node < r.node"
    meetings = " union all ".join(f"({pairs} and ({rule['rule']}) limit 1)" for rule in rules)
    with duckdb.connect() as database:
        database.register("profiles", profiles)
        return database.execute(meetings).fetchone() is not None


def scored_pairs(profiles, levels, rules, review_threshold, profiles_in_all=None):
    """Return the pairs of an Arrow table of profiles that are at least as probable as ``review_threshold``.

    The most probable come first. If the table is only a part of all profiles, ``profiles_in_all`` is their
    number.
    """
    from splink import DuckDBAPI, Linker

    settings = splink_settings(levels, rules, profiles_in_all or profiles.num_rows)
    # Closed at once: Splink's objects refer to each other, so its tables would wait for the garbage collector.
    with duckdb.connect() as connection:
        database = DuckDBAPI(connection)
        linker = Linker(database.register(profiles), settings, log_level=None)
        scored = linker.inference.predict(threshold_match_probability=review_threshold, warning_mode="never")
        return connection.sql(judged_sql(levels, scored.physical_name)).df()


def over_the_limit(pairs, limits):
    """Return for each pair whether its component has more identifiers of a type than one person may have."""
    nodes, numbers = np.unique(np.concatenate([pairs["left_node"], pairs["right_node"]]), return_inverse=True)
    lefts, rights = numbers[: len(pairs)], numbers[len(pairs) :]
    graph = coo_matrix((np.ones(len(pairs), bool), (lefts, rights)), shape=(len(nodes), len(nodes)))
    components = connected_components(graph, directed=False)[1]
    types = pd.Series(nodes).str.split(":", n=1).str[0]
    values = pd.Series(components).groupby([components, types]).transform("size")
    too_many = np.unique(components[values > types.map(limits).fillna(np.inf)])
    return np.isin(components[lefts], too_many)


def hold_the_worse(pairs, limits):
    """Return for each pair, most probable first, which limit of a person it would break; None if it links."""
    clusters = {}
    reasons = []
    for left_node, right_node in pairs[["left_node", "right_node"]].itertuples(index=False):
        left, right = (clusters.setdefault(node, {node}) for node in (left_node, right_node))
        together = left | right
        types = [node.split(":", 1)[0] for node in sorted(together)]
        broken = next((kind for kind in types if types.count(kind) > limits.get(kind, math.inf)), None)
        if broken is None:
            clusters.update(dict.fromkeys(together, together))
            reasons.append(None)
        else:
            reasons.append(ONE_OF_A_SOURCE.format(limit=limits[broken], identifier_type=broken))
    return reasons


def decided_pairs(pairs, limits, link_threshold):
    """Return the pairs with ``is_link``: probable enough, no rule against it, the best of conflicting ones."""
    is_link = (pairs["match_probability"] >= link_threshold) & pairs["held_because"].isna()
    if is_link.any():
        disputed = pairs.index[is_link][over_the_limit(pairs[is_link], limits)]
        reasons = pd.Series(hold_the_worse(pairs.loc[disputed], limits), index=disputed, dtype="object")
        pairs.loc[disputed, "held_because"] = reasons
        is_link &= pairs["held_because"].isna()
    return pairs.assign(is_link=is_link)[list(PAIR_COLUMNS)].astype(PAIR_COLUMNS)


def probable_pairs(profiles, levels, rules, limits, link_threshold, review_threshold, profiles_in_all=None):
    """Return the frame of this model from an Arrow table of profiles."""
    if profiles.num_rows < 2 or not has_candidates(profiles, rules):
        return pd.DataFrame({name: pd.Series(dtype=kind) for name, kind in PAIR_COLUMNS.items()})
    pairs = scored_pairs(profiles, levels, rules, review_threshold, profiles_in_all)
    return decided_pairs(pairs, limits, link_threshold)


def model(dbt, session):
    """Source profiles with a name in, pairs that link or that a steward should review out."""
    dbt.config(materialized="table")
    profiles = dbt.ref("int_identity__source_profiles")
    levels = dbt.ref("identity_match_levels").order("comparison_number, level_number")
    rules = dbt.ref("identity_match_blocking").order("rule_number")
    limits = dbt.ref("identity_rules").filter("max_values_per_person is not null")
    match_prior = dbt.ref("int_identity__match_prior")
    named = profiles.filter("first_name is not null or last_name is not null")
    if str(dbt.config.get("is_on")).lower() != "true":
        named = named.limit(0)
    return pa.Table.from_pandas(
        probable_pairs(
            named.project(PROFILE_COLUMNS).order("node").to_arrow_table(),
            levels.to_arrow_table().to_pylist(),
            rules.to_arrow_table().to_pylist(),
            dict(limits.project("identifier_type, max_values_per_person").fetchall()),
            float(dbt.config.get("link_threshold")),
            float(dbt.config.get("review_threshold")),
            match_prior.fetchall()[0][0],
        ),
        preserve_index=False,
    )
