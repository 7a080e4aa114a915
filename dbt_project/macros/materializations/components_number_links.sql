{#- One row per pair of different linked nodes, the smaller number first. -#}
{% macro components_number_links(links, nodes) %}
    select distinct
        least(left_nodes.node_id, right_nodes.node_id) as low_id,
        greatest(left_nodes.node_id, right_nodes.node_id) as high_id
    from {{ links }} as links
    inner join {{ nodes }} as left_nodes on links.left_node = left_nodes.node
    inner join {{ nodes }} as right_nodes on links.right_node = right_nodes.node
    where left_nodes.node_id <> right_nodes.node_id
{% endmacro %}
