{#-
    In a model with the strategy `by_value`: a select of the identifier values (`identifier_type`, `raw_value` and
    `phone_country`) that it lacks, each once; all values where the model is built in full.
-#}
{% macro new_values() -%}
    select distinct
        identifier_type,
        raw_value,
        phone_country
    from {{ of_new_loads(ref("int_identity__observed")) }}
    {%- if is_incremental() %}
    except
    select
        identifier_type,
        raw_value,
        phone_country
    from {{ this }}
    {%- endif %}
{%- endmacro %}
