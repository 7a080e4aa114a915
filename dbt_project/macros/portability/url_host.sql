{#- The host of an address, in lower case, without user, port or path; null where it has none. -#}
{% macro url_host(url) -%}
    lower({{ regexp_extract(url, "'^[A-Za-z][A-Za-z0-9+.-]*://([^/?#@]*@)?([^/?#:@]+)'", 2) }})
{%- endmacro %}
