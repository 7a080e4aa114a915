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
