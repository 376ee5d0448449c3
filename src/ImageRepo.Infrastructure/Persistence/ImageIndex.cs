using System.Runtime.CompilerServices;
using ImageRepo.Domain.Accounts;
using ImageRepo.Domain.Colors;
using ImageRepo.Domain.Images;
using ImageRepo.Infrastructure.Persistence.Configurations;
using Microsoft.EntityFrameworkCore;

namespace ImageRepo.Infrastructure.Persistence;

/// <summary>
/// Keeps the tables of tags, colours and counters equal to what the images say: told of each image before and after its change,
/// it writes the difference. Trashed images are in none of these tables but the owner's totals.
/// </summary>
internal sealed class ImageIndex(ImageRepoDbContext db)
{
    private readonly List<(Entry Before, Entry After, Image? Image)> _changes = [];

    /// <summary>What the indexes hold of an image in one state of it.</summary>
    public sealed record Entry(
        ImageId Id, long Bytes, bool IsLiving, bool IsTrashed, IReadOnlyDictionary<TagName, ImageTag> Tags, IReadOnlyList<ImageColor> Colors, int? Year)
    {
        public static Entry None(ImageId id) => new(id, 0, false, false, new Dictionary<TagName, ImageTag>(), [], null);

        public static Entry Of(Image image) => image.IsTrashed
            ? None(image.Id) with { Bytes = image.ByteSize, IsTrashed = true }
            : new Entry(image.Id, image.ByteSize, true, false, image.Tags.ToDictionary(t => t.Name), image.Colors,
                (image.TakenAt ?? image.UploadedAt).ToUniversalTime().Year);
    }

    public void Added(Image image) => _changes.Add((Entry.None(image.Id), Entry.Of(image), image));

    public void Changed(Entry before, Image image) => _changes.Add((before, Entry.Of(image), image));

    public void Removed(Image image) => _changes.Add((Entry.Of(image), Entry.None(image.Id), null));

    /// <summary>Saves the tracked images with their index rows, within the caller's transaction.</summary>
    /// <param name="totals">The owner's, which change with the images.</param>
    /// <param name="batch">Gets the rows of colours, and the counters of tags, colours and years.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    public async Task SaveAsync(OwnerCount totals, StatementBatch batch, CancellationToken cancellationToken)
    {
        var tagIds = await TagIdsAsync(cancellationToken);
        foreach (var (before, after, image) in _changes)
        {
            WriteTags(totals.OwnerId, before, after, image, tagIds);
            Count(totals, before, after);
        }
        await db.SaveChangesAsync(cancellationToken);
        WriteColors(totals.OwnerId, batch);
        CountFacets(totals.OwnerId, tagIds, batch);
    }

    /// <summary>Starts anew, for the next transaction.</summary>
    public void Forget() => _changes.Clear();

    private void WriteTags(OwnerId owner, Entry before, Entry after, Image? image, IReadOnlyDictionary<TagName, int> tagIds)
    {
        if (image is null)
        {
            return; // the rows go with the image
        }
        // These two follow the image's tags in the trash as well, so that the trash can be searched.
        var row = db.Entry(image);
        row.Property<int[]>(ImageConfiguration.TagIds).CurrentValue = [.. image.Tags.Select(t => tagIds[t.Name])];
        row.Property<string[]>(ImageConfiguration.TagNames).CurrentValue = [.. image.Tags.Select(t => t.Name.Value)];

        foreach (var (name, tag) in before.Tags)
        {
            if (!after.Tags.ContainsKey(name))
            {
                db.Remove(TagRow(owner, after.Id, tagIds[name], tag));
            }
        }
        foreach (var (name, tag) in after.Tags)
        {
            if (!before.Tags.TryGetValue(name, out var old))
            {
                db.Add(TagRow(owner, after.Id, tagIds[name], tag));
            }
            else if (old != tag)
            {
                db.Update(TagRow(owner, after.Id, tagIds[name], tag));
            }
        }
    }

    private static ImageTagRow TagRow(OwnerId owner, ImageId image, int tagId, ImageTag tag) =>
        new() { OwnerId = owner, ImageId = image, TagId = tagId, Source = tag.Source, Confidence = tag.Confidence };

