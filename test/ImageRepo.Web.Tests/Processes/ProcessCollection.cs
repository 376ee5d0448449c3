namespace ImageRepo.Web.Tests.Processes;

/// <summary>Tests that start the app itself: one after the other, and none beside the others, since each wants the machine.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class ProcessCollection
{
    public const string Name = "Built app";
}
