{#-
    Returns the channel of a ticket event from its `via`: an object with a channel, or the words that Zendesk's export uses
    instead, such as "Web form" or "Phone call (inbound)".
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

{#-
    Returns the channel of a ticket in the spelling of the seed `support_channels`: "Web Widget" and "web-widget" are
    `web_widget`.
-#}
{% macro via_name(channel) -%}
    {%- set words = regexp_replace("lower(" ~ channel ~ ")", "'[^a-z0-9]+'", "'_'") -%}
    nullif({{ regexp_replace(words, "'^_|_$'", "''") }}, '')
{%- endmacro %}

{#- A satisfaction score in lower case; null if the customer has not answered, or was not asked. -#}
{% macro given_rating(score) -%}
    nullif(nullif(lower({{ clean_text(score) }}), 'offered'), 'unoffered')
{%- endmacro %}

{#-
    True for the comment that Zendesk writes on both tickets of a merge: by the `via` of the comment or of its audit, else
    by its English words. A `via` is JSON ("rel": "merge") or the words of an export ("Merge").
-#}
{% macro is_merge_note(vias, body) -%}
    {%- set pattern = "'\"rel\"[ ]*:[ ]*\"merge\"|^\"?merge\"?$'" -%}
    {%- for via in vias %}
    coalesce({{ regexp_matches("lower(" ~ via ~ ")", pattern) }}, false)
    or {% endfor -%}
    coalesce({{ regexp_matches("lower(" ~ body ~ ")", "'closed and merged into (this )?(request|ticket)'") }}, false)
{%- endmacro %}

{#- The tickets that were merged into the ticket of a merge note, as a JSON array, from the note's `via`; else null. -#}
{% macro merged_ticket_ids(via) -%}
    {{ regexp_extract(via, pattern_literal('"ticket_ids"[ ]*:[ ]*(\\[[^\\]]*\\])')) }}
{%- endmacro %}
