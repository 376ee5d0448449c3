using System.Diagnostics;
using ImageRepo.Domain.Images;
using ImageRepo.Infrastructure.Accounts;
using ImageRepo.Infrastructure.Persistence;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;
using Npgsql;

namespace ImageRepo.Bench.Library;

/// <summary>Fills the migrated database with a library, once. Indexes are put away meanwhile and made again as the migrations made them.</summary>
internal static class LibraryLoader
{
    private const string Tables = "image, image_tag, image_color, owner_count, owner_tag_count, owner_color_count, owner_year_count";

    public static async Task LoadAsync(Product product, int images)
    {
        if ((await product.ReadAsync("select sum(images)::int from owner_count"))[0][0] is int there)
        {
            if (there != images)
            {
                throw new InvalidOperationException($"The folder holds a library of {there} images, not {images}: name another by --data.");
            }
            return;
        }
        await using var scope = product.Services.CreateAsyncScope();
        var model = scope.ServiceProvider.GetRequiredService<ImageRepoDbContext>().Model;
        await using var connection = await product.DataSource.OpenConnectionAsync();
        await RunAsync(connection, "begin; set local maintenance_work_mem = '1GB'; set local synchronous_commit = off");
        var putAway = await PutAwayAsync(connection);
        var library = new SyntheticImages(images);
        await Step("accounts", () => AddAccountsAsync(connection, model, library.Owners));
        await Step("images", () => AddImagesAsync(product, connection, model, library));
        await Step("counters", () => RunAsync(connection, Counters));
        foreach (var definition in putAway)
        {
            await Step(definition, () => RunAsync(connection, definition));
        }
        await RunAsync(connection, "commit");
        await Step("vacuum analyze", () => RunAsync(connection, $"vacuum analyze {Tables}, tag, account"));
    }

    private static async Task AddAccountsAsync(NpgsqlConnection connection, IModel model, int owners)
    {
        await using var accounts = await EntityCopy<User>.BeginAsync(connection, model);
        for (var number = 1; number <= owners; number++)
        {
            accounts.Write(new User { Id = Product.OwnerNumber(number), UserName = $"owner-{number}", NormalizedUserName = $"OWNER-{number}", CreatedAt = DateTimeOffset.UtcNow });
        }
        await accounts.CompleteAsync();
    }

    private static async Task AddImagesAsync(Product product, NpgsqlConnection connection, IModel model, SyntheticImages library)
    {
        var tagIds = Vocabulary.All.Select((name, i) => (name, Id: i + 1)).ToDictionary(t => t.name, t => t.Id);
        await RunAsync(connection, $"insert into tag (id, name) overriding system value values {string.Join(", ", tagIds.Select(t => $"({t.Value}, '{t.Key}')"))}");

        // One connection copies into one table at a time; the rows of a slice wait in memory for their turn.
        foreach (var slice in library.All().Chunk(50_000))
        {
            await CopyAsync(slice, new Dictionary<string, Func<Image, object?>>
            {
                ["TagIds"] = i => i.Tags.Select(t => tagIds[t.Name]).ToArray(),
                ["TagNames"] = i => i.Tags.Select(t => t.Name.Value).ToArray(),
            });
            await CopyAsync(slice.SelectMany(i => i.Tags.Select(t => new ImageTagRow
            {
                OwnerId = i.OwnerId,
                ImageId = i.Id,
                TagId = tagIds[t.Name],
                Source = t.Source,
                Confidence = t.Confidence,
            })));
            await CopyAsync(slice.SelectMany(i => ImageColorRow.Of(i.Id, i.OwnerId, i.Colors)));
        }

        async Task CopyAsync<T>(IEnumerable<T> rows, Dictionary<string, Func<T, object?>>? shadow = null) where T : class
        {
            await using var copy = await EntityCopy<T>.BeginAsync(connection, model, shadow);
            foreach (var row in rows)
            {
                copy.Write(row);
            }
            await copy.CompleteAsync();
        }
    }

    /// <summary>Drops what every inserted row would pay for; returns the statements that bring it back.</summary>
    private static async Task<List<string>> PutAwayAsync(NpgsqlConnection connection)
    {
        List<(string Drop, string Create)> parts = [];
        await using (var command = new NpgsqlCommand($"""
            select format('alter table %s drop constraint %I', conrelid::regclass, conname),
                   format('alter table %s add constraint %I %s', conrelid::regclass, conname, pg_get_constraintdef(oid))
            from pg_constraint where contype = 'f' and conrelid::regclass::text = any(string_to_array('{Tables}', ', '))
            union all
            select format('drop index %I', indexname), indexdef
            from pg_indexes where tablename = any(string_to_array('{Tables}', ', ')) and indexname not like 'pk\_%'
            """, connection))
        await using (var reader = await command.ExecuteReaderAsync())
        {
            while (await reader.ReadAsync())
            {
                parts.Add((reader.GetString(0), reader.GetString(1)));
            }
        }
        foreach (var part in parts)
        {
            await RunAsync(connection, part.Drop);
        }
        return [.. parts.Select(p => p.Create)];
    }

    private const string Counters = """
        insert into owner_count (owner_id, images, bytes, trashed_images, trashed_bytes) select owner_id, count(*), sum(byte_size), 0, 0 from image group by 1;
        insert into owner_tag_count (owner_id, tag_id, count) select owner_id, tag_id, count(*) from image_tag group by 1, 2;
        insert into owner_color_count (owner_id, name, count) select owner_id, name, count(distinct image_id) from image_color group by 1, 2;
        insert into owner_year_count (owner_id, year, count)
            select owner_id, date_part('year', coalesce(taken_at, uploaded_at) at time zone 'UTC')::int, count(*) from image group by 1, 2;
        """;

    private static async Task RunAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
        await command.ExecuteNonQueryAsync();
    }

    private static async Task Step(string name, Func<Task> run)
    {
        var time = Stopwatch.StartNew();
        await run();
        Console.WriteLine($"{time.Elapsed.TotalSeconds,7:0.0} s  {name}");
    }
}
