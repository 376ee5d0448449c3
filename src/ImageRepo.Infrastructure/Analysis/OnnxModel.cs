using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace ImageRepo.Infrastructure.Analysis;

/// <summary>One ONNX network with one input, loaded at its first use and shared by all callers: a session is safe for concurrent runs.</summary>
/// <param name="unfused">An optimizer of ONNX Runtime that is not to touch this network.</param>
internal sealed class OnnxModel(ModelFiles files, ModelFile file, string? unfused = null) : IDisposable
{
    private readonly Lock _gate = new();
    private InferenceSession? _session;
    private bool _disposed;

    /// <summary>Runs the network on one tensor. Neither it nor the outputs are ever managed: megabytes a picture would wait there for a collection.</summary>
    /// <param name="fill">Writes each value of the input, which is not zero before.</param>
    /// <param name="read">Takes what it needs from the outputs, which are gone afterwards.</param>
    /// <exception cref="ModelFileException">The model can't be loaded.</exception>
    /// <exception cref="OnnxRuntimeException">The network failed on this input.</exception>
    public T Run<T>(long[] shape, Action<Span<float>> fill, Func<OnnxOutputs, T> read)
    {
        var session = Session();
        using var tensor = OrtValue.CreateAllocatedTensorValue(OrtAllocator.DefaultInstance, TensorElementType.Float, shape);
        fill(tensor.GetTensorMutableDataAsSpan<float>());
        using var options = new RunOptions();
        using var values = session.Run(options, session.InputNames, [tensor], session.OutputNames);
        return read(new OnnxOutputs(values));
    }

    /// <inheritdoc cref="Run{T}"/>
    public void Run(long[] shape, Action<Span<float>> fill, Action<OnnxOutputs> read) => Run(shape, fill, outputs =>
    {
        read(outputs);
        return true;
    });

    private InferenceSession Session()
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            return _session ??= Load();
        }
    }

    private InferenceSession Load()
    {
        OnnxTelemetry.TurnOff();
        // One thread and no spinning: the machine's cores are shared out by the workers, one picture each.
        // No arena: it keeps the largest picture's buffers for the life of the process.
        using var options = new SessionOptions
        {
            ExecutionMode = ExecutionMode.ORT_SEQUENTIAL,
            IntraOpNumThreads = 1,
            InterOpNumThreads = 1,
            EnableCpuMemArena = false,
            LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR,
        };
        options.AddSessionConfigEntry("session.intra_op.allow_spinning", "0");
        if (unfused is not null)
        {
            options.AddSessionConfigEntry("optimization.disable_specified_optimizers", unfused);
        }
        var content = files.Read(file);
        try
        {
            return new InferenceSession(content, options);
        }
        catch (OnnxRuntimeException e)
        {
            throw new ModelFileException($"ONNX Runtime can't load the model {file.Name}: {e.Message}", e);
        }
    }

    /// <summary>Call it when no run is under way; the container does so when the host has stopped.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _disposed = true;
            _session?.Dispose();
            _session = null;
        }
    }
}

/// <summary>The outputs of one run, told apart by their shapes: the converters gave them names without meaning.</summary>
internal readonly struct OnnxOutputs(IReadOnlyCollection<OrtValue> values)
{
    public ReadOnlySpan<float> OfShape(long rows, long columns)
    {
        foreach (var value in values)
        {
            if (value.GetTensorTypeAndShape().Shape is [1, var r, var c] && r == rows && c == columns)
            {
                return value.GetTensorDataAsSpan<float>();
            }
        }
        throw new InvalidOperationException($"The network has no output of shape 1 x {rows} x {columns}.");
    }

    /// <summary>The output of a network that has one, whose shape depends on the input's.</summary>
    public ReadOnlySpan<float> Only(out long[] shape)
    {
        var value = values.Single();
        shape = value.GetTensorTypeAndShape().Shape;
        return value.GetTensorDataAsSpan<float>();
    }
}
