{#- The query string of an address with the values taken out, `?gclid=&utm_source=`; empty where there is none. -#}
{% macro url_parameter_names(url) -%}
    {{ regexp_replace(regexp_extract(url, "'[?][^#]*'", 0), "'=[^&]*'", "'='") }}
{%- endmacro %}
