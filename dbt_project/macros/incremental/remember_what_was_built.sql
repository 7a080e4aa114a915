{#-
    After a run that built every model by customer: the fingerprints that they were built from, the digest of the project,
    and the run. Where nothing was remembered, as after another project, all others that keep rows must be built too: they
    would keep those of the other project. After any other run nothing: what there is stays what the last such run left.
-#}
{% macro remember_what_was_built() -%}
    {%- if execute and is_whole_run() and are_built((models_that_keep_rows() if last_build() is none else models_by_customer()) + ["int_dirty_customers"]) -%}
        {%- set fingerprints = graph.nodes["model." ~ project_name ~ ".int_changes__fingerprints"] -%}
        {%- set marks = {"digest": project_digest(), "told": told_digest(), "run": invocation_id} -%}
        create or replace table {{ fingerprints.schema }}.int_changes__built as
        select told, scope, scope_key, fingerprint from {{ fingerprints.relation_name }}
        {%- for name, value in marks.items() %}
        union all
        select '{{ name }}', 'project', '{{ name }}', '{{ value }}'
        {%- endfor %}
    {%- endif -%}
{%- endmacro %}
