{#-
    In a model with the strategy `by_value`: a select of the identifier values, `identifier_type` and `raw_value`, that
    it lacks, each once; all values where the model is built in full.
-#}
{% macro new_values(identifier_type=none) -%}
    select distinct
        identifier_type,
        raw_value
    from {{ of_new_loads(ref("int_identity__observed")) }}
    {%- if identifier_type is not none %}
    where identifier_type = '{{ identifier_type }}'
    {%- endif %}
    {%- if is_incremental() %}
    except
    select
        identifier_type,
        raw_value
    from {{ this }}
    {%- endif %}
{%- endmacro %}
