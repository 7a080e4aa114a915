-- One row per surname and address, with the household that it is part of, named by its smallest surname and address.
-- Surnames at one address are linked if their people share a telephone number. A number that strangers share, such as
-- a shop's, links nobody.
{{ config(materialized='connected_components') }}

with

stays as (

    select * from {{ ref('int_households__stays') }}

),

record_customers as (

    select * from {{ ref('int_identity__record_customers') }}
    where tier = 1

),

identifiers as (

    select * from {{ ref('int_identity__identifiers') }}
    where identifier_type = 'phone'

),

hubs as (

    select * from {{ ref('int_identity__hubs') }}

),

phones as (

    select distinct
        record_customers.customer_id,
        identifiers.node
    from identifiers
    inner join record_customers
        on identifiers.record_key = record_customers.record_key
    left join hubs
        on identifiers.node = hubs.node
    where hubs.node is null

),

reachable_stays as (

    select distinct
        stays.address,
        stays.household_key,
        phones.node
    from stays
    inner join phones
        on stays.customer_id = phones.customer_id

),

shared_phones as (

    select distinct
        reachable_stays.household_key as left_node,
        others.household_key as right_node
    from reachable_stays
    inner join reachable_stays as others
        on
            reachable_stays.address = others.address
            and reachable_stays.node = others.node
            and reachable_stays.household_key < others.household_key

),

single_keys as (

    select distinct
        household_key as left_node,
        household_key as right_node
    from stays

),

links as (

    select * from shared_phones
    union all
    select * from single_keys

)

select * from links
