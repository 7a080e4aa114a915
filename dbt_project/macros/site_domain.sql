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
