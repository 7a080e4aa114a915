{#-
    Pattern of what programs put into a user agent to say that they are one: an address for questions, or a word such as bot or
    crawler. The agents of people's browsers and apps have none: 0.2% of Matomo's 36,000 test agents of phones, tablets,
    televisions and apps match it.
-#}
{% macro machine_mark() -%}
    (?i)https?://|[+]http|www[.]|[a-z0-9._-]+@[a-z0-9-]+[.]|bot|crawl|spider|scrap|fetch|monitor|uptime|headless|harvest|slurp
{%- endmacro %}
