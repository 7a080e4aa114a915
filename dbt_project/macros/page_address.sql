{#-
    An address without its parameters, and without any part of its path that holds an email address: what tells pages apart
    and is no personal data.
-#}
{% macro page_address(url) -%}
    {{ regexp_replace(regexp_extract(url, "'^[^?#]+'", 0), "'[^/]*(@|%40)[^/]*'", "'*'") }}
{%- endmacro %}
