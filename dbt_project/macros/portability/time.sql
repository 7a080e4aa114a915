{#-
    The clock of the run as a timestamp in UTC: the environment's RUN_AT (ISO 8601 with an offset), else the moment at which
    this run of dbt began, so that all models of one run agree. RUN_AT is not read while dbt parses: dbt would record the
    variable, and parse its models again whenever the clock changes.
-#}
{% macro run_at() -%}
    {%- set given = env_var("RUN_AT", "") | trim if execute else "" -%}
    {%- set instant = modules.datetime.datetime.fromisoformat(given) if given else run_started_at -%}
    {%- if instant.tzinfo is none -%}
        {{ exceptions.raise_compiler_error("RUN_AT has no offset from UTC: '" ~ given ~ "'. Write it as 2026-01-31T06:00:00Z.") }}
    {%- endif -%}
    cast('{{ instant.astimezone(modules.pytz.utc).strftime("%Y-%m-%d %H:%M:%S.%f") }}' as {{ dbt.type_timestamp() }})
{%- endmacro %}

{#- An instant with a zone (or text with an offset) as a timestamp in UTC without one. Sessions run in UTC. -#}
{% macro to_utc(instant) -%}
    {{ return(adapter.dispatch("to_utc", "throughline")(instant)) }}
{%- endmacro %}

{% macro default__to_utc(instant) -%}
    cast({{ instant }} as timestamptz) at time zone 'UTC'
{%- endmacro %}

{% macro spark__to_utc(instant) -%}
    cast({{ instant }} as timestamp)
{%- endmacro %}

{#- Text that may be an instant (ISO 8601) as a timestamp in UTC; null if it is none. -#}
{% macro text_to_utc(text) -%}
    {{ return(adapter.dispatch("text_to_utc", "throughline")(text)) }}
{%- endmacro %}

{% macro default__text_to_utc(text) -%}
    try_cast({{ text }} as timestamptz) at time zone 'UTC'
{%- endmacro %}

{#- Spark would also read a year, a time of day and the word now. -#}
{% macro spark__text_to_utc(text) -%}
    case when {{ text }} rlike '^ *[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}' then try_cast({{ text }} as timestamp) end
{%- endmacro %}

{#- Text that may be a day (ISO 8601) as a date; null if it is none. -#}
{% macro text_to_date(text) -%}
    {{ return(adapter.dispatch("text_to_date", "throughline")(text)) }}
{%- endmacro %}

{% macro default__text_to_date(text) -%}
    try_cast({{ text }} as date)
{%- endmacro %}

{#- Spark would also read a year or a month, as its first day. -#}
{% macro spark__text_to_date(text) -%}
    case when {{ text }} rlike '^ *[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}' then try_cast({{ text }} as date) end
{%- endmacro %}

{#- The wall clock of `timezone` (a name that `timezones` knows) at an instant in UTC. -#}
{% macro local_timestamp(utc_timestamp, timezone) -%}
    {{ return(adapter.dispatch("local_timestamp", "throughline")(utc_timestamp, timezone)) }}
{%- endmacro %}

{% macro default__local_timestamp(utc_timestamp, timezone) -%}
    ({{ utc_timestamp }} at time zone 'UTC') at time zone {{ timezone }}
{%- endmacro %}

{% macro spark__local_timestamp(utc_timestamp, timezone) -%}
    from_utc_timestamp({{ utc_timestamp }}, {{ timezone }})
{%- endmacro %}

{#- The calendar date in `timezone` at an instant in UTC. -#}
{% macro local_date(utc_timestamp, timezone) -%}
    cast({{ local_timestamp(utc_timestamp, timezone) }} as date)
{%- endmacro %}

{#- Exact seconds from one timestamp to another, with fractions: boundaries crossed do not count, as in datediff. -#}
{% macro seconds_between(start_at, end_at) -%}
    {{ return(adapter.dispatch("seconds_between", "throughline")(start_at, end_at)) }}
{%- endmacro %}

{% macro default__seconds_between(start_at, end_at) -%}
    ((epoch_us({{ end_at }}) - epoch_us({{ start_at }})) / 1000000.0)
{%- endmacro %}

{% macro spark__seconds_between(start_at, end_at) -%}
    ((unix_micros({{ end_at }}) - unix_micros({{ start_at }})) / cast(1000000 as double))
{%- endmacro %}

{#- Exact minutes from one timestamp to another, with fractions. -#}
{% macro minutes_between(start_at, end_at) -%}
    ({{ seconds_between(start_at, end_at) }} / 60)
{%- endmacro %}

{#- Exact days of 24 hours from one timestamp to another, with fractions. -#}
{% macro days_between(start_at, end_at) -%}
    ({{ seconds_between(start_at, end_at) }} / 86400)
{%- endmacro %}

{#- Minutes since midnight, with fractions, of a timestamp's wall clock. -#}
{% macro minutes_of_day(timestamp) -%}
    {{ minutes_between("cast(cast(" ~ timestamp ~ " as date) as timestamp)", timestamp) }}
{%- endmacro %}

{#- A timestamp moved by a whole number of seconds, which may be an expression and may be negative. -#}
{% macro add_seconds(timestamp, seconds) -%}
    {{ return(adapter.dispatch("add_seconds", "throughline")(timestamp, seconds)) }}
{%- endmacro %}

{% macro default__add_seconds(timestamp, seconds) -%}
    ({{ timestamp }} + to_seconds({{ seconds }}))
{%- endmacro %}

{% macro spark__add_seconds(timestamp, seconds) -%}
    timestampadd(second, {{ seconds }}, {{ timestamp }})
{%- endmacro %}

{#- A timestamp moved by a whole number of days, which may be an expression and may be negative. -#}
{% macro add_days(timestamp, days) -%}
    {{ return(adapter.dispatch("add_days", "throughline")(timestamp, days)) }}
{%- endmacro %}

{% macro default__add_days(timestamp, days) -%}
    ({{ timestamp }} + to_days({{ days }}))
{%- endmacro %}

{% macro spark__add_days(timestamp, days) -%}
    timestampadd(day, {{ days }}, {{ timestamp }})
{%- endmacro %}

{#- Day of the week, 1 for Monday to 7 for Sunday. -#}
{% macro iso_weekday(date) -%}
    {{ return(adapter.dispatch("iso_weekday", "throughline")(date)) }}
{%- endmacro %}

{% macro default__iso_weekday(date) -%}
    isodow({{ date }})
{%- endmacro %}

{% macro spark__iso_weekday(date) -%}
    (weekday({{ date }}) + 1)
{%- endmacro %}
