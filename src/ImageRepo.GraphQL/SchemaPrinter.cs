namespace ImageRepo.GraphQL;

/// <summary>Writes the schema in the schema definition language, as <c>schema.graphql</c> at the root keeps it.</summary>
public static class SchemaPrinter
{
    /// <param name="services">A provider after <c>AddImageRepoGraphQL</c>; no database is touched.</param>
    public static string Print(IServiceProvider services) => throw new NotImplementedException();
}
