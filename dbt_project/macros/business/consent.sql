{#-
    Returns whether a consent string of the IAB's TCF, version 2, grants a purpose (1 to 24): bit 151 + purpose of the core
    segment, with six bits per base64url character. Null if the string is too short.
-#}
{% macro tcf_purpose(tc_string, purpose) -%}
    {%- set sign = "substring(" ~ tc_string ~ ", cast(floor((151 + " ~ purpose ~ ") / 6) as " ~ dbt.type_int() ~ ") + 1, 1)" -%}
    {%- set alphabet = "'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'" -%}
    case
        when {{ sign }} = '' then null
        else mod(
            cast(floor(
                ({{ dbt.position(sign, alphabet) }} - 1) / power(2, 5 - mod(151 + {{ purpose }}, 6))
            ) as {{ dbt.type_int() }}),
            2
        ) = 1
    end
{%- endmacro %}
