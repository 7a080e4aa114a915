{#- One row per node, numbered in the order of its name, so that the smallest number of a component names it. -#}
{% macro components_number_nodes(links) %}
    select
        node,
        row_number() over (order by node) as node_id
    from (
        select left_node as node from {{ links }}
        union
        select right_node as node from {{ links }}
    ) as every_node
{% endmacro %}
