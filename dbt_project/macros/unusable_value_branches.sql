{#-
    The branches of a `case` that name why an identifier value links nobody: a blocked pattern that it fits, or the valid
    pattern of its type that it does not. The patterns stand in the SQL as constants.
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
