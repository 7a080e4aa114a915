-- A failing row is a file, table or page whose records were not all accounted for as loaded, duplicate or
-- rejected.
with

ledger as (

    select * from {{ source('raw', 'load_ledger') }}

)

select
    source,
    object,
    table_name,
    records_read,
    records_loaded,
    records_duplicate,
    records_rejected
from ledger
where records_read <> records_loaded + records_duplicate + records_rejected
