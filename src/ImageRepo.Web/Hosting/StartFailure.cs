using ImageRepo.Domain;
using ImageRepo.Infrastructure;
using Microsoft.Extensions.Options;
using Npgsql;

namespace ImageRepo.Web.Hosting;

/// <summary>What keeps the product from starting and is for its operator to mend: said in a line or two, without a stack trace.</summary>
internal static class StartFailure
{
    /// <summary>Null for a defect of the product, which should show itself whole.</summary>
    public static string? Explain(Exception failure) => failure switch
    {
        OptionsValidationException settings => string.Join(Environment.NewLine, settings.Failures),
        SetupException => failure.Message,
        UnavailableException => failure.Message,
        NpgsqlException => $"The database of ConnectionStrings:ImageRepo can't be used: {failure.Message}",
        IOException when failure.Message.Contains("address already in use", StringComparison.OrdinalIgnoreCase) =>
            $"{failure.Message} Set ASPNETCORE_URLS to an address that is free.",
        AggregateException { InnerExceptions: [var only] } => Explain(only),
        _ => null,
    };

    /// <summary>Runs the app; 1 when it could not start for such a reason.</summary>
    /// <param name="setUp">Puts the pipeline together, which reads settings too.</param>
    public static async Task<int> RunOrExplainAsync(this WebApplication app, Action setUp)
    {
        try
        {
            setUp();
            await app.RunAsync();
            return 0;
        }
        catch (Exception failure) when (Explain(failure) is { } words)
        {
            await Console.Error.WriteLineAsync($"ImageRepo can't start. {words}");
            return 1;
        }
    }
}
