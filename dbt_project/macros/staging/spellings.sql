{#-
    The spellings of a field's name, the preferred one first: `order_id`, `orderId`. The third one, `orderID`, is the second
    after with_id_keys: engines do not tell apart the names of a struct's fields by their case.
-#}
{% macro spellings(name) -%}
    {%- set words = name.split("_") -%}
    {{ return([name, words[0] ~ words[1:] | map("capitalize") | join] | unique | list) }}
{%- endmacro %}

{#- JSON text in which keys such as `orderID` are spelled `orderId`. Only a key's end is followed by a colon. -#}
{% macro with_id_keys(json) -%}
    case
        when cast({{ json }} as {{ dbt.type_string() }}) like '%ID":%'
            then replace(cast({{ json }} as {{ dbt.type_string() }}), 'ID":', 'Id":')
        else cast({{ json }} as {{ dbt.type_string() }})
    end
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
