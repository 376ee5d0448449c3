using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;

namespace ImageRepo.GraphQL.Tests.Schema;

/// <summary>docs/contract.md and the tests name one another.</summary>
public sealed partial class ContractTests
{
    [Fact]
    public void Every_row_of_the_contract_is_cited_by_a_test_and_every_citation_is_a_row()
    {
        var root = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(Here())!, "../../.."));
        var rows = Row().Matches(File.ReadAllText(Path.Combine(root, "docs/contract.md"))).Select(m => m.Groups[1].Value).ToList();
        var cited = Directory.EnumerateFiles(Path.Combine(root, "test"), "*", SearchOption.AllDirectories)
            .Where(f => Path.GetExtension(f) is ".cs" or ".mjs" && !Excluded().IsMatch(f))
            .SelectMany(f => Citation().Matches(File.ReadAllText(f)))
            .SelectMany(m => Id().Matches(m.Value).Select(id => id.Value))
            .ToHashSet();

        Assert.True(rows.Count > 50);
        Assert.Equal(rows.Distinct(), rows);
        Assert.Equal([], rows.Where(row => !cited.Contains(row)));
        Assert.Equal([], cited.Except(rows));
    }

    private static string Here([CallerFilePath] string path = "") => path;

    [GeneratedRegex("^\\| ([A-Z][0-9]+) \\|", RegexOptions.Multiline)]
    private static partial Regex Row();

    /// <summary>An attribute on a test, or the comment before one of a script.</summary>
    [GeneratedRegex("^ *\\[Contract\\((\"[A-Z][0-9]+\",? ?)+\\)\\]$|^ *// Contract: .*$", RegexOptions.Multiline)]
    private static partial Regex Citation();

    [GeneratedRegex("\\b[A-Z][0-9]+\\b")]
    private static partial Regex Id();

    [GeneratedRegex("[/\\\\](bin|obj|node_modules)[/\\\\]")]
    private static partial Regex Excluded();
}
