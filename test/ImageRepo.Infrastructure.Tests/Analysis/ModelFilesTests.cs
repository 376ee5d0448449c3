using ImageRepo.Infrastructure.Analysis;

namespace ImageRepo.Infrastructure.Tests.Analysis;

public sealed class ModelFilesTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("imagerepo-models-");

    [Fact]
    public void Every_model_lies_beside_the_program_and_is_the_one_that_the_readme_names()
    {
        var readme = File.ReadAllText(Path.Combine(ModelFiles.ShippedDirectory, "README.md"));

        Assert.All(ModelFiles.All, file =>
        {
            Assert.NotEmpty(new ModelFiles(ModelFiles.ShippedDirectory).Read(file));
            Assert.Contains(file.Sha256, readme);
        });
    }

    [Fact]
    public void A_missing_model_is_named_with_its_path()
    {
        var e = Assert.Throws<ModelFileException>(() => new ModelFiles(_folder.FullName).Read(ModelFiles.NanoDet));

        Assert.Contains(Path.Combine(_folder.FullName, "nanodet.onnx"), e.Message);
    }

    [Fact]
    public void A_model_with_one_bit_changed_is_refused_with_both_hashes()
    {
        DamageBlazeFace(_folder.FullName);

        var e = Assert.Throws<ModelFileException>(() => new ModelFiles(_folder.FullName).Read(ModelFiles.BlazeFace));

        Assert.Contains(ModelFiles.BlazeFace.Sha256, e.Message);
        Assert.Contains("SHA-256", e.Message);
    }

    [Fact]
    public void A_file_that_is_no_model_is_refused_when_it_is_loaded()
    {
        File.WriteAllText(Path.Combine(_folder.FullName, "empty.onnx"), "");
        using var model = new OnnxModel(
            new ModelFiles(_folder.FullName), new ModelFile("empty.onnx", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"));

        var e = Assert.Throws<ModelFileException>(() => model.Run([1], _ => { }, _ => 0));

        Assert.Contains("empty.onnx", e.Message);
    }

    internal static void DamageBlazeFace(string folder)
    {
        var content = new ModelFiles(ModelFiles.ShippedDirectory).Read(ModelFiles.BlazeFace);
        content[content.Length / 2] ^= 1;
        File.WriteAllBytes(Path.Combine(folder, ModelFiles.BlazeFace.Name), content);
    }

    public void Dispose() => _folder.Delete(recursive: true);
}
