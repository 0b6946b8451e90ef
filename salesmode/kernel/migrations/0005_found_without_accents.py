from django.db import migrations

# As sounds.without_accents does for what is written from now on; entries without such letters are not touched.
WITHOUT_ACCENTS = r"""
create function pg_temp.bare(written text) returns text language sql immutable as $$
    select normalize(
        regexp_replace(
            normalize(
                replace(replace(replace(translate(written, 'øłđðıħ', 'olddih'), 'þ', 'th'), 'æ', 'ae'), 'œ', 'oe'), nfd
            ),
            '[\u0300-\u036f]+', '', 'g'
        ),
        nfc
    )
$$;
update kernel_searchentry set
    key = left(pg_temp.bare(key), 300),
    sounds = left(pg_temp.bare(sounds), 1500),
    text = pg_temp.bare(text),
    words = array_to_tsvector(array(select distinct pg_temp.bare(word) from unnest(tsvector_to_array(words)) as word))
where text ~ '[\u00df-\u052f\u0300-\u036f\u1e00-\u1fff]';
drop function pg_temp.bare(text);
"""


class Migration(migrations.Migration):
    dependencies = [("kernel", "0004_counted")]
    operations = [migrations.RunSQL(WITHOUT_ACCENTS, migrations.RunSQL.noop)]
