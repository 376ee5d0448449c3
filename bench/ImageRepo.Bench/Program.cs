using ImageRepo.Bench;
using ImageRepo.Bench.Library;
using ImageRepo.Bench.Measuring;
using ImageRepo.Bench.Scenarios;

if (BenchOptions.Parse(args) is not { } options)
{
    Console.Error.WriteLine(BenchOptions.Usage);
    return 2;
}
await using var product = await Product.StartAsync(options);
await LibraryLoader.LoadAsync(product, options.Images);

var report = new Report(options);
await TagScenarios.RunAsync(product, report);
await TextScenarios.RunAsync(product, report);
await PagingScenarios.RunAsync(product, report);
await ColorScenarios.RunAsync(product, report);
await SimilarScenarios.RunAsync(product, report);
await TotalsScenarios.RunAsync(product, report);
await RequestScenarios.RunAsync(product, report);
report.Summarise();
return 0;
