{#- A satisfaction score in lower case; null while the customer was only asked, or not even asked. -#}
{% macro given_rating(score) -%}
    nullif(nullif(lower({{ clean_text(score) }}), 'offered'), 'unoffered')
{%- endmacro %}
