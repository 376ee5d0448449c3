using ImageRepo.Domain.Storage;

namespace ImageRepo.Infrastructure.ObjectStorage;

/// <summary>Checks prefixes as <see cref="ObjectKey"/> checks keys, so that none leads out of the store.</summary>
internal static class ObjectPrefix
{
    /// <exception cref="ArgumentException">No key starts like this.</exception>
    public static void Check(string prefix)
    {
        if (prefix.Length > 0)
        {
            try
            {
                ObjectKey.Parse(prefix[^1] == '/' ? prefix[..^1] : prefix);
            }
            catch (FormatException e)
            {
                throw new ArgumentException("Not the start of an object key.", nameof(prefix), e);
            }
        }
    }

    /// <exception cref="ArgumentException">This is no folder: without the slash, "originals/1" would take "originals/10" along, and "" everything.</exception>
    public static void CheckFolder(string prefix)
    {
        Check(prefix);
        if (!prefix.EndsWith('/'))
        {
            throw new ArgumentException("A folder of objects ends with a slash.", nameof(prefix));
        }
    }
}
