{#- Names of the attribution models, in the order in which marts list them. -#}
{% macro attribution_models() -%}
    {{ return(['first_touch', 'last_touch', 'last_non_direct', 'linear', 'position_based', 'time_decay', 'markov', 'shapley']) }}
{%- endmacro %}
