{#-
    A campaign parameter as given; null for a placeholder such as (not set), null or {{campaign.name}}, which a tool sends for
    an unknown value. An unfilled macro counts as a placeholder only when it is the whole text.
-#}
{% macro campaign_text(text) -%}
    case
        when {{ regexp_matches("lower(" ~ clean_text(text) ~ ")", pattern_literal(placeholder_pattern())) }} then null
        else {{ clean_text(text) }}
    end
{%- endmacro %}

{% macro placeholder_pattern() -%}
    {%- set words = "direct|none|not[ _-]?set|not[ _-]?provided|unset|unspecified|undefined|null|nil|nan|n/a|unknown|empty|blank|no[ _-]?value|data not available|object object" -%}
    {#- The macros of ad networks and mail senders: {{x}} {x} %%x%% %x% ${x} $x$ [x] [[x]] __X__ *|x|* <x> <%= x %> #x# @@x@@. -#}
    {%- set macros = "((\\{|%7b)+[^{}]*(\\}|%7d)+|%+[^%]*%+|[$][{(][^{}()]*[})]|[$][^$]+[$]|\\[+[^\\[\\]]*\\]+|__[^_].*[^_]__|[*][|].*[|][*]|<[^<>]*>|#[^#]+#|@+[^@]+@+)" -%}
    {{ return("^([(]?(" ~ words ~ ")[)]?|[-_.?]+|[(][)]|" ~ macros ~ "([ _|/+-]*" ~ macros ~ ")*)$") }}
{%- endmacro %}

{#-
    A campaign's medium in plain words, so that one pattern reads Paid-Social, paid_social and paid+social. A medium
    that is not paid for ("non-paid") becomes one word that starts differently.
-#}
{% macro campaign_words(medium) -%}
    trim({{ regexp_replace(plain_words(medium), "'(^| )(non|not) ?paid( |$)'", "' unpaid '") }})
{%- endmacro %}
