{#-
    Text without blanks, tabs and line ends around it; null if nothing is left. On DuckDB the first and last characters are
    checked first (blanks sort before '!'): nearly all text is clean, and trimming all of it took longer than parsing its JSON.
-#}
{% macro clean_text(text) -%}
    {{ return(adapter.dispatch("clean_text", "throughline")(text)) }}
{%- endmacro %}

{% macro default__clean_text(text) -%}
    case
        when {{ text }} < '!' or right({{ text }}, 1) < '!'
            then nullif(trim({{ text }}, ' ' || chr(9) || chr(10) || chr(13)), '')
        else {{ text }}
    end
{%- endmacro %}

{% macro spark__clean_text(text) -%}
    nullif(trim(both ' \t\n\r' from {{ text }}), '')
{%- endmacro %}

{#- The first of several texts that is not empty, trimmed; null if all are. -#}
{% macro first_text(texts) -%}
    {%- if texts | length == 1 -%}
        {{ clean_text(texts[0]) }}
    {%- else -%}
        coalesce(
            {%- for text in texts %}
            {{ clean_text(text) }}{{ "," if not loop.last }}
            {%- endfor %}
        )
    {%- endif -%}
{%- endmacro %}

{#- The text in Unicode's composed form (NFC), without blanks around it and without invisible letters in it. -#}
{% macro composed_text(text) -%}
    {{ return(adapter.dispatch("composed_text", "throughline")(text)) }}
{%- endmacro %}

{% macro default__composed_text(text) -%}
    trim(nfc_normalize({{ visible_text(text) }}))
{%- endmacro %}

{#- Spark has no function for it, but the library that has one. Only letters from U+0300 on can need it. -#}
{% macro spark__composed_text(text) -%}
    {%- set visible = visible_text(text) -%}
    trim(
        case
            when {{ regexp_matches(visible, pattern_literal("[^\\x{00}-\\x{2FF}]")) }}
                then reflect('com.ibm.icu.text.Normalizer', 'compose', {{ visible }}, false)
            else {{ visible }}
        end
    )
{%- endmacro %}

{#- Returns the text without invisible characters: no-break and zero-width blanks, soft hyphens, direction marks. -#}
{% macro visible_text(text) -%}
    {%- set invisible = "[\\x{00A0}\\x{00AD}\\x{200B}-\\x{200F}\\x{202A}-\\x{202E}\\x{2060}\\x{FEFF}]" -%}
    {{ regexp_replace(text, pattern_literal(invisible), "''") }}
{%- endmacro %}

{#- Returns the text without accents (José becomes Jose). Other scripts are not changed. -#}
{% macro without_accents(text) -%}
    {{ return(adapter.dispatch("without_accents", "throughline")(text)) }}
{%- endmacro %}

{% macro default__without_accents(text) -%}
    strip_accents({{ text }})
{%- endmacro %}

{% macro spark__without_accents(text) -%}
    translate(
        regexp_replace({{ text }}, '[\\u0300-\\u036f]', ''),
        'ÀÁÂÃÄÅÇÈÉÊËÌÍÎÏÑÒÓÔÕÖÙÚÛÜÝàáâãäåçèéêëìíîïñòóôõöùúûüýÿĀāĂăĄąĆćĈĉĊċČčĎďĒēĔĕĖėĘęĚěĜĝĞğĠġĢģĤĥĨ'
        || 'ĩĪīĬĭĮįİĴĵĶķĹĺĻļĽľŃńŅņŇňŌōŎŏŐőŔŕŖŗŘřŚśŜŝŞşŠšŢţŤťŨũŪūŬŭŮůŰűŲųŴŵŶŷŸŹźŻżŽžƠơƯưǍǎǏǐǑǒǓǔǕǖǗǘǙǚǛ'
        || 'ǜǞǟǠǡǢǣǦǧǨǩǪǫǬǭǮǯǰǴǵǸǹǺǻǼǽǾǿȀȁȂȃȄȅȆȇȈȉȊȋȌȍȎȏȐȑȒȓȔȕȖȗȘșȚțȞȟȦȧȨȩȪȫȬȭȮȯȰȱȲȳḀḁḂḃḄḅḆḇḈḉḊḋḌḍḎḏḐḑ'
        || 'ḒḓḔḕḖḗḘḙḚḛḜḝḞḟḠḡḢḣḤḥḦḧḨḩḪḫḬḭḮḯḰḱḲḳḴḵḶḷḸḹḺḻḼḽḾḿṀṁṂṃṄṅṆṇṈṉṊṋṌṍṎṏṐṑṒṓṔṕṖṗṘṙṚṛṜṝṞṟṠṡṢṣṤṥṦṧṨṩṪṫ'
        || 'ṬṭṮṯṰṱṲṳṴṵṶṷṸṹṺṻṼṽṾṿẀẁẂẃẄẅẆẇẈẉẊẋẌẍẎẏẐẑẒẓẔẕẖẗẘẙẛẠạẢảẤấẦầẨẩẪẫẬậẮắẰằẲẳẴẵẶặẸẹẺẻẼẽẾếỀềỂểỄễỆệỈỉỊ'
        || 'ịỌọỎỏỐốỒồỔổỖỗỘộỚớỜờỞởỠỡỢợỤụỦủỨứỪừỬửỮữỰựỲỳỴỵỶỷỸỹ',
        'AAAAAACEEEEIIIINOOOOOUUUUYaaaaaaceeeeiiiinooooouuuuyyAaAaAaCcCcCcCcDdEeEeEeEeEeGgGgGgGgHhI'
        || 'iIiIiIiIJjKkLlLlLlNnNnNnOoOoOoRrRrRrSsSsSsSsTtTtUuUuUuUuUuUuWwYyYZzZzZzOoUuAaIiOoUuUuUuUuU'
        || 'uAaAaÆæGgKkOoOoƷʒjGgNnAaÆæØøAaAaEeEeIiIiOoOoRrRrUuUuSsTtHhAaEeOoOoOoOoYyAaBbBbBbCcDdDdDdDd'
        || 'DdEeEeEeEeEeFfGgHhHhHhHhHhIiIiKkKkKkLlLlLlLlMmMmMmNnNnNnNnOoOoOoOoPpPpRrRrRrRrSsSsSsSsSsTt'
        || 'TtTtTtUuUuUuUuUuVvVvWwWwWwWwWwXxXxYyZzZzZzhtwyſAaAaAaAaAaAaAaAaAaAaAaAaEeEeEeEeEeEeEeEeIiI'
        || 'iOoOoOoOoOoOoOoOoOoOoOoOoUuUuUuUuUuUuUuYyYyYyYy'
    )
{%- endmacro %}

{#-
    A name or address as it is compared: lower case, no accents, no punctuation, one blank between words; null if nothing is
    left. An apostrophe is dropped (O'Brien becomes obrien), other punctuation becomes a blank (Lee-Hart becomes lee hart).
-#}
{% macro plain_words(text) -%}
    {%- set letters = "replace(replace(lower(" ~ without_accents(text) ~ "), chr(39), ''), '’', '')" -%}
    nullif(trim({{ regexp_replace(letters, "'[ .,;:!?*/\"()_<>{}|#+=-]+'", "' '") }}), '')
{%- endmacro %}
