using ImageRepo.Infrastructure.Analysis.Azure;
using Microsoft.Extensions.Options;

namespace ImageRepo.Infrastructure.Analysis;

/// <summary>Section <c>Analysis</c>.</summary>
internal sealed class AnalysisOptions
{
    public const string Section = "Analysis";
    public const string Local = "Local";
    public const string Azure = "Azure";

    public static IReadOnlyList<string> Providers { get; } = [Local, Azure];

    /// <summary>Who describes the images: one of <see cref="Providers"/>, or several in order with commas between them, in upper or lower case.</summary>
    public string Provider { get; set; } = Local;

    /// <summary>How long a provider may give no answer before the next one describes in its place.</summary>
    public TimeSpan FallbackAfter { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>As they are written in <see cref="Providers"/>; null for what is written there no way.</summary>
    public IReadOnlyList<string?> Chain => [.. Provider.Split(',', StringSplitOptions.TrimEntries)
        .Select(written => Providers.FirstOrDefault(p => p.Equals(written, StringComparison.OrdinalIgnoreCase)))];
}

/// <summary>Refuses to start what could not analyse a single image.</summary>
internal sealed class AnalysisOptionsValidator(ModelFiles models, IOptions<AzureOptions> azure) : IValidateOptions<AnalysisOptions>
{
    public ValidateOptionsResult Validate(string? name, AnalysisOptions options)
    {
        var problems = Problems(options).ToList();
        return problems.Count > 0 ? ValidateOptionsResult.Fail(problems) : ValidateOptionsResult.Success;
    }

    private IEnumerable<string> Problems(AnalysisOptions options)
    {
        var chain = options.Chain;
        if (chain.Contains(null) || chain.Distinct().Count() < chain.Count)
        {
            yield return $"{AnalysisOptions.Section}:{nameof(AnalysisOptions.Provider)} is '{options.Provider}'; allowed: {string.Join(", ", AnalysisOptions.Providers)}, or several of them in order, such as Azure,Local.";
            yield break;
        }
        if (options.FallbackAfter < TimeSpan.Zero)
        {
            yield return $"{AnalysisOptions.Section}:{nameof(AnalysisOptions.FallbackAfter)} is {options.FallbackAfter}; set it to 0 or more, written as hours:minutes:seconds (00:05:00).";
        }
        if (chain.Contains(AnalysisOptions.Azure))
        {
            foreach (var problem in AzureOptionsRules.Problems(azure.Value))
            {
                yield return problem;
            }
        }
        if (chain.Contains(AnalysisOptions.Local) && ModelProblem() is { } model)
        {
            yield return model;
        }
    }

    private string? ModelProblem()
    {
        try
        {
            foreach (var file in ModelFiles.All)
            {
                models.Read(file);
            }
            return null;
        }
        catch (ModelFileException e)
        {
            return e.Message;
        }
    }
}
