"""The second ring: the records from which the rows of the touched customers are computed."""

import duckdb

# Types of objects whose records must all be in the slice, including those of other customers.
SHARED = "('order_id', 'booking_id', 'application_id', 'ticket_id', 'comment_id', 'audience_member')"


def find_context(connection: duckdb.DuckDBPyConnection) -> None:
    """Make `touched_units` and `slice_units` from the touched customers: complete components and objects.

    `complete_nodes` are the identifiers whose records are all in the slice.
    """
    connection.execute("""
        create or replace temp table touched_units as
        select distinct unit from before_customers where customer_id in (select customer_id from touched)
        union
        select unit from loose_units
    """)
    find_objects(connection, "touched_units", "objects_of_touched")
    connection.execute("""
        create or replace temp table object_units as
        select distinct unit from all_objects semi join objects_of_touched using (object_type, object_name)
    """)
    _find_sign_ins(connection)
    _find_components(connection)
    connection.execute("""
        create or replace temp table complete_nodes as
        select node from kept.intermediate.int_identity__candidate_clusters
        where component in (from identity_components)
        union
        select node from nodes
    """)
    connection.execute("""
        create or replace temp table slice_units as
        select unit from touched_units
        union
        select unit from object_units
        union
        select unit from sign_in_units
        union
        -- All records of the identifiers of changed records, except of identifiers that stay hubs.
        select unit from identifiers
        where
            tier = 1
            and node in (from nodes)
            and not (
                node in (select node from hubs_now) and node in (select node from kept.intermediate.int_identity__hubs)
            )
        union
        select unit from evidence
        inner join kept.intermediate.int_identity__candidate_clusters as clusters using (node)
        where component in (from identity_components)
    """)


def find_objects(connection: duckdb.DuckDBPyConnection, units: str, objects: str) -> None:
    """Make ``objects``: all that these units reference, before and now, and objects referenced with them."""
    connection.execute(f"""
        create or replace temp table {objects} as
        with recursive named (object_type, object_name) as (
            select distinct object_type, object_name from all_objects
            where object_type in {SHARED} and unit in (select unit from {units})
            union
            select others.object_type, others.object_name
            from named
            inner join all_objects as same
                on named.object_type = same.object_type and named.object_name = same.object_name
            inner join all_objects as others on same.unit = others.unit
            where others.object_type in {SHARED}
        )
        select distinct object_type, object_name from named
    """)


def _find_sign_ins(connection: duckdb.DuckDBPyConnection) -> None:
    """Make `sign_in_units`: sign-ins on the devices of the slice, which decide whose its visits are.

    A device certainly stays public if untouched customers alone exceed the limit. It is copied into the slice
    (`certain_public_devices`) without its customers.
    """
    connection.execute("""
        create or replace temp table certain_public_devices as
        select device_node
        from kept.intermediate.int_identity__sign_ins as sign_ins
        inner join kept.seeds.identity_rules as rules using (identifier_type)
        where
            device_node in (select device_node from kept.intermediate.int_identity__public_devices)
            and customer_id not in (select customer_id from touched)
        group by device_node, max_people_per_value
        having count(distinct customer_id) > max_people_per_value
    """)
    connection.execute("""
        create or replace temp table devices as
        select distinct node from identifiers
        where
            tier = 2
            and node not in (from certain_public_devices)
            and unit in (select unit from touched_units union select unit from object_units)
    """)
    connection.execute("""
        create or replace temp table sign_in_units as
        select distinct unit from identifiers
        where
            tier = 2 and node in (from devices)
            and record_key in (select record_key from identifiers where tier = 1)
    """)


def _find_components(connection: duckdb.DuckDBPyConnection) -> None:
    """Make `identity_components`: components of people who share something with the touched or resemble them."""
    connection.execute("""
        create or replace temp table identity_components as
        with clusters as (
            select node, component from kept.intermediate.int_identity__candidate_clusters
        ),
        people as (
            select node from kept.intermediate.int_identity__people
            where customer_id in (select customer_id from touched union select customer_id from reviewed)
        )
        select component from components
        union
        select component from clusters where node in (from mates)
        union
        select component from clusters
        where node in (
            select right_node from known_pairs where left_node in (from people)
            union
            select left_node from known_pairs where right_node in (from people)
        )
        union
        select component from identifiers inner join clusters using (node)
        where
            identifiers.tier = 1
            and identifiers.unit in (
                select unit from touched_units
                union
                select unit from object_units
                union
                select unit from sign_in_units
            )
    """)
