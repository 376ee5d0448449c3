using System.CommandLine;
using System.Globalization;
using ImageRepo.Evaluation;

CultureInfo.DefaultThreadCurrentCulture = CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
var root = new RootCommand("How right the analyzer is, and what pictures cost.") { PhotosCommand.Create(), ColorsCommand.Create(), CostCommand.Create(), IngestCommand.Create(), EncodersCommand.Create() };
return await root.Parse(args).InvokeAsync();