    /// <summary>All rows in one statement: the database takes longer to read and plan one for each than to carry it out.</summary>
    private void WriteColors(OwnerId owner, StatementBatch batch)
    {
        // A picture's colours never change: its rows come and go with its life.
        var gone = _changes.Where(c => c.Before.Colors.Count > 0 && c.After.Colors.Count == 0 && c.Image is not null).Select(c => c.After.Id.Value).ToArray();
        if (gone.Length > 0)
        {
            batch.Add($"delete from image_color where image_id = any({gone}) and owner_id = {owner.Value}");
        }
        var added = _changes.Where(c => c.Before.Colors.Count == 0).SelectMany(c => ImageColorRow.Of(c.After.Id, owner, c.After.Colors)).ToList();
        if (added.Count > 0)
        {
            batch.Add($"""
                insert into image_color (image_id, ordinal, owner_id, hex, name, share, lab_w) select image_id, ordinal, {owner.Value}, hex, name, share, lab_w
                from unnest({added.Select(c => c.ImageId.Value).ToArray()}, {added.Select(c => c.Ordinal).ToArray()}, {added.Select(c => c.Hex.ToString()).ToArray()},
                    {added.Select(c => c.Name.ToString()).ToArray()}, {added.Select(c => c.Share).ToArray()}, {added.Select(c => c.LabW).ToArray()})
                    added(image_id, ordinal, hex, name, share, lab_w)
                """);
        }
    }

    private static void Count(OwnerCount totals, Entry before, Entry after)
    {
        totals.Images += Bit(after.IsLiving) - Bit(before.IsLiving);
        totals.Bytes += Bit(after.IsLiving) * after.Bytes - Bit(before.IsLiving) * before.Bytes;
        totals.TrashedImages += Bit(after.IsTrashed) - Bit(before.IsTrashed);
        totals.TrashedBytes += Bit(after.IsTrashed) * after.Bytes - Bit(before.IsTrashed) * before.Bytes;
    }

    private static int Bit(bool value) => value ? 1 : 0;

    private void CountFacets(OwnerId owner, IReadOnlyDictionary<TagName, int> tagIds, StatementBatch batch)
    {
        Count("owner_tag_count", "tag_id", Differences(e => e.Tags.Keys.Select(name => tagIds[name])));
        Count("owner_color_count", "name", Differences(e => e.Colors.Select(c => c.Name.ToString()).Distinct()));
        Count("owner_year_count", "year", Differences(e => e.Year is { } year ? [year] : Array.Empty<int>()));

        void Count<T>(string table, string key, Dictionary<T, int> differences) where T : notnull
        {
            if (differences.Count == 0)
            {
                return;
            }
            var (keys, values) = (differences.Keys.ToArray(), differences.Values.ToArray());
            // The names are this method's own constants; only values are the caller's.
            const string d = "unnest({1}, {2}) d(key, difference)";
            batch.Add(FormattableStringFactory.Create($$"""
                with counted as (
                    update {{table}} c set count = c.count + d.difference from {{d}} where c.owner_id = {0} and c.{{key}} = d.key returning d.key)
                insert into {{table}} (owner_id, {{key}}, count) select {0}, key, difference from {{d}} where key not in (select key from counted)
                """, owner.Value, keys, values));
            if (values.Any(difference => difference < 0))
            {
                batch.Add(FormattableStringFactory.Create($$"""delete from {{table}} where owner_id = {0} and {{key}} = any({1}) and count = 0""", owner.Value, keys));
            }
        }
    }

    private Dictionary<T, int> Differences<T>(Func<Entry, IEnumerable<T>> keys) where T : notnull
    {
        var differences = new Dictionary<T, int>();
        foreach (var (before, after, _) in _changes)
        {
            foreach (var key in keys(before))
            {
                differences[key] = differences.GetValueOrDefault(key) - 1;
            }
            foreach (var key in keys(after))
            {
                differences[key] = differences.GetValueOrDefault(key) + 1;
            }
        }
        return differences.Where(d => d.Value != 0).ToDictionary();
    }

    /// <summary>The ids of all tags that are mentioned, new ones made. Sorted, so that two owners who bring the same new tags can't deadlock.</summary>
    private async Task<IReadOnlyDictionary<TagName, int>> TagIdsAsync(CancellationToken cancellationToken)
    {
        var names = _changes
            .SelectMany(c => c.Before.Tags.Keys.Concat(c.After.Tags.Keys).Concat(c.Image?.Tags.Select(t => t.Name) ?? []))
            .Distinct()
            .OrderBy(name => name.Value, StringComparer.Ordinal)
            .ToList();
        var known = await KnownAsync(names, cancellationToken);
        var missing = names.Where(name => !known.ContainsKey(name)).Select(name => name.Value).ToArray();
        if (missing.Length > 0)
        {
            await db.Database.ExecuteSqlAsync(
                $"insert into tag (name) select name from unnest({missing}) with ordinality n(name, place) order by place on conflict do nothing", cancellationToken);
            known = await KnownAsync(names, cancellationToken);
        }
        return known;
    }

    private async Task<Dictionary<TagName, int>> KnownAsync(List<TagName> names, CancellationToken cancellationToken) => names.Count == 0
        ? []
        // Locked, so that none goes with the account of the last other one who used it (AccountDeletion) before it is used here.
        : await db.Set<TagRow>().FromSql($"select id, name from tag where name = any({names.Select(n => n.Value).ToArray()}) for key share").AsNoTracking()
            .ToDictionaryAsync(t => t.Name, t => t.Id, cancellationToken);
}
