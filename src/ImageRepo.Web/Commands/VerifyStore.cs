using System.CommandLine;
using ImageRepo.Infrastructure.Verification;

namespace ImageRepo.Web.Commands;

internal sealed class VerifyStore : AppCommand
{
    private readonly Option<bool> _repair = new("--repair") { Description = "Makes renditions that are missing or damaged anew, from their original. Deletes nothing." };

    public VerifyStore() : base("verify", "Reads every stored object and compares the store with the database, also while the product runs. Ends with 1 when something is wrong.") => Add(_repair);

    public override async Task<int> RunAsync(ParseResult line, IServiceProvider services, CancellationToken cancellationToken)
    {
        var output = line.InvocationConfiguration.Output;
        var progress = new ProgressLine(line.InvocationConfiguration.Error);
        var found = await services.GetRequiredService<StoreVerification>().VerifyAsync(
            line.GetValue(_repair),
            fault => output.WriteLine($"{fault.Kind.ToString().ToLowerInvariant()}{(fault.IsRepaired ? ", repaired" : "")}: {fault.Key} {fault.Problem}"),
            now => progress.Say($"{now.Images} of {now.ImagesInAll} images read, {now.Listed} objects listed"),
            cancellationToken);
        await output.WriteLineAsync(
            $"Read {found.Objects} objects of {found.Images} images ({found.Bytes} bytes). The store lists {found.Listed}, {found.Noted} of them of uploads under way or left for the sweeper.");
        await output.WriteLineAsync($"{found.Faults} faults{(found.Repaired > 0 ? $", {found.Repaired} of them repaired" : "")}.");
        return found.Faults == found.Repaired ? 0 : 1;
    }
}
