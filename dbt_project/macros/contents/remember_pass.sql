{#- Statements that remember what a test has passed on. -#}
{% macro remember_pass(made_from) -%}
    delete from {{ contents_table() }} where name = '{{ model.unique_id }}';
    insert into {{ contents_table() }} (name, made_from) values ('{{ model.unique_id }}', '{{ made_from }}')
{%- endmacro %}
