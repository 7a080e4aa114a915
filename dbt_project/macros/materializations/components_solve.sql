{#-
    Hooks and jumps until no edge joins two roots. Returns the relation (`child`, `root`) of every node that is not its
    own root. At most 64 rounds: the number of roots in a component at least halves every second round.
-#}
{% macro components_solve(work, nodes, edges) %}
    {%- set state = namespace(edges=edges, open=components_count(work, "select count(*) from " ~ edges), roots=none) -%}
    {% for round in range(64) %}
        {% if state.open > 0 %}
            {%- set hooked = components_jump(work, components_work_table(work, "hooks", components_hook(state.edges))) -%}
            {% if state.roots is none %}
                {%- set state.roots = hooked -%}
            {% else %}
                {%- set state.roots = components_work_table(work, "roots", components_follow(state.roots, hooked)) -%}
            {% endif %}
            {%- set state.edges = components_work_table(work, "edges", components_contract(state.edges, hooked)) -%}
            {%- set state.open = components_count(work, "select count(*) from " ~ state.edges) -%}
        {% endif %}
    {% endfor %}
    {% if state.roots is none %}
        {%- set state.roots = components_work_table(work, "roots", "select node_id as child, node_id as root from " ~ nodes ~ " where 1 = 0") -%}
    {% endif %}
    {{ return(state.roots) }}
{% endmacro %}

{#- Every root that has a smaller linked root hooks on to the smallest. -#}
{% macro components_hook(edges) %}
    select high_id as child, min(low_id) as root from {{ edges }} group by high_id
{% endmacro %}

{#- Shortens chains of hooks by half at a time, until each hook points at a root. -#}
{% macro components_jump(work, hooks) %}
    {%- set state = namespace(hooks=hooks, chained=1) -%}
    {% for jump in range(64) %}
        {% if state.chained > 0 %}
            {%- set state.chained = components_count(
                work,
                "select count(*) from " ~ state.hooks ~ " as lower inner join " ~ state.hooks ~ " as upper on lower.root = upper.child"
            ) -%}
            {% if state.chained > 0 %}
                {%- set state.hooks = components_work_table(work, "hooks", components_shorten(state.hooks)) -%}
            {% endif %}
        {% endif %}
    {% endfor %}
    {{ return(state.hooks) }}
{% endmacro %}

{% macro components_shorten(hooks) %}
    select
        lower.child,
        coalesce(upper.root, lower.root) as root
    from {{ hooks }} as lower
    left join {{ hooks }} as upper on lower.root = upper.child
{% endmacro %}

{#- Carries what hooked in earlier rounds along to the new roots, and adds what hooked in this one. -#}
{% macro components_follow(roots, hooked) %}
    select
        earlier.child,
        coalesce(hooked.root, earlier.root) as root
    from {{ roots }} as earlier
    left join {{ hooked }} as hooked on earlier.root = hooked.child
    union all
    select child, root from {{ hooked }}
{% endmacro %}

{#- The edges between roots that are left. -#}
{% macro components_contract(edges, hooked) %}
    select distinct
        least(coalesce(lows.root, edges.low_id), coalesce(highs.root, edges.high_id)) as low_id,
        greatest(coalesce(lows.root, edges.low_id), coalesce(highs.root, edges.high_id)) as high_id
    from {{ edges }} as edges
    left join {{ hooked }} as lows on edges.low_id = lows.child
    left join {{ hooked }} as highs on edges.high_id = highs.child
    where coalesce(lows.root, edges.low_id) <> coalesce(highs.root, edges.high_id)
{% endmacro %}
