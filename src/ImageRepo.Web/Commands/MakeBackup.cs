using System.CommandLine;
using ImageRepo.Infrastructure.Backups;

namespace ImageRepo.Web.Commands;

internal sealed class MakeBackup : AppCommand
{
    private readonly Argument<string> _folder = new("folder") { Description = "An empty folder, or one with an earlier backup, which this one replaces." };

    public MakeBackup() : base("backup", "Writes database and objects into a folder, encrypted, also while the product runs. The master key is not in it.") => Add(_folder);

    public override async Task<int> RunAsync(ParseResult line, IServiceProvider services, CancellationToken cancellationToken)
    {
        var output = line.InvocationConfiguration.Output;
        var progress = new ProgressLine(line.InvocationConfiguration.Error);
        var backup = services.GetRequiredService<Backup>();
        try
        {
            var made = await backup.MakeAsync(line.GetRequiredValue(_folder), (done, all) => progress.Say($"{done} of {all} objects"), cancellationToken);
            await output.WriteLineAsync($"{made.Rows} rows and {made.Objects} objects are in the backup; {made.Copied} of the objects ({made.Bytes} bytes) are new in it.");
            foreach (var key in made.Missing)
            {
                await output.WriteLineAsync($"not in it: {key}");
            }
            await output.WriteLineAsync($"The master key {backup.KeyId} is not in it: keep that apart. Without it nobody can restore this backup, with it anyone can read it.");
            return made.Missing is [] ? 0 : throw new CommandException($"{made.Missing.Count} objects could not be read, so they are not in the backup; all else is. 'imagerepo verify' tells what is wrong with them.");
        }
        catch (BackupException failure)
        {
            throw new CommandException(failure.Message);
        }
    }
}
