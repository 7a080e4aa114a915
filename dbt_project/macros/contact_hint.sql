{#- Just enough of an email address or phone number to tell two apart by eye, safe to publish: a***@***, ***33. -#}
{% macro contact_hint(value) -%}
    case
        when {{ value }} like '%@%' then {{ dbt.concat(["left(" ~ value ~ ", 1)", "'***@***'"]) }}
        else {{ dbt.concat(["'***'", "right(" ~ value ~ ", 2)"]) }}
    end
{%- endmacro %}
