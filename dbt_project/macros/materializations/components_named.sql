{#- One row per node with the name of its component's smallest node. -#}
{% macro components_named(nodes, solved) %}
    select
        nodes.node,
        coalesce(root_nodes.node, nodes.node) as component
    from {{ nodes }} as nodes
    left join {{ solved }} as solved on nodes.node_id = solved.child
    left join {{ nodes }} as root_nodes on solved.root = root_nodes.node_id
{% endmacro %}
