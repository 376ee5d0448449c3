using System.CommandLine;
using ImageRepo.Infrastructure.Encryption;
using ImageRepo.Web.Identity;

namespace ImageRepo.Web.Commands;

internal sealed class RotateKey : AppCommand
{
    private readonly Option<bool> _resealOnly = new("--reseal-only") { Description = "Makes no new key; seals anew what is still sealed by an earlier one." };

    public RotateKey() : base("rotate-key", "Replaces the master key and seals anew what it sealed, also while the product runs. Interrupted, call it again.") => Add(_resealOnly);

    public override async Task<int> RunAsync(ParseResult line, IServiceProvider services, CancellationToken cancellationToken)
    {
        var rotation = services.GetRequiredService<MasterKeyRotation>();
        var output = line.InvocationConfiguration.Output;
        if (!line.GetValue(_resealOnly))
        {
            if (rotation.KeyIsSetting)
            {
                throw new CommandException(
                    "The master key is the setting Encryption:MasterKey, so changing it is up to you: docs/operations.md says how. Then run 'rotate-key --reseal-only'.");
            }
            await rotation.ReplaceKeyAsync(cancellationToken);
            services.GetRequiredService<AuditLog>().Write(AuditEvent.MasterKeyRotated, by: "command");
        }
        await output.WriteLineAsync($"The master key in use is {rotation.CurrentKey}.");
        try
        {
            await rotation.ResealAsync((name, count) => output.WriteLine($"Sealed anew: {count} {name}."), cancellationToken);
        }
        catch (InvalidDataException failure)
        {
            throw new CommandException(failure.Message);
        }
        return 0;
    }
}
