{#-
    The part of a host that all hosts of one site share: its last two labels, or three below a country's shared second level,
    so that shop.example.co.uk and google.co.uk are two sites.
-#}
{% macro site_domain(host) -%}
    coalesce(
        {{ regexp_extract(host, "'[^.]+[.](co|com|org|net|gov|edu|ac|or|ne|go)[.][a-z][a-z]$'", 0) }},
        {{ regexp_extract(host, "'[^.]+([.][^.]+)?$'", 0) }}
    )
{%- endmacro %}
