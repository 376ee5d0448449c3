using System.Security.Cryptography;

namespace ImageRepo.Infrastructure.Analysis;

/// <summary>A file of the <c>models</c> folder that is shipped beside the program.</summary>
/// <param name="Sha256">Lower-case hexadecimal, as in models/README.md.</param>
internal sealed record ModelFile(string Name, string Sha256);

/// <summary>The model files. A model that differs by a bit answers nonsense and not an error, so each is read with its hash checked.</summary>
internal sealed class ModelFiles(string directory)
{
    public static ModelFile NanoDet { get; } = new("nanodet.onnx", "b07c8ebb6db64155183244d860bf5d626ed6d8ed0a694ec93e5f92c67705ddf5");
    public static ModelFile CocoNames { get; } = new("coco.names", "bd17f1ee35d5f3c862a4894605855abbb9dda4b0621fdb0ac4c2c8c7bb7e730a");
    public static ModelFile SsdMobileNet { get; } = new("ssd-mobilenet-v2.onnx", "3c34692b78ca44ae8b8761ccb0ff17775b33bcaed6648d30755d5ff4d1e97d95");
    public static ModelFile BlazeFace { get; } = new("blazeface.onnx", "427cbbe0fc41448d09e1dc9cfabe2423d997cf2faaeab91fadd09a510b63b8e2");
    public static ModelFile TextDetection { get; } = new("ocr-det.onnx", "30a86f5731181461d08021402766601e4302a9b9b9666be8aff402696339cdff");
    public static ModelFile TextRecognition { get; } = new("ocr-rec.onnx", "06b3e6af6c59a1ba5d53790ed8c2e4b2de389870b6cf5a97f349f3412cb269c0");
    public static ModelFile TextCharacters { get; } = new("ocr-keys.txt", "28b2362ad4ab2dc38769aa72feb535e3a9ddb3fd2a7585a05920e6393b1dc7f7");

    public static IReadOnlyList<ModelFile> All { get; } = [NanoDet, CocoNames, SsdMobileNet, BlazeFace, TextDetection, TextRecognition, TextCharacters];

    /// <summary>The folder that the build copies the repository's <c>models</c> to.</summary>
    public static string ShippedDirectory => Path.Combine(AppContext.BaseDirectory, "models");

    /// <exception cref="ModelFileException">Missing, unreadable, or not the bytes that it should be.</exception>
    public byte[] Read(ModelFile file)
    {
        var path = Path.Combine(directory, file.Name);
        byte[] content;
        try
        {
            content = File.ReadAllBytes(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ModelFileException(
                $"The model file {path} can't be read ({e.Message}). It is part of the product: build or publish again, or copy models/{file.Name} from the source.", e);
        }
        var hash = Convert.ToHexStringLower(SHA256.HashData(content));
        return hash == file.Sha256
            ? content
            : throw new ModelFileException(
                $"The model file {path} is damaged or another one: its SHA-256 is {hash}, expected {file.Sha256}. Copy models/{file.Name} from the source again.");
    }
}

/// <summary>The analyzer can't work at all; the message is for whoever runs the product.</summary>
internal sealed class ModelFileException(string message, Exception? inner = null) : Exception(message, inner);
