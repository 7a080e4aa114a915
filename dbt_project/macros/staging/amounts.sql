{#-
    The amount in a value of a message's JSON, a `json` field of `json_fields`: a number, or a text that programs read as one.
    Null for all other texts, which `amount_text` returns, and for 1.234 as text, which some write for 1234: `int_records__amounts`
    reads them. Null, too, for what the type cannot hold, or would hold as 0.
-#}
{% macro parse_amount(value) -%}
    case
        when not coalesce({{ regexp_matches(json_text(value), "'^ *[-+]?[1-9][0-9]{0,2}[.][0-9]{3} *$'") }} and {{ is_json_text(value) }}, false)
            then {{ parse_number(json_text(value)) }}
    end
{%- endmacro %}

{#-
    A number of pieces in a value of a message's JSON, as `parse_amount` reads it, but that 1.500 is one and a half; null for a
    billion and more.
-#}
{% macro parse_quantity(value) -%}
    case
        when abs({{ parse_number(json_text(value)) }}) < 1000000000 then {{ parse_number(json_text(value)) }}
    end
{%- endmacro %}

{#- The text of a value of a message's JSON that is given, but which `parse_amount` or another macro, `parse`, cannot read. -#}
{% macro amount_text(value, parse=parse_amount) -%}
    case when {{ parse(value) }} is null then {{ clean_text(json_text(value)) }} end
{%- endmacro %}
