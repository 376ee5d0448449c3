using System.CommandLine;
using System.Globalization;
using ImageRepo.Evaluation;

CultureInfo.DefaultThreadCurrentCulture = CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
var root = new RootCommand("How right the analyzer is, and what it costs.") { PhotosCommand.Create(), ColorsCommand.Create(), CostCommand.Create() };
return await root.Parse(args).InvokeAsync();
