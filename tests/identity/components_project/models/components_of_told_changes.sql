{{ config(materialized='connected_components', changed_links='raw.changes') }}

select
    left_node,
    right_node
from raw.links
