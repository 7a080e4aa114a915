-- One row per message of the marketing feed: email, SMS, push and social, and the calls that say who it is.
{{ config(materialized='incremental', incremental_strategy='by_load', on_schema_change='fail') }}

{{ segment_events(source('raw', 'marketing_events'), 'marketing') }}
