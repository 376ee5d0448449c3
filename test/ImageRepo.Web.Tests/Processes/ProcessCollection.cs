namespace ImageRepo.Web.Tests.Processes;

/// <summary>Tests of the built app that measure it or load the machine: one after the other, and none beside the others.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class ProcessCollection
{
    public const string Name = "Built app";
}
