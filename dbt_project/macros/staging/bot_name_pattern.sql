{#- Pattern of agents' names that mark a bot: Helper Bot, Chatbot, HelperBot, Virtual Assistant; not Talbot or Abbott. -#}
{% macro bot_name_pattern() -%}
    '(^|[^A-Za-z])([Cc]hat)?([Bb]ot|BOT)($|[^A-Za-z])|[a-z]Bot($|[^A-Za-z])|([Vv]irtual|AI) ([Aa]ssistant|[Aa]gent)'
{%- endmacro %}
