namespace Microsoft.ML.Lstm.Benchmarks.InitialWeights;

/// <summary>The tasks by name.</summary>
internal static class WeightsTasks
{
    private const int ShortText = 20_000, ShortTreebank = 4_000;

    public static IReadOnlyList<string> Names { get; } =
        ["characters", "characters-short", "words", "sunspots", "digits", "vowels", "parity", "entities"];

    /// <param name="name">One of <see cref="Names"/>.</param>
    /// <param name="folder">The folder of the data sets.</param>
    /// <param name="epochs">Passes over the data; null: the task's own number.</param>
    /// <exception cref="ArgumentException">There is no such task.</exception>
    public static IWeightsTask Find(string name, string folder, int? epochs)
    {
        string Path(params string[] parts) => System.IO.Path.Combine([folder, .. parts]);
        return name switch
        {
            "characters" => new TextTask(name, File.ReadAllLines(Path("tinyshakespeare.txt")), byWords: false, epochs ?? 1),
            "characters-short" => new TextTask(name, [.. File.ReadLines(Path("tinyshakespeare.txt")).Take(ShortText)], byWords: false, epochs ?? 1),
            "words" => new TextTask(name, [.. File.ReadLines(Path("ptb", "ptb.train.txt")).Take(ShortTreebank)], byWords: true, epochs ?? 2),
            "sunspots" => new SeriesTask(name, Path("series", "sunspots-monthly.csv"), epochs ?? 10),
            "digits" => new DigitsTask(name, Path("mnist"), epochs ?? 2),
            "vowels" => new VowelsTask(name, Path("uea", "JapaneseVowels_TRAIN.ts"), epochs ?? 20),
            "parity" => new ParityTask(name, epochs ?? 15),
            "entities" => new EntitiesTask(name, epochs ?? 5),
            _ => throw new ArgumentException($"The task is '{name}'; expected one of {string.Join(", ", Names)}."),
        };
    }
}
