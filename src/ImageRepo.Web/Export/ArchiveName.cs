namespace ImageRepo.Web.Export;

/// <summary>A file's name as every system can unpack it.</summary>
internal static class ArchiveName
{
    public static string Of(string fileName)
    {
        var name = string.Concat(fileName.Select(c => char.IsControl(c) || "<>:\"/\\|?*".Contains(c, StringComparison.Ordinal) ? '_' : c)).TrimEnd('.', ' ');
        return name.Length == 0 ? "image" : name;
    }
}
