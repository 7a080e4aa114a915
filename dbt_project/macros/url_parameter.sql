{#-
    The value of one parameter of an address, from its query string or its fragment, the parameter's name in any case; null
    where the address does not have it. Only an address that contains the name is searched: most have no campaign.
-#}
{% macro url_parameter(url, name) -%}
    case
        when lower({{ url }}) like '%{{ name }}=%'
            then {{ url_decode(regexp_extract(url, "'(?i)[?&#;]" ~ name ~ "=([^&#]*)'")) }}
    end
{%- endmacro %}
