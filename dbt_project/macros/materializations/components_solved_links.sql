{#- The table that remembers which links the components of this model were solved from. -#}
{% macro components_solved_links(suffix="") %}
    {{ return(api.Relation.create(
        database=this.database, schema=this.schema, identifier=this.identifier ~ "__solved" ~ suffix, type="table"
    )) }}
{% endmacro %}
