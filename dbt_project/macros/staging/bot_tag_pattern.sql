{#- Pattern of lower-cased tags that mark a bot: bot, chatbot, answer_bot, bot-handled; not robot or bottle. -#}
{% macro bot_tag_pattern() -%}
    '(^|[_ -])(chat)?(bot|ai_agent)($|[_ -])'
{%- endmacro %}
