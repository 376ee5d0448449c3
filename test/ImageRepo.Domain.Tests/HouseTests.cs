using System.Xml.Linq;

namespace ImageRepo.Domain.Tests;

/// <summary>Dependencies point one way: Domain, Infrastructure, GraphQL, Web.</summary>
public sealed class HouseTests
{
    private static readonly string[] Order = ["ImageRepo.Domain", "ImageRepo.Infrastructure", "ImageRepo.GraphQL", "ImageRepo.Web"];

    [Fact]
    public void The_domain_has_no_package_and_no_project_below_it()
    {
        var project = Project("ImageRepo.Domain");

        Assert.Empty(project.Descendants("PackageReference"));
        Assert.Empty(project.Descendants("ProjectReference"));
        Assert.Empty(project.Descendants("FrameworkReference"));
    }

    [Theory]
    [InlineData("ImageRepo.Infrastructure")]
    [InlineData("ImageRepo.GraphQL")]
    [InlineData("ImageRepo.Web")]
    public void A_project_refers_to_those_before_it_alone(string name)
    {
        var referred = Project(name).Descendants("ProjectReference").Select(r => Path.GetFileNameWithoutExtension(r.Attribute("Include")!.Value.Replace('\\', '/')));

        Assert.All(referred, other => Assert.True(Array.IndexOf(Order, other) >= 0 && Array.IndexOf(Order, other) < Array.IndexOf(Order, name), $"{name} refers to {other}"));
    }

    [Theory]
    [InlineData("ImageRepo.GraphQL", "NetVips", "Amazon", "OnnxRuntime", "IObjectStore", "IPictureReader")]
    [InlineData("ImageRepo.Web", "NetVips", "Amazon", "OnnxRuntime")]
    public void Pixels_and_buckets_are_for_infrastructure_alone(string project, params string[] forbidden)
    {
        var sources = Directory.EnumerateFiles(Path.Combine(Root(), "src", project), "*.cs", SearchOption.AllDirectories)
            .Where(f => !f.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}"))
            .ToList();

        Assert.NotEmpty(sources);
        Assert.DoesNotContain(sources, file => forbidden.Any(File.ReadAllText(file).Contains));
    }

    private static XDocument Project(string name) => XDocument.Load(Path.Combine(Root(), "src", name, $"{name}.csproj"));

    private static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "ImageRepo.slnx")))
        {
            folder = folder.Parent ?? throw new InvalidOperationException("The repository's root was not found above the tests.");
        }
        return folder.FullName;
    }
}
