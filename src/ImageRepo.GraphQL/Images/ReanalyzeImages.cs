using GraphQL;
using GraphQL.Types;
using ImageRepo.Domain;
using ImageRepo.Domain.Analysis;
using ImageRepo.Domain.Images;
using ImageRepo.GraphQL.Errors;
using ImageRepo.GraphQL.Execution;
using ImageRepo.GraphQL.Mutations;
using ImageRepo.GraphQL.Scalars;

namespace ImageRepo.GraphQL.Images;

internal sealed record ReanalyzeImagesInput(IReadOnlyList<string>? Ids, bool All, ReanalysisChoice Choice, bool DryRun)
{
    /// <summary>Of everything, whatever else narrows it.</summary>
    public bool IsOfAll => All || (Ids is null && Choice != ReanalysisChoice.Any);
}

internal sealed class ReanalyzeImagesInputType : InputObjectGraphType
{
    public ReanalyzeImagesInputType()
    {
        Name = "ReanalyzeImagesInput";
        Description = "Images to analyse again: those of `ids`, or all outside the trash, narrowed by the other fields. What an owner wrote, tagged and rejected stays.";
        Field<ListGraphType<NonNullGraphType<IdGraphType>>>("ids").Description("The images. Left out: all, where `all`, `analyzedBefore` or `outdated` is given.");
        Field<NonNullGraphType<BooleanGraphType>>("all").DefaultValue(false).Description("All images outside the trash, whatever `ids` says.");
        Field<DateTimeScalar>("analyzedBefore").Description("Only images whose result is older, or that have none.");
        Field<NonNullGraphType<BooleanGraphType>>("outdated").DefaultValue(false)
            .Description("Only images whose result was not made by the analyzer that describes new ones now, in its present version.");
        Field<NonNullGraphType<BooleanGraphType>>("dryRun").DefaultValue(false).Description("Only counts them.");
    }

    public override object ParseDictionary(IDictionary<string, object?> value) => new ReanalyzeImagesInput(
        value.TryGetValue("ids", out var ids) && ids is not null ? value.Strings("ids") : null, value.Required<bool>("all"),
        new ReanalysisChoice(value.Optional<DateTimeOffset?>("analyzedBefore"), value.Required<bool>("outdated")), value.Required<bool>("dryRun"));
}

internal sealed record ReanalyzeImagesPayload : Payload
{
    public int? Count { get; init; }
}

internal sealed class ReanalyzeImagesPayloadType : PayloadType<ReanalyzeImagesPayload, ReanalyzeImagesErrorType>
{
    public ReanalyzeImagesPayloadType() : base("ReanalyzeImages")
    {
        Field("count", p => p.Count, nullable: true)
            .Description("How many images are analysed again, or would be; those that wait for their analysis anyway are not counted. It happens in the background: see `User.reanalysis`.");
        Errors();
    }
}

internal sealed class ReanalyzeImagesErrorType() : ErrorUnionType("ReanalyzeImages", typeof(ImageNotFoundErrorType), typeof(TooManyImagesErrorType));

internal static class ReanalyzeImages
{
    public static async Task<ReanalyzeImagesPayload> ResolveAsync(ReanalyzeImagesInput input, IResolveFieldContext context)
    {
        var reanalyses = context.Service<IReanalyses>();
        if (input.IsOfAll)
        {
            return new ReanalyzeImagesPayload
            {
                Count = input.DryRun
                    ? await reanalyses.CountAsync(context.Owner(), input.Choice, context.CancellationToken)
                    : await reanalyses.AskForAllAsync(context.Owner(), input.Choice, context.CancellationToken),
            };
        }
        var (ids, errors) = ImageIds.ParseAll([.. input.Ids ?? []], context.Service<ImageLimits>());
        var asked = await reanalyses.AskAsync(context.Owner(), ids, input.Choice, input.DryRun, context.CancellationToken);
        return new ReanalyzeImagesPayload
        {
            Count = asked.Done.Count,
            Errors = Payload.AllOf(errors, asked.Errors),
        };
    }
}
