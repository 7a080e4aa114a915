-- One row per ticket: the chain of linked tickets that it is in, named by the chain's smallest ticket.
{{ config(materialized='connected_components') }}

with

ticket_links as (

    select * from {{ ref('int_service__ticket_links') }}

)

select
    left_node,
    right_node
from ticket_links
