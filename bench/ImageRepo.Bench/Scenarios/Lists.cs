using System.Text.Json;

namespace ImageRepo.Bench.Scenarios;

/// <summary>The list that every scenario asks for, and the same columns in SQL.</summary>
internal static class Lists
{
    public const string Nodes = "nodes { id fileName width height uploadedAt tags { name } colors { hex share } }";
    public const string Columns = "i.id, i.file_name, i.width, i.height, i.uploaded_at, i.tags, i.colors";
    public const string Newest = $$"""{ images { {{Nodes}} } }""";

    /// <summary>Images that meet a filter, in an order; both as a document writes them.</summary>
    public static string Of(string where, string arguments = "") => $$"""query ($after: String) { images(after: $after, where: {{where}}{{arguments}}) { {{Nodes}} } }""";

    public static string Ordered(string order) => Of("{}", order == "" ? "" : $", order: [{order}]");

    public static string Tagged(string tag) => $$"""{ tags: { some: { name: { eq: "{{tag}}" } } } }""";

    public static Task<JsonElement> PageAsync(this Product product, string document, string? after = null) =>
        product.QueryAsync(document, after is null ? null : new Dictionary<string, object?> { ["after"] = after });

    public static List<string> Ids(JsonElement data) => [.. data.GetProperty("images").GetProperty("nodes").EnumerateArray().Select(n => n.GetProperty("id").GetString()!)];

    /// <summary>The image's global id.</summary>
    public static string GlobalId(object id) => Convert.ToBase64String([.. "Image:"u8, .. ((Guid)id).ToByteArray()]);
}
