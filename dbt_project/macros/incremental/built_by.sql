{#- What `int_changes__built` says of the project that built all to the end: its `digest`, what it was `told`, its `run`. -#}
{% macro built_by(name) -%}
    {%- set built = last_build() -%}
    {%- if built is none -%} {{ return("") }} {%- endif -%}
    {%- set found = run_query("select fingerprint from " ~ built ~ " where scope = 'project' and scope_key = '" ~ name ~ "'") -%}
    {{ return(found.columns[0].values() | first | default("", true)) }}
{%- endmacro %}
