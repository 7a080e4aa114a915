-- One row per source, and per source and place: when it last sent something, how often it usually does, and whether
-- it has been silent for longer than that.
with

active_days as (

    select * from {{ ref('int_deliveries__active_days') }}

),

locations as (

    select * from {{ ref('dim_locations') }}

),

neighbours as (

    select
        *,
        lag(active_on) over (partition by source_system, location_id order by active_on) as active_before_on,
        min(active_on) over (partition by source_system, location_id) as first_active_on,
        max(active_on) over (partition by source_system, location_id) as last_active_on
    from active_days

),

gaps as (

    select
        source_system,
        location_id,
        active_on,
        last_record_at,
        records,
        {{ dbt.datediff('active_before_on', 'active_on', 'day') }} as days_since_last,
        {{ dbt.datediff('first_active_on', 'last_active_on', 'day') }} as days_of_history
    from neighbours

),

rhythms as (

    select
        source_system,
        location_id,
        max(last_record_at) as last_record_at,
        min(active_on) as first_active_on,
        max(active_on) as last_active_on,
        count(*) as active_days,
        cast(sum(records) as {{ dbt.type_bigint() }}) as records,
        -- More than half of the history, or of a year, between two days is no rhythm: records dated 1970 and 1990 leave
        -- such gaps, and few days cannot outweigh even one.
        {{ percentile(
            'case when days_since_last * 2 <= least(days_of_history, 366) then days_since_last end', 0.95
        ) }} as usual_days_apart
    from gaps
    group by source_system, location_id

),

silences as (

    select
        *,
        {{ days_between('last_record_at', run_at()) }} as silent_days,
        active_days >= {{ var('rhythm_min_days') }} and usual_days_apart is not null as has_rhythm
    from rhythms

),

judged as (

    select
        *,
        -- A day is over before it can be missing.
        has_rhythm and silent_days > usual_days_apart + 1 as is_silent,
        {{ iso_weekday('last_active_on') }} as last_weekday
    from silences

),

completeness as (

    select
        judged.source_system,
        coalesce(judged.location_id, '(all)') as location_id,
        locations.location_name,
        judged.first_active_on,
        judged.last_record_at,
        judged.active_days,
        judged.records,
        judged.has_rhythm,
        judged.usual_days_apart * 24 as expected_every_hours,
        judged.silent_days * 24 as silent_hours,
        judged.is_silent,
        case
            when judged.is_silent
                then cast(ceil(judged.silent_days - judged.usual_days_apart) as {{ dbt.type_int() }})
            else 0
        end as days_missing,
        case
            when judged.is_silent then
                case
                    when judged.location_id is null then judged.source_system
                    else judged.source_system || ', ' || coalesce(locations.location_name, judged.location_id)
                end
                || ' silent since '
                || case judged.last_weekday
                    when 1 then 'Monday'
                    when 2 then 'Tuesday'
                    when 3 then 'Wednesday'
                    when 4 then 'Thursday'
                    when 5 then 'Friday'
                    when 6 then 'Saturday'
                    else 'Sunday'
                end
                || ' ' || cast(judged.last_active_on as {{ dbt.type_string() }})
        end as message
    from judged
    left join locations
        on judged.location_id = locations.location_id

)

select * from completeness
