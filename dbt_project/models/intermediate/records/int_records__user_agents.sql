-- One row per distinct user agent, with whether it belongs to a program or a person's browser. The names of
-- `crawler_user_agents` also occur in people's agents (RankSonic's crawler in that of a ViewSonic tablet), so they
-- count only in an agent that marks itself as a program. `bot_user_agents` adds more, and its kind person overrules
-- both.
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

crawlers as (

    select * from {{ ref('crawler_user_agents') }}

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

marked_user_agents as (

    select user_agent
    from seen_user_agents
    where {{ regexp_matches('user_agent', pattern_literal(machine_mark())) }}

),

listed_user_agents as (

    {{ pattern_matches(
        'seen_user_agents', 'user_agent', ref('bot_user_agents'), 'user_agent_pattern', ['bot_name', 'bot_kind']
    ) }}

),

crawling_user_agents as (

    select
        marked_user_agents.user_agent,
        crawlers.crawler_name as bot_name,
        crawlers.crawler_kind as bot_kind
    from marked_user_agents
    inner join crawlers
        on {{ dbt.position('crawlers.crawler_name', 'marked_user_agents.user_agent') }} > 0

),

named_user_agents as (

    select * from listed_user_agents
    union all
    select * from crawling_user_agents

),

judged_user_agents as (

    select
        seen_user_agents.user_agent,
        min(case when named_user_agents.bot_kind <> 'person' then named_user_agents.bot_name end) as bot_name,
        count(named_user_agents.bot_kind) > 0
        and {{ count_where("named_user_agents.bot_kind = 'person'") }} = 0 as is_bot
    from seen_user_agents
    left join named_user_agents
        on seen_user_agents.user_agent = named_user_agents.user_agent
    group by seen_user_agents.user_agent

)

select * from judged_user_agents
