{#- At the end of a run: whether it built all of these models. -#}
{% macro are_built(models) -%}
    {%- set built = [] -%}
    {%- for result in results if result.status == "success" -%}
        {%- do built.append(result.node.name) -%}
    {%- endfor -%}
    {{ return(models | reject("in", built) | list | length == 0) }}
{%- endmacro %}
