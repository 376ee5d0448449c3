using GraphQL.Types;
using ImageRepo.GraphQL.Costs;
using ImageRepo.GraphQL.Execution;

namespace ImageRepo.GraphQL.Subscriptions;

internal sealed class SubscriptionType : ObjectGraphType
{
    public SubscriptionType()
    {
        Name = "Subscription";
        Description = "What can be watched, over WebSocket (`graphql-transport-ws`) or server-sent events.";
        Field<NonNullGraphType<ImageChangeType>>("imageChanged")
            .Description("Every change to the caller's images from now on, whichever server it happens on. Ends with the error `IMAGE_CHANGES_LOST` where changes may have been missed: read the images again and subscribe again.")
            .Argument<ListGraphType<NonNullGraphType<IdGraphType>>>("imageIds", "Only the changes to these images; of all when left out.")
            .Costs()
            .Subscribe(Permission.Read, ImageChanged.Open);
    }
}
