using ImageRepo.Domain.Colors;
using ImageRepo.Web.Schema;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace ImageRepo.Web.Pages.Images;

internal sealed class IndexModel(PageSchema schema) : PageModel
{
    private const int PageSize = 30;

    public GalleryFilter Filter { get; private set; } = null!;
    public Gallery Images { get; private set; } = null!;
    public string? OlderAddress { get; private set; }
    public string? NewerAddress { get; private set; }

    public IReadOnlyList<string> Problems => Filter.Refused is { } refused ? [refused.Reason] : [];

    public bool IsLibraryEmpty => Filter.IsEmpty && Images.TotalCount == 0;

    public async Task<IActionResult> OnGetAsync(string? after, string? before, CancellationToken cancellationToken)
    {
        Filter = GalleryFilter.Read(Request.Query);
        try
        {
            var data = await schema.ExecuteAsync<GalleryData>("Images/Index", Variables(after, before), cancellationToken);
            Images = data.Images;
        }
        catch (SchemaRefusedException e) when (e.IsForInvalidCursor)
        {
            return Redirect(Filter.Address());
        }
        OlderAddress = Images.PageInfo is { HasNextPage: true, EndCursor: { } end } ? Filter.Address("after", end) : null;
        NewerAddress = Images.PageInfo is { HasPreviousPage: true, StartCursor: { } start } ? Filter.Address("before", start) : null;
        return Page();
    }

    public int CountOf(NamedColor color) =>
        Images.Facets.Colors.FirstOrDefault(c => c.Name.Equals(color.ToString(), StringComparison.OrdinalIgnoreCase))?.Count ?? 0;

    private Dictionary<string, object?> Variables(string? after, string? before)
    {
        var variables = new Dictionary<string, object?> { ["search"] = Filter.Words, ["where"] = Filter.Where() };
        if (string.IsNullOrEmpty(before))
        {
            variables["first"] = PageSize;
            variables["after"] = string.IsNullOrEmpty(after) ? null : after;
        }
        else
        {
            variables["last"] = PageSize;
            variables["before"] = before;
        }
        return variables;
    }

    internal sealed record GalleryData(Gallery Images);

    internal sealed record Gallery(int TotalCount, PageInfoData PageInfo, IReadOnlyList<ImageCard> Nodes, Facets Facets);

    internal sealed record Facets(IReadOnlyList<Facet> Tags, IReadOnlyList<Facet> Colors);

    internal sealed record Facet(string Name, int Count);
}
