using ImageRepo.GraphQL.Execution;
using ImageRepo.Web.Schema;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace ImageRepo.Web.Pages;

internal sealed class DeveloperModel(PageSchema schema, BaseAddress address) : PageModel
{
    public Account Me { get; private set; } = null!;

    public string Address => address.Current.ToString().TrimEnd('/');

    public async Task OnGetAsync(CancellationToken cancellationToken) =>
        Me = (await schema.ExecuteAsync<DeveloperData>("Developer", new Dictionary<string, object?>(), cancellationToken)).Me;

    internal sealed record DeveloperData(Account Me);

    internal sealed record Account(string Id, string UserName, AccountUsage Usage);

    internal sealed record AccountUsage(int ImageCount, long Bytes);
}
