{#-
    The names of the parameters of an address, from its query string and its fragment, in lower case between ampersands:
    `&gclid&utm_source&`; null where it has none.
-#}
{% macro url_parameter_names(url) -%}
    {%- set parameters = "lower(" ~ regexp_extract(url, "'[?#].*'", 0) ~ ")" -%}
    {%- set names = regexp_replace(regexp_replace(parameters, "'=[^&#]*'", "''"), "'[?#&;]+'", "'&'") -%}
    nullif({{ names }} || '&', '&&')
{%- endmacro %}
