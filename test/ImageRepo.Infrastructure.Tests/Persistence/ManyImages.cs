namespace ImageRepo.Infrastructure.Tests.Persistence;

/// <summary>SQL that fills a library, and tells what a transaction has read of it.</summary>
internal static class ManyImages
{
    public const int Count = 5_000;

    /// <summary>Rows like the newest, but for their hashes, which lie anywhere.</summary>
    public static readonly string Add = $"""
        do $$
        declare
            same text := (select string_agg(column_name, ', ') from information_schema.columns
                where table_name = 'image' and is_generated = 'NEVER' and column_name not in ('id', 'content_hash', 'perceptual_hash'));
        begin
            execute format('insert into image (id, content_hash, perceptual_hash, %1$s)
                select gen_random_uuid(), sha256(n::text::bytea), hashint8extended(n, 0) | 1, %1$s from (select * from image order by id desc limit 1) image, generate_series(1, {Count}) n', same);
        end
        $$
        """;

    /// <summary>What the transaction has read so far: each index by the entries that it gave, and the table where it was read without one.</summary>
    public const string Read = """
        select c.relname as name, pg_stat_get_xact_tuples_returned(c.oid) as rows from pg_class c left join pg_index x on x.indexrelid = c.oid
        where (c.oid = 'image'::regclass or x.indrelid = 'image'::regclass) and pg_stat_get_xact_numscans(c.oid) > 0 order by name
        """;

    public sealed record Reading(string Name, long Rows);
}
