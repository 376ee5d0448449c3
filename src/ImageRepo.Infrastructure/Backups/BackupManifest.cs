namespace ImageRepo.Infrastructure.Backups;

/// <summary>What a backup consists of. Written last: a folder without one holds no backup.</summary>
/// <param name="Format">Of the folder; see docs/backup-format.md.</param>
/// <param name="Id">Of this backup among those made into the same folder.</param>
/// <param name="Product">The version of the product that made it.</param>
/// <param name="Migration">The last migration of its database.</param>
/// <param name="Tables">In an order in which their rows can be put back: what is referred to comes first.</param>
/// <param name="Objects">How many objects its images have.</param>
/// <param name="ObjectsHash">SHA-256 of the list of them, in hexadecimal.</param>
/// <param name="Missing">Keys of objects that could not be read when it was made.</param>
internal sealed record BackupManifest(
    int Format, Guid Id, DateTimeOffset MadeAt, string Product, string Migration,
    IReadOnlyList<TableDump> Tables, long Objects, string ObjectsHash, IReadOnlyList<string> Missing)
{
    public const int CurrentFormat = 1;
}

/// <param name="Columns">As they stand in SQL, in the order of the values.</param>
/// <param name="Hash">SHA-256 of the rows as PostgreSQL's COPY writes them, in hexadecimal.</param>
internal sealed record TableDump(string Name, IReadOnlyList<string> Columns, long Rows, string Hash);
