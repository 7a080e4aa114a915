{#-
    Which staging models read which raw table: (table, model, words) each, where words are the names in the model's code, in
    lower case without underscores, so that a field in any spelling can be looked up among them. Empty while dbt only parses.
-#}
{% macro readers_of_raw_fields() -%}
    {%- set readers = [] -%}
    {%- if execute -%}
        {%- for node in graph.nodes.values() | selectattr("resource_type", "equalto", "model") | sort(attribute="name") -%}
            {%- for source in node.depends_on.nodes if modules.re.match("source[.].*[.]raw[.]", source) -%}
                {%- set named = modules.re.findall("[A-Za-z_]+", node.raw_code) -%}
                {%- if "segment_events" in named -%}
                    {%- set named = named + modules.re.findall("[A-Za-z_]+", segment_fields() | string) -%}
                {%- endif -%}
                {%- set words = named | map("lower") | map("replace", "_", "") | unique | select | sort -%}
                {%- do readers.append((source.split(".") | last, node.name, words)) -%}
            {%- endfor -%}
        {%- endfor -%}
    {%- endif -%}
    {{ return(readers) }}
{%- endmacro %}
