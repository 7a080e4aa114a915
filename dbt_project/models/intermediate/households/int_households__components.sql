-- One row per surname and address: the household that it is part of, named by the smallest one.
{{ config(materialized='connected_components') }}

with

links as (

    select * from {{ ref('int_households__links') }}

)

select
    left_node,
    right_node
from links
