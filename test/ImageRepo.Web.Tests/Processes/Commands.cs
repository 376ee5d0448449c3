using System.Net;
using ImageRepo.Testing;

namespace ImageRepo.Web.Tests.Processes;

/// <summary>What tests of the program's commands share.</summary>
internal static class Commands
{
    public static async Task<CommandOutcome> RequireAsync(BuiltApp app, string command, string said, string input = "")
    {
        var outcome = await app.CommandAsync(command.Split(' '), input);
        Assert.True(outcome.ExitCode == 0 && outcome.Output.Contains(said, StringComparison.Ordinal), $"{command} ended with {outcome.ExitCode}: {outcome.Output}{outcome.Errors}");
        return outcome;
    }

    public static async Task<bool> SignsInAsync(ImageRepoClient client, string name, string password)
    {
        using var response = await client.SignInAsync(name, password);
        return response.StatusCode == HttpStatusCode.Redirect;
    }
}
