{#-
    A campaign's medium in plain words, so that one pattern reads Paid-Social, paid_social and paid+social; what a
    medium says is not paid for ("non-paid") is one word that starts otherwise.
-#}
{% macro campaign_words(medium) -%}
    trim({{ regexp_replace(plain_words(medium), "'(^| )(non|not) ?paid( |$)'", "' unpaid '") }})
{%- endmacro %}
