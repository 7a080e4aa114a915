-- One row per message of the app feed: what a person did, and the calls that say who they are.
{{ config(materialized='incremental', incremental_strategy='by_load', on_schema_change='fail') }}

{{ segment_events(source('raw', 'app_events'), 'app') }}
