{#-
    Returns the type of amounts and quantities. It has the four decimals that points of sale and exchange rates need, and is
    large enough for sums and products of all amounts that `parse_number` accepts, so that no record can fail a build.
-#}
{% macro type_money() -%}
    decimal(28, 4)
{%- endmacro %}

{#-
    Returns a plain number with a decimal point as an amount; null, not an error, if it is not a number, has more than 14 digits
    before the point, or is so small that it would be rounded to 0.
-#}
{% macro parse_number(value) -%}
    case
        when {{ try_cast(value, "decimal(18, 4)") }} <> 0 or {{ try_cast(value, "double") }} = 0
            then cast({{ try_cast(value, "decimal(18, 4)") }} as {{ type_money() }})
    end
{%- endmacro %}

{#- Returns a sum or product of amounts as an amount; null, not an error, if it has more than 14 digits before the point. -#}
{% macro to_money(value) -%}
    cast({{ try_cast(value, "decimal(18, 4)") }} as {{ type_money() }})
{%- endmacro %}

{#- An amount of money as text, with two decimals, or more if it has more: 24.99, 19.90, 0.125. -#}
{% macro money_text(amount) -%}
    {{ regexp_replace(dbt.cast("cast(" ~ amount ~ " as " ~ type_money() ~ ")", dbt.type_string()), "'0{1,2}$'", "''") }}
{%- endmacro %}

{#- The currency that all amounts are converted to, as a text literal. -#}
{% macro reporting_currency() -%}
    '{{ env_var("REPORTING_CURRENCY", "USD") }}'
{%- endmacro %}

{#- Returns whether a row of `exchange_rates` is the rate of a currency on a day. -#}
{% macro is_rate_of_day(currency, day) -%}
    {{ currency }} = exchange_rates.currency
            and {{ day }} >= exchange_rates.valid_from
            and (exchange_rates.valid_until is null or {{ day }} < exchange_rates.valid_until)
{%- endmacro %}

{#- The factor that converts an amount to the reporting currency; null if its day has no rate. -#}
{% macro reporting_rate(currency) -%}
    case when {{ currency }} = {{ reporting_currency() }} then 1 else exchange_rates.exchange_rate end
{%- endmacro %}
