{#-
    An identifier that a system issued, in one spelling. Typed languages and data frames write the number 12345 as 12345.0
    or 1.2345E4, and platforms write a UUID in capitals or small letters. Nothing else is changed: "007" and "7" may be two
    accounts. A number of 17 digits or more has lost its last digits on its way, so it stays as it is.
-#}
{% macro plain_identifier(text) -%}
    {%- set uuid = "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}" -%}
    case
        when {{ regexp_matches(text, "'^-?(0|[1-9][0-9]{0,15})[.]0+$'") }}
            then {{ dbt.split_part(text, "'.'", 1) }}
        when
            {{ regexp_matches(text, "'^[1-9][.][0-9]{1,15}E[0-9]{1,2}$'") }}
            and {{ try_cast(text, "double") }} = floor({{ try_cast(text, "double") }})
            and {{ try_cast(text, "double") }} < 9007199254740992
            then cast(cast({{ try_cast(text, "double") }} as {{ dbt.type_bigint() }}) as {{ dbt.type_string() }})
        when {{ regexp_matches("lower(" ~ text ~ ")", "'^(urn:uuid:|[{])?" ~ uuid ~ "[}]?$'") }}
            then {{ regexp_extract("lower(" ~ text ~ ")", "'(" ~ uuid ~ ")'") }}
        when {{ regexp_matches(text, "'^[0-9A-Fa-f]{32,}$'") }} then lower({{ text }})
        else {{ text }}
    end
{%- endmacro %}
