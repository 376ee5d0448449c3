namespace ImageRepo.GraphQL.Execution;

/// <summary>What a token may do with images. Whoever signed in with the page's cookie may do all.</summary>
public static class AccessScopes
{
    public const string Read = "images:read";
    public const string Write = "images:write";
}
