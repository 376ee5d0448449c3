using System.Text.RegularExpressions;
using ImageRepo.Domain;

namespace ImageRepo.GraphQL.Errors;

internal static partial class DomainErrorCodes
{
    /// <summary>For a domain exception outside of any payload: InvalidTextException is INVALID_TEXT.</summary>
    public static string Of(DomainException exception) =>
        WordStart().Replace(exception.GetType().Name.Replace("Exception", ""), "_$0").ToUpperInvariant();

    [GeneratedRegex("(?<=[a-z0-9])[A-Z]")]
    private static partial Regex WordStart();
}
