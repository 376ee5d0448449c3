using GraphQL.Types;

namespace ImageRepo.GraphQL.Scalars;

internal sealed class LongScalar : LongGraphType
{
    public LongScalar()
    {
        Name = "Long";
        Description = "A whole number between -2^63 and 2^63 - 1.";
        this.SpecifiedByUrl("https://scalars.graphql.org/chillicream/long.html");
    }
}
