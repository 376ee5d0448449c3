using GraphQL.Types;
using GraphQLParser.AST;
using ImageRepo.GraphQL.Transport;

namespace ImageRepo.GraphQL.Scalars;

internal sealed class UploadScalar : ScalarGraphType
{
    public UploadScalar()
    {
        Name = "Upload";
        Description = "A file, sent by the GraphQL multipart request specification.";
        this.SpecifiedByUrl("https://github.com/jaydenseric/graphql-multipart-request-spec");
    }

    public override object? ParseLiteral(GraphQLValue value) => value is GraphQLNullValue ? null : ThrowLiteralConversionError(value);

    public override object? ParseValue(object? value) => value is null or ReceivedFile ? value : ThrowValueConversionError(value);

    public override object? Serialize(object? value) => ThrowSerializationError(value);
}
