using Microsoft.ML.Data;

namespace Microsoft.ML.Lstm.Fuzz.Targets;

/// <summary>A model that training is continued from, as a damaged file gives it.</summary>
internal sealed class InitialModelTarget(ZipEntryTarget zip, IDataView data) : IFuzzTarget
{
    private readonly MLContext _ml = new(1);

    public string Name => "initial model";

    public byte[] Valid => zip.Valid;

    public IReadOnlyList<IMutation> Mutations => zip.Mutations;

    public byte[] Pack(byte[] content) => zip.Pack(content);

    public void Run(byte[] file)
    {
        ITransformer initial = _ml.Model.Load(new MemoryStream(file), out _);
        try
        {
            _ml.Regression.Trainers.LstmRegressor(new LstmRegressor.Options { HiddenSizes = [3], NumberOfEpochs = 1, NumberOfThreads = 1, Seed = 1, InitialModel = initial }).Fit(data);
        }
        catch (Exception e) when (Innermost(e) is ArgumentException or InvalidOperationException or TrainingDivergedException)
        {
            // Another network than the options describe, columns that the data lack, or weights that training diverges from.
        }
    }

    public bool IsRefusal(Exception error) => zip.IsRefusal(error);

    private static Exception Innermost(Exception error)
    {
        while (error.InnerException is { } inner)
            error = inner;
        return error;
    }
}
