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
