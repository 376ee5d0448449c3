using System.CommandLine;
using ImageRepo.Infrastructure.Backups;

namespace ImageRepo.Web.Commands;

internal sealed class RestoreBackup : AppCommand
{
    private readonly Argument<string> _folder = new("folder") { Description = "The folder that 'imagerepo backup' wrote." };

    public RestoreBackup() : base("restore", "Brings a backup into a new, empty installation that has the same master key, while the product does not run.") => Add(_folder);

    // The backup's own version of it comes first.
    public override bool MigratesDatabase => false;

    public override async Task<int> RunAsync(ParseResult line, IServiceProvider services, CancellationToken cancellationToken)
    {
        var output = line.InvocationConfiguration.Output;
        var progress = new ProgressLine(line.InvocationConfiguration.Error);
        try
        {
            var restored = await services.GetRequiredService<Restoration>().RestoreAsync(
                line.GetRequiredValue(_folder), (done, all) => progress.Say($"{done} of {all} objects"), cancellationToken);
            await output.WriteLineAsync($"The backup of {restored.MadeAt:u} is restored: {restored.Rows} rows and {restored.Objects} objects.");
            foreach (var key in restored.Missing)
            {
                await output.WriteLineAsync($"was not in the backup: {key}");
            }
            return 0;
        }
        catch (BackupException failure)
        {
            throw new CommandException(failure.Message);
        }
    }
}
