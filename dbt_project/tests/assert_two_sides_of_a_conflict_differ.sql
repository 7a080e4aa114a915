-- A row is a conflict in which both sides say the same, or whose sides are not in the order of the alphabet.
with

consistency as (

    select * from {{ ref('mart_consistency') }}

)

select *
from consistency
where
    channel_a > channel_b
    or (conflict <> 'contact' and value_a = value_b)
    or (conflict = 'contact' and contact_a = contact_b)
    or (conflict not in ('consent', 'expired_promotion') and channel_a = channel_b)
