using System.Data.Common;
using ImageRepo.Domain.Images;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Npgsql;

namespace ImageRepo.Infrastructure.Persistence;

/// <summary>
/// Similar images by multi-index hashing (Norouzi, Punjani and Fleet, 2012): two hashes of 64 bits that differ in at most ten differ in at most two of one
/// of their first three bands of 16 bits, or in at most one of the last: else they differed in 3 + 3 + 3 + 2. So each band has an index, in which the 137 or 17
/// values are looked up that are so near to the picture's own, and what is found there is compared whole. Nothing within the distance is missed. Nearer ones need fewer values.
/// </summary>
internal sealed class PictureIndex(ImageRepoDbContext db) : ISimilarImages
{
    /// <summary>
    /// Bits of <see cref="Image.PerceptualHash"/>. Photos with nothing in common differed in 18 and more, resized and recompressed ones in 4 at most; small crops lie
    /// between (docs/similar.md).
    /// </summary>
    private const int MaxDistance = 10;

    private const int Bits = 64;
    private const int BandBits = 16;
    private const int Bands = Bits / BandBits;

    /// <summary>How two bands may differ: by nothing that is looked up, not at all, by at most one bit, by at most two.</summary>
    private static readonly int[][] Differences = [[], [0], OneBit, [.. OneBit.SelectMany(a => OneBit.Select(b => a ^ b)).Distinct()]];

    private static int[] OneBit => [.. Enumerable.Range(0, BandBits + 1).Select(Bit)];

    // A function of the database's (PictureBands), since it keeps its plan: planning takes longer than the look-up. Rows come in the order in which it returns them, the nearest of an image first.
    private static readonly string Sql = $"select * from similar_images(@owner, @ids, @most, @within, {string.Join(", ", Enumerable.Range(0, Bands).Select(band => $"@band{band}"))})";

    public async Task<ILookup<ImageId, Similarity>> FindAsync(IReadOnlyCollection<(ImageId Image, int Most, double Least)> wanted, CancellationToken cancellationToken)
    {
        int[] within = [.. wanted.Select(w => Distance(w.Least))];
        var farthest = within.Max();
        var rows = await db.Database.SqlQueryRaw<Row>(Sql,
        [
            new NpgsqlParameter("owner", db.CurrentOwner.Value),
            new NpgsqlParameter("ids", wanted.Select(w => w.Image.Value).ToArray()),
            new NpgsqlParameter("most", wanted.Select(w => w.Most).ToArray()),
            new NpgsqlParameter("within", within),
            .. Enumerable.Range(0, Bands).Select(band => new NpgsqlParameter($"band{band}", Differences[Share(farthest, band)])),
        ]).ToListAsync(cancellationToken);
        return rows.ToLookup(r => new ImageId(r.Of), r => new Similarity(new ImageId(r.Of), new ImageId(r.Image), 1 - (double)r.Distance / Bits));
    }

    /// <summary>Of one more difference than is allowed, spread over the bands: one of them has fewer than its share of those.</summary>
    private static int Share(int distance, int band) => (distance + Bands - band) / Bands;

    /// <summary>In how many bits two hashes may differ that are so alike; less than none when nothing is.</summary>
    private static int Distance(double degree) => (int)Math.Clamp(Math.Floor((1 - degree) * Bits + 1e-6), -1, MaxDistance);

    private static int Bit(int number) => number < BandBits ? 1 << number : 0;

    /// <summary>
    /// Prepares the search once on each connection. Parsing is the least that it saves: where nothing is prepared, Npgsql begins each use of a connection of the pool by DISCARD ALL,
    /// which takes the function's plan away.
    /// </summary>
    public sealed class Preparation : DbCommandInterceptor
    {
        public override async ValueTask<InterceptionResult<DbDataReader>> ReaderExecutingAsync(
            DbCommand command, CommandEventData eventData, InterceptionResult<DbDataReader> result, CancellationToken cancellationToken = default)
        {
            // EF Core ends a statement with a line break.
            if (command.CommandText.StartsWith(Sql, StringComparison.Ordinal))
            {
                await command.PrepareAsync(cancellationToken);
            }
            return result;
        }
    }

    private sealed record Row(Guid Of, Guid Image, int Distance);
}
