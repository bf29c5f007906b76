using Microsoft.ML.Lstm.Training;

namespace Microsoft.ML.Lstm.Benchmarks.InitialWeights;

/// <summary>A language model of one LSTM layer of 128, by characters or by words, that trains on the beginning of a text and validates on what follows.</summary>
internal sealed class TextTask : IWeightsTask
{
    private const int HiddenSize = 128;
    private readonly MLContext _ml = new(seed: 1);
    private readonly IDataView _training, _validation;
    private readonly int _epochs;

    /// <param name="name">Its name on the command line.</param>
    /// <param name="lines">The text.</param>
    /// <param name="byWords">Whether tokens are words rather than characters.</param>
    /// <param name="epochs">Passes over the text.</param>
    public TextTask(string name, IReadOnlyList<string> lines, bool byWords, int epochs)
    {
        (Name, _epochs) = (name, epochs);
        int cut = lines.Count * 9 / 10;
        IDataView first = Rows(lines.Take(cut));
        ITransformer tokens = byWords
            ? _ml.Transforms.Text.TokenizeIntoWords("Tokens", nameof(Line.Text)).Append(_ml.Transforms.Conversion.MapValueToKey("Tokens")).Fit(first)
            : _ml.Transforms.Text.TokenizeIntoCharactersAsKeys("Tokens", nameof(Line.Text), useMarkerCharacters: false).Fit(first);
        (_training, _validation) = (tokens.Transform(first), tokens.Transform(Rows(lines.Skip(cut))));
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public TrainingHistory Train(WeightsVariant variant, int seed, int threads)
    {
        var options = new LstmLanguageModel.Options { HiddenSizes = [HiddenSize], NumberOfEpochs = _epochs, EndOfRowToken = "\n" };
        variant.ApplyTo(options, learningRate: 0.002f, seed, threads);
        return _ml.Transforms.Text.LstmLanguageModel(options).Fit(_training, _validation).History;
    }

    private IDataView Rows(IEnumerable<string> lines) => _ml.Data.LoadFromEnumerable(lines.Select(line => new Line { Text = line }).ToArray());

    private sealed class Line
    {
        public string Text { get; set; } = "";
    }
}
