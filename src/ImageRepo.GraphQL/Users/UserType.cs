using GraphQL;
using GraphQL.Types;
using ImageRepo.Domain.Accounts;
using ImageRepo.Domain.Analysis;
using ImageRepo.Domain.Images;
using ImageRepo.GraphQL.Costs;
using ImageRepo.GraphQL.Execution;
using ImageRepo.GraphQL.Nodes;
using ImageRepo.GraphQL.Scalars;
using ImageRepo.Infrastructure.Accounts;
using Microsoft.EntityFrameworkCore;

namespace ImageRepo.GraphQL.Users;

internal sealed class UserType : ObjectGraphType<User>
{
    public const string TypeName = "User";

    public UserType()
    {
        Name = TypeName;
        Description = "An account. Only its own owner sees it.";
        Interface<NodeType>();
        Field<NonNullGraphType<IdGraphType>>("id").Description("The global id.").Resolve(u => GlobalId.Encode(TypeName, u.Source.Id));
        Field<NonNullGraphType<StringGraphType>>("userName").Description("The name to sign in with.").Resolve(u => u.Source.UserName);
        Field<NonNullGraphType<DateTimeScalar>>("createdAt").Description("When the account was made.").Resolve(u => u.Source.CreatedAt);
        Field<NonNullGraphType<UsageType>>("usage").Description("What is stored, and how much may be.")
            .ResolveAsync(async u => await u.Service<IImageLibrary>().UsageAsync(u.Source.OwnerId, u.CancellationToken))
            .Costs();
        Field<ReanalysisType>("reanalysis").Description("What is left of the last `reanalyzeImages` that was about all images; null when nothing is.")
            .ResolveAsync(async u => await u.Service<IReanalyses>().ProgressAsync(u.Source.OwnerId, u.CancellationToken))
            .Costs();
    }

    /// <summary>The caller's own account; null for anybody else's id.</summary>
    public static async Task<User?> FindAsync(IResolveFieldContext context, Guid id) => context.Request().Caller.Owner?.Value == id
        ? await context.Db().Users.AsNoTracking().SingleOrDefaultAsync(u => u.Id == id, context.CancellationToken)
        : null;
}

internal sealed class ReanalysisType : ObjectGraphType<ReanalysisProgress>
{
    public ReanalysisType()
    {
        Name = "Reanalysis";
        Description = "How far the repeated analysis of a library has come.";
        Field<NonNullGraphType<DateTimeScalar>>("requestedAt").Description("When it was asked for.").Resolve(r => r.Source.RequestedAt);
        Field("total", r => r.Total).Description("Images that it was asked for.");
        Field("remaining", r => r.Remaining).Description("Images among them whose turn has not come yet.");
    }
}

internal sealed class UsageType : ObjectGraphType<Usage>
{
    public UsageType()
    {
        Name = "Usage";
        Description = "What an owner stores, trash included, and how much may be stored.";
        Field("imageCount", u => u.ImageCount).Description("Images, those in the trash included.");
        Field("imageLimit", u => u.ImageLimit, nullable: true).Description("The most images allowed; null for no limit.");
        Field<NonNullGraphType<LongScalar>>("bytes").Description("Bytes of the originals.").Resolve(u => u.Source.Bytes);
        Field<LongScalar>("byteLimit").Description("The most bytes allowed; null for no limit.").Resolve(u => u.Source.ByteLimit);
    }
}
