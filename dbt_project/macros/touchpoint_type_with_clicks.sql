{#- Type of a touchpoint, with the clicks that are found to be rage or dead clicks named so. Reads `touchpoints`,
    `rage_clicks` and `dead_clicks`, the latter two left-joined by touchpoint. -#}
{% macro touchpoint_type_with_clicks() -%}
    case
        when rage_clicks.touchpoint_id is not null then 'rage_clicked'
        when dead_clicks.touchpoint_id is not null then 'dead_clicked'
        else touchpoints.touchpoint_type
    end
{%- endmacro %}
