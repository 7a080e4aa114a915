{#-
    Pattern of what programs put into a user agent to say that they are one: an address for questions, or a word such as bot or
    crawler. The agents of people's browsers and apps have none: 0.2% of Matomo's 36,000 test agents of phones, tablets,
    televisions and apps match it.
-#}
{% macro machine_mark() -%}
    (?i)https?://|[+]http|www[.]|[a-z0-9._-]+@[a-z0-9-]+[.]|bot|crawl|spider|scrap|fetch|monitor|uptime|headless|harvest|slurp
{%- endmacro %}

{#- Pattern of agents' names that mark a bot: Helper Bot, Chatbot, HelperBot, Virtual Assistant; not Talbot or Abbott. -#}
{% macro bot_name_pattern() -%}
    '(^|[^A-Za-z])([Cc]hat)?([Bb]ot|BOT)($|[^A-Za-z])|[a-z]Bot($|[^A-Za-z])|([Vv]irtual|AI) ([Aa]ssistant|[Aa]gent)'
{%- endmacro %}

{#- Pattern of lower-cased tags that mark a bot: bot, chatbot, answer_bot, bot-handled; not robot or bottle. -#}
{% macro bot_tag_pattern() -%}
    '(^|[_ -])(chat)?(bot|ai_agent)($|[_ -])'
{%- endmacro %}
