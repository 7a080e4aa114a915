{#-
    In a test of `model`: whether another row may have the same values of `columns`. It is true of all that are repeated, and
    hardly of others, so only few rows are left to be grouped by the values themselves: of ten million long keys that takes
    three times as long as of numbers.
-#}
{% macro may_be_repeated(model, columns) -%}
    {{ value_hash(columns) }} in (
        select {{ value_hash(columns) }} from {{ model }}
        group by {{ value_hash(columns) }}
        having count(*) > 1
    )
{%- endmacro %}
