{#-
    The channel that a ticket event came by, from its `via`: an object with a channel, or the words Zendesk's export uses
    in its place, such as "Web form" or "Phone call (inbound)".
-#}
{% macro support_channel(via) -%}
    {%- set words = "lower(cast(" ~ via ~ " as " ~ dbt.type_string() ~ "))" -%}
    case
        when {{ words }} like '%"channel"%' then {{ regexp_extract(words, "'\"channel\"[ ]*:[ ]*\"([^\"]+)\"'") }}
        when {{ words }} like '%web%' then 'web'
        when {{ words }} like '%mail%' then 'email'
        when {{ words }} like '%chat%' then 'chat'
        when {{ words }} like '%phone%' or {{ words }} like '%voice%' then 'voice'
        when {{ words }} like '%messag%' then 'messaging'
        else {{ clean_text("replace(" ~ words ~ ", '\"', '')") }}
    end
{%- endmacro %}
