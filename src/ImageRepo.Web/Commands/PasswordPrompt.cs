using System.Text;

namespace ImageRepo.Web.Commands;

/// <summary>Takes a password from the terminal, unseen and twice, or from standard input's first line; never from an argument, which every process of the machine could read.</summary>
internal static class PasswordPrompt
{
    /// <exception cref="CommandException">There is none, or the two differ.</exception>
    public static async Task<string> ReadAsync(string prompt, CancellationToken cancellationToken)
    {
        if (Console.IsInputRedirected)
        {
            return await Console.In.ReadLineAsync(cancellationToken) is { Length: > 0 } line
                ? line
                : throw new CommandException("Standard input holds no password: write it as the first line.");
        }
        var password = ReadUnseen(prompt);
        return password == ReadUnseen("The same again") ? password : throw new CommandException("The two passwords differ.");
    }

    private static string ReadUnseen(string prompt)
    {
        Console.Error.Write($"{prompt}: ");
        var typed = new StringBuilder();
        while (Console.ReadKey(intercept: true) is var key && key.Key != ConsoleKey.Enter)
        {
            if (key.Key == ConsoleKey.Backspace)
            {
                typed.Length = Math.Max(0, typed.Length - 1);
            }
            else if (!char.IsControl(key.KeyChar))
            {
                typed.Append(key.KeyChar);
            }
        }
        Console.Error.WriteLine();
        return typed.ToString();
    }
}
