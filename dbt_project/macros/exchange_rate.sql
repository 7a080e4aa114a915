{#- Whether a row of `exchange_rates` is the one for a currency on a day. -#}
{% macro is_rate_of_day(currency, day) -%}
    {{ currency }} = exchange_rates.currency
            and {{ day }} >= exchange_rates.valid_from
            and (exchange_rates.valid_until is null or {{ day }} < exchange_rates.valid_until)
{%- endmacro %}

{#- What an amount is multiplied with to tell it in the reporting currency; null where its day has no rate. -#}
{% macro reporting_rate(currency) -%}
    case when {{ currency }} = {{ reporting_currency() }} then 1 else exchange_rates.exchange_rate end
{%- endmacro %}
