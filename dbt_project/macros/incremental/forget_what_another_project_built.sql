{#-
    Before a run that builds: where another project built the warehouse, forgets what it built. All models then build in
    full, and go on to do so if this run is cut short, whichever project comes next.
-#}
{% macro forget_what_another_project_built() -%}
    {%- set built = last_build() -%}
    {%- if flags.WHICH not in ["test", "seed"] and built is not none -%}
        {%- if built_by("digest") != project_digest() or built_by("told") != told_digest() -%}
            {%- do adapter.drop_relation(built) -%}
        {%- endif -%}
    {%- endif -%}
{%- endmacro %}
