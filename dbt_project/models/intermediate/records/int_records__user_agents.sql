-- One row per distinct user agent seen: whether it is a machine rather than a person.
with

web_events as (

    select * from {{ ref('stg_web__events') }}

),

app_events as (

    select * from {{ ref('stg_app__events') }}

),

marketing_events as (

    select * from {{ ref('stg_marketing__events') }}

),

bot_patterns as (

    select * from {{ ref('bot_user_agents') }}

),

seen_user_agents as (

    select user_agent from web_events
    where user_agent is not null
    union
    select user_agent from app_events
    where user_agent is not null
    union
    select user_agent from marketing_events
    where user_agent is not null

),

judged_user_agents as (

    select
        seen_user_agents.user_agent,
        min(bot_patterns.bot_name) as bot_name,
        count(bot_patterns.bot_name) > 0 as is_bot
    from seen_user_agents
    left join bot_patterns
        on {{ regexp_matches('seen_user_agents.user_agent', 'bot_patterns.user_agent_pattern') }}
    group by seen_user_agents.user_agent

)

select * from judged_user_agents
