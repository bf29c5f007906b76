using Microsoft.ML.Lstm.Training;

namespace Microsoft.ML.Lstm.Benchmarks.InitialWeights;

/// <summary>Tags of the words of small sentences, where what a number means shows in the words around it; a random fifth is validated on.</summary>
internal sealed class EntitiesTask : IWeightsTask
{
    private const int Count = 1000;
    private static readonly string[] s_months = ["January", "March", "May", "July"], s_currencies = ["euros", "dollars", "pounds"], s_people = ["Ada", "Bruno", "Mei"];
    private readonly MLContext _ml = new(seed: 1);
    private readonly IDataView _sentences;
    private readonly int _epochs;

    /// <param name="name">Its name on the command line.</param>
    /// <param name="epochs">Passes over the sentences.</param>
    public EntitiesTask(string name, int epochs)
    {
        (Name, _epochs) = (name, epochs);
        var random = new Random(1);
        IDataView text = _ml.Data.LoadFromEnumerable(Enumerable.Range(0, Count).Select(_ => Draw(random)).ToArray());
        _sentences = _ml.Transforms.Text.TokenizeIntoWords("Features", nameof(Sentence.Words)).Append(_ml.Transforms.Conversion.MapValueToKey("Features"))
            .Append(_ml.Transforms.Text.TokenizeIntoWords("Label", nameof(Sentence.Tags))).Append(_ml.Transforms.Conversion.MapValueToKey("Label"))
            .Fit(text).Transform(text);
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public TrainingHistory Train(WeightsVariant variant, int seed, int threads)
    {
        var options = new LstmTagger.Options { NumberOfEpochs = _epochs, ValidationFraction = 0.2 };
        variant.ApplyTo(options, learningRate: 0.003f, seed, threads);
        return _ml.MulticlassClassification.Trainers.LstmTagger(options).Fit(_sentences).History;
    }

    private static Sentence Draw(Random random)
    {
        string Any(string[] words) => words[random.Next(words.Length)];
        string date = $"{random.Next(1, 29)}/DATE {Any(s_months)}/DATE", amount = $"{random.Next(1, 41)}/AMOUNT {Any(s_currencies)}/AMOUNT", room = $"room {random.Next(1, 41)}";
        string[][] words = [.. (random.Next(3) switch
        {
            0 => $"{Any(s_people)} pays {amount} for {room} on {date}",
            1 => $"the rent of {date} was {amount}",
            _ => $"{Any(s_people)} and {random.Next(1, 41)} others met in {room} on {date}",
        }).Split(' ').Select(word => word.Split('/'))];
        return new Sentence { Words = string.Join(' ', words.Select(w => w[0])), Tags = string.Join(' ', words.Select(w => w.Length > 1 ? w[1] : "O")) };
    }

    private sealed class Sentence
    {
        public string Words { get; set; } = "";

        public string Tags { get; set; } = "";
    }
}
