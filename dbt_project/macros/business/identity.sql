{#-
    Returns the customer id for an identifier node, `type:value`: its hash with a secret (`int_identity__naming_key`). Without
    the secret, a list of e-mail addresses or of all phone numbers would be enough to find out whose an id is.
-#}
{% macro customer_id(node, naming_key) -%}
    {{ dbt.concat(["'cus_'", dbt.hash(dbt.concat([naming_key, node]))]) }}
{%- endmacro %}

{#-
    Returns an identifier that a system issued in one spelling. Programs and data frames may write the number 12345 as 12345.0
    or 1.2345E4, and a UUID in upper or lower case. Nothing else is changed: "007" and "7" may be two accounts. A number of 17
    digits or more has already lost its last digits, so it is not changed.
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

{#-
    Returns the branches of a `case` with the reason why an identifier value may not link records: it matches a blocked pattern,
    or it does not match the valid pattern of its type. The patterns are constants in the SQL.
-#}
{% macro unusable_value_branches(identifier_type, value, lowered_value, blocked_values, rules) -%}
    {%- set blocked = seed_rows(blocked_values, ["identifier_type", "value", "reason"], where="is_pattern") -%}
    {%- for blocked_type, pattern, reason in blocked %}
            when
                {% if blocked_type != "any" %}{{ identifier_type }} = '{{ blocked_type }}' and {% endif %}
                {{- regexp_matches(lowered_value, pattern_literal(pattern)) }}
                then '{{ reason | replace("'", "''") }}'
    {%- endfor %}
    {%- for valid_type, pattern in seed_rows(rules, ["identifier_type", "valid_pattern"]) %}
            when {{ identifier_type }} = '{{ valid_type }}' and not {{ regexp_matches(value, pattern_literal(pattern)) }}
                then 'not a valid value'
    {%- endfor %}
{%- endmacro %}

{#-
    Returns the country of a source's phone numbers without a country code, as a text literal; null if the source has no
    setting.
-#}
{% macro phone_region(source) -%}
    nullif('{{ env_var(source | upper ~ "_PHONE_REGION", "") }}', '')
{%- endmacro %}

{#- Returns the sources that may have such a setting. -#}
{% macro phone_sources() -%}
    {{ return(["web", "app", "marketing", "store", "support"]) }}
{%- endmacro %}

{#- Returns just enough of an email address or phone number to distinguish two at a glance, safe to publish: a***@***, ***33. -#}
{% macro contact_hint(value) -%}
    case
        when {{ value }} like '%@%' then {{ dbt.concat(["left(" ~ value ~ ", 1)", "'***@***'"]) }}
        else {{ dbt.concat(["'***'", "right(" ~ value ~ ", 2)"]) }}
    end
{%- endmacro %}
