{#- The spellings of a field's name, the preferred one first: `order_id`, `orderId`, `orderID`. -#}
{% macro spellings(name) -%}
    {%- set words = name.split("_") -%}
    {%- set names = [name, words[0] ~ words[1:] | map("capitalize") | join] -%}
    {%- if words[-1] == "id" and words | length > 1 -%}
        {%- do names.append(names[1][:-2] ~ "ID") -%}
    {%- endif -%}
    {{ return(names | unique | list) }}
{%- endmacro %}

{#- The fields of json_fields for these names, in all their spellings. -#}
{% macro spelled_fields(names) -%}
    {%- set fields = {} -%}
    {%- for name in names -%}
        {%- for spelling in spellings(name) -%}
            {%- do fields.update({spelling: none}) -%}
        {%- endfor -%}
    {%- endfor -%}
    {{ return(fields) }}
{%- endmacro %}

{#- The columns of the fields with these names, in all their spellings, for first_text; `owner` is the struct. -#}
{% macro spelled_columns(owner, names) -%}
    {%- set columns = [] -%}
    {%- for name in names -%}
        {%- for spelling in spellings(name) -%}
            {%- do columns.append(owner ~ "." ~ spelling) -%}
        {%- endfor -%}
    {%- endfor -%}
    {{ return(columns) }}
{%- endmacro %}
