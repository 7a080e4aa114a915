{#- The value as `type`; null, not an error, if it cannot be one. -#}
{% macro try_cast(value, type) -%}
    try_cast({{ value }} as {{ type }})
{%- endmacro %}

{#- A share or rate as a double; null if the denominator is zero. -#}
{% macro safe_divide(numerator, denominator) -%}
    (cast({{ numerator }} as double) / nullif({{ denominator }}, 0))
{%- endmacro %}

{#-
    A double with some digits after the point; halves go away from 0. Write it also where a double becomes a decimal: the
    engines round it differently. 36.05385 has 360538.49999999994 ten-thousandths, which DuckDB rounds down; Spark rounds the
    printed digits, up.
-#}
{% macro rounded(value, digits) -%}
    {{ return(adapter.dispatch("rounded", "throughline")(value, digits)) }}
{%- endmacro %}

{% macro default__rounded(value, digits) -%}
    round({{ value }}, {{ digits }})
{%- endmacro %}

{% macro spark__rounded(value, digits) -%}
    (round(({{ value }}) * 1e{{ digits }}) / 1e{{ digits }})
{%- endmacro %}

{#- Returns the mean of a group as a double. On Spark the mean of decimals is a decimal with few digits. -#}
{% macro average(value) -%}
    {{ return(adapter.dispatch("average", "throughline")(value)) }}
{%- endmacro %}

{% macro default__average(value) -%}
    avg({{ value }})
{%- endmacro %}

{% macro spark__average(value) -%}
    (cast(sum({{ value }}) as double) / count({{ value }}))
{%- endmacro %}

{#- How many rows of a group meet a condition, as a whole number. -#}
{% macro count_where(condition) -%}
    cast(sum(case when {{ condition }} then 1 else 0 end) as {{ dbt.type_bigint() }})
{%- endmacro %}

{#- The value below which a fraction of a group lies, interpolated, as a double: 0.5 is the median. DuckDB would
    interpolate decimals in their own type, and make 24.7 of 24.7 and 24.8. -#}
{% macro percentile(value, fraction) -%}
    {{ return(adapter.dispatch("percentile", "throughline")(value, fraction)) }}
{%- endmacro %}

{% macro default__percentile(value, fraction) -%}
    quantile_cont(cast({{ value }} as double), {{ fraction }})
{%- endmacro %}

{% macro spark__percentile(value, fraction) -%}
    percentile({{ value }}, {{ fraction }})
{%- endmacro %}

{#-
    Dunning's log-likelihood ratio of two things that `both` of `total` people did, where `one` did the first and
    `other` the second. All four are doubles; 0 means that they do not depend on each other.
-#}
{% macro log_likelihood_ratio(both, one, other, total) -%}
    {%- set cells = [
        (both, one, other),
        ("(" ~ one ~ " - " ~ both ~ ")", one, "(" ~ total ~ " - " ~ other ~ ")"),
        ("(" ~ other ~ " - " ~ both ~ ")", "(" ~ total ~ " - " ~ one ~ ")", other),
        ("(" ~ total ~ " - " ~ one ~ " - " ~ other ~ " + " ~ both ~ ")",
            "(" ~ total ~ " - " ~ one ~ ")", "(" ~ total ~ " - " ~ other ~ ")"),
    ] -%}
    2 * (
        {%- for count, row_total, column_total in cells %}
        {{ "+ " if not loop.first }}case when {{ count }} > 0 then {{ count }} * ln({{ count }} * {{ total }} / ({{ row_total }} * {{ column_total }})) else 0 end
        {%- endfor %}
    )
{%- endmacro %}
