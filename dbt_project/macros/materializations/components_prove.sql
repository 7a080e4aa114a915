{#- Fails the model if any link still joins two components: the proof that the fixed point was reached. -#}
{% macro components_prove(work, links, components) %}
    {%- set open_links = components_count(
        work,
        "select count(*) from " ~ links ~ " as links"
        ~ " inner join " ~ components ~ " as lefts on links.left_node = lefts.node"
        ~ " inner join " ~ components ~ " as rights on links.right_node = rights.node"
        ~ " where lefts.component <> rights.component"
    ) -%}
    {% if open_links > 0 %}
        {{ exceptions.raise_compiler_error(this ~ ": " ~ open_links ~ " links still join two components") }}
    {% endif %}
{% endmacro %}
