using Microsoft.Extensions.Options;

namespace ImageRepo.Infrastructure.Analysis;

/// <summary>Section <c>Analysis</c>.</summary>
internal sealed class AnalysisOptions
{
    public const string Section = "Analysis";

    public static IReadOnlyList<string> Providers { get; } = ["Local"];

    /// <summary>Who describes the images: one of <see cref="Providers"/>, in upper or lower case.</summary>
    public string Provider { get; set; } = Providers[0];
}

/// <summary>Refuses to start what could not analyse a single image.</summary>
internal sealed class AnalysisOptionsValidator(ModelFiles models) : IValidateOptions<AnalysisOptions>
{
    public ValidateOptionsResult Validate(string? name, AnalysisOptions options)
    {
        if (!AnalysisOptions.Providers.Contains(options.Provider, StringComparer.OrdinalIgnoreCase))
        {
            return ValidateOptionsResult.Fail(
                $"{AnalysisOptions.Section}:{nameof(AnalysisOptions.Provider)} is '{options.Provider}'; allowed: {string.Join(", ", AnalysisOptions.Providers)}.");
        }
        try
        {
            foreach (var file in ModelFiles.All)
            {
                models.Read(file);
            }
            return ValidateOptionsResult.Success;
        }
        catch (ModelFileException e)
        {
            return ValidateOptionsResult.Fail(e.Message);
        }
    }
}
