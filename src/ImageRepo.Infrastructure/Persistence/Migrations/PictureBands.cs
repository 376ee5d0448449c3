namespace ImageRepo.Infrastructure.Persistence.Migrations;

/// <summary>
/// Belongs to its migration: what is made otherwise later is another migration's. The indexes of the four bands of a perceptual hash, and the function that looks similar images up in them. Planning the look-up takes longer than the look-up, so
/// the function keeps its plan. A plan is kept from when the library was small, and statistics say what they like; so each part of it can only be carried out in one way:
/// <list type="bullet">
/// <item>A band's index is the only one for its condition. It begins with an expression, since every index that begins with the owner would serve a condition on the owner, and its
/// predicate is in words of its own, since every index with a predicate that holds might be read from end to end; the other bands' hold for rows with their own key alone.
/// The owner is compared outside of a materialized query, into which no condition is moved.</item>
/// <item>A hash is read as the first one in the order of the ids from the one that is asked for: in that order lies the primary key alone, while the id stands in many an index.</item>
/// </list>
/// </summary>
internal static class PictureBands
{
    private const int Bands = 4;

    public static readonly string Create = $"""
        {string.Join('\n', Enumerable.Range(0, Bands).Select(Index))}
        create function similar_images(owner uuid, ids uuid[], most int[], within int[], {string.Join(", ", Enumerable.Range(0, Bands).Select(band => $"band{band} int[]"))})
            returns table (of uuid, image uuid, distance int) language plpgsql stable
            set plan_cache_mode = force_generic_plan set enable_seqscan = off set enable_bitmapscan = off
        as $$
        declare
            owner_key constant bigint := {OwnerKey("owner")};
            w record;
        begin
            for w in
                select o.id, o.perceptual_hash as hash, a.most, a.within
                from unnest(ids, most, within) a(id, most, within),
                lateral (select i.id, i.owner_id, i.perceptual_hash from image i where i.id >= a.id order by i.id limit 1) o
                where o.id = a.id and o.owner_id = owner and o.perceptual_hash <> 0
            loop
                return query
                with near as materialized ({string.Join(" union all ", Enumerable.Range(0, Bands).Select(NearIn))})
                select distinct w.id, n.id, bit_count((n.perceptual_hash # w.hash)::bit(64))::int as apart
                from near n where n.owner_id = owner and n.id <> w.id and bit_count((n.perceptual_hash # w.hash)::bit(64)) <= w.within
                order by apart, n.id limit w.most;
            end loop;
        end
        $$;
        do $$ begin execute format('alter function similar_images set search_path = %I, pg_temp', current_schema()); end $$;
        """;

    /// <summary>The indexes that had their names before, which go last: while the new ones are built, images can be read.</summary>
    public static readonly string Rename = string.Join(' ', Enumerable.Range(0, Bands).Select(band => $"alter index {Name(band)} rename to {Name(band)}_before;"));

    public static readonly string DropRenamed = $"drop index {string.Join(", ", Enumerable.Range(0, Bands).Select(band => $"{Name(band)}_before"))};";

    public static readonly string Drop = $"drop function similar_images; drop index {string.Join(", ", Enumerable.Range(0, Bands).Select(Name))};";

    /// <summary>With all that is read, so that the wide rows of the table are never visited.</summary>
    private static string Index(int band) => $"create index {Name(band)} on image (({Key(band)}), owner_id, perceptual_hash, id) where {IsShown} and ({Key(band)}) is not null;";

    private static string NearIn(int band) => $"""
        select id, owner_id, perceptual_hash from image
        where {IsShown} and ({Key(band)}) = any(array(select owner_key | {Value("w.hash", band)} # d from unnest(band{band}) d))
        """;

    // A picture without any shapes, such as a plain colour, has the hash 0. Nothing can be said of what it resembles, so it is in no index.
    private const string IsShown = "num_nulls(deleted_at) = 1 and perceptual_hash <> 0";

    /// <summary>An owner's rows lie together. Two owners may have the same key, so it does not replace the comparison.</summary>
    private static string OwnerKey(string owner) => $"uuid_hash({owner})::bigint << 16";

    private static string Key(int band) => $"{OwnerKey("owner_id")} | {Value("perceptual_hash", band)}";

    private static string Value(string hash, int band) => $"({hash} >> {band * 16} & 65535)";

    private static string Name(int band) => $"ix_image_picture_band{band}";
}
