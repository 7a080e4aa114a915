{#- The host of an address, in lower case, without user, port or path; null if it has none. -#}
{% macro url_host(url) -%}
    lower({{ regexp_extract(url, "'^[A-Za-z][A-Za-z0-9+.-]*://([^/?#@]*@)?([^/?#:@]+)'", 2) }})
{%- endmacro %}

{#- Percent-encoded text of an address in clear, plus signs as blanks; what is not validly encoded stays as it is. -#}
{% macro url_decode(text) -%}
    {{ return(adapter.dispatch("url_decode", "throughline")(text)) }}
{%- endmacro %}

{% macro default__url_decode(text) -%}
    coalesce(try(url_decode(replace({{ text }}, '+', ' '))), {{ text }})
{%- endmacro %}

{% macro spark__url_decode(text) -%}
    case
        when {{ text }} rlike '%([^0-9A-Fa-f]|[0-9A-Fa-f]([^0-9A-Fa-f]|$)|$)' then {{ text }}
        -- Invalid UTF-8 is decoded to a replacement character.
        when contains(url_decode({{ text }}), '\ufffd') then {{ text }}
        else url_decode({{ text }})
    end
{%- endmacro %}

{#-
    The value of one parameter of an address, from its query string or its fragment, the parameter's name in any case; null
    if the address does not have it. Only an address that contains the name is searched: most have no campaign.
-#}
{% macro url_parameter(url, name) -%}
    case
        when lower({{ url }}) like '%{{ name }}=%'
            then {{ url_decode(regexp_extract(url, "'(?i)[?&#;]" ~ name ~ "=([^&#]*)'")) }}
    end
{%- endmacro %}

{#-
    The names of the parameters of an address, from its query string and its fragment, in lower case between ampersands:
    `&gclid&utm_source&`; null if it has none.
-#}
{% macro url_parameter_names(url) -%}
    {%- set parameters = "lower(" ~ regexp_extract(url, "'[?#].*'", 0) ~ ")" -%}
    {%- set names = regexp_replace(regexp_replace(parameters, "'=[^&#]*'", "''"), "'[?#&;]+'", "'&'") -%}
    nullif({{ names }} || '&', '&&')
{%- endmacro %}

{#-
    An address without its parameters, and without any part of its path that contains an email address: it identifies the
    page and has no personal data.
-#}
{% macro page_address(url) -%}
    {{ regexp_replace(regexp_extract(url, "'^[^?#]+'", 0), "'[^/]*(@|%40)[^/]*'", "'*'") }}
{%- endmacro %}

{#-
    The part of a host that all hosts of one site share: its last two labels, or three below a country's shared second level
    (shop.example.co.uk) and below the domains of hosting services, whose customers are sites of their own
    (my-shop.myshopify.com).
-#}
{% macro site_domain(host) -%}
    {%- set shared = [
        "myshopify[.]com", "github[.]io", "gitlab[.]io", "blogspot[.][a-z.]+", "wordpress[.]com", "tumblr[.]com", "substack[.]com",
        "wixsite[.]com", "wixstudio[.]com", "squarespace[.]com", "weebly[.]com", "webflow[.]io", "framer[.](app|website)", "carrd[.]co",
        "netlify[.]app", "vercel[.]app", "pages[.]dev", "workers[.]dev", "herokuapp[.]com", "azurewebsites[.]net", "cloudfront[.]net",
        "web[.]app", "firebaseapp[.]com", "fly[.]dev", "onrender[.]com", "bigcartel[.]com", "mybigcommerce[.]com", "translate[.]goog",
    ] -%}
    coalesce(
        {{ regexp_extract(host, "'[^.]+[.](" ~ shared | join("|") ~ ")$'", 0) }},
        {{ regexp_extract(host, "'[^.]+[.](ac|co|com|edu|gen|go|gob|gouv|gov|govt|ltd|me|ne|net|nom|or|org|plc|sch)[.][a-z][a-z]$'", 0) }},
        {{ regexp_extract(host, "'[^.]+([.][^.]+)?$'", 0) }}
    )
{%- endmacro %}
