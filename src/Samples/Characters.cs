using Microsoft.ML;
using Microsoft.ML.Lstm;
using Microsoft.ML.Lstm.Training;
using Microsoft.ML.Lstm.Training.Schedules;
using Samples.Shared;

namespace Samples;

/// <summary>A model that reads Shakespeare character by character, is asked how well it foresees what it has not read, and writes.</summary>
internal sealed class Characters : ISample
{
    private const double GoodLoss = 1.60;

    public string Name => "characters";

    public string Description => "Learn to write like Shakespeare, character by character (--data: folder of tinyshakespeare.txt).";

    // Options were chosen by the loss on the last tenth, which this model family is commonly compared by.
    public bool Run(SampleContext context)
    {
        var ml = new MLContext(seed: 1);
        (Line[] train, Line[] heldOut) = Split(context.Quick ? Rhyme() : File.ReadAllLines(context.DataFile("tinyshakespeare.txt")));
        int epochs = context.Quick ? 3 : 5;
        var tokenizer = ml.Transforms.Text.TokenizeIntoCharactersAsKeys("Tokens", nameof(Line.Text), useMarkerCharacters: false)
            .Fit(ml.Data.LoadFromEnumerable(train));
        IDataView Tokens(Line[] lines) => tokenizer.Transform(ml.Data.LoadFromEnumerable(lines));
        LstmLanguageModelTransformer model = TrainingBar.Run(epochs, report => ml.Transforms.Text.LstmLanguageModel(new LstmLanguageModel.Options
        {
            EndOfRowToken = "\n",
            HiddenSizes = [context.Quick ? 64 : 256],
            BatchSize = context.Quick ? 8 : 32,
            StepsPerBatch = 50,
            Dropout = new RegularizationSpec { OutputDropout = context.Quick ? 0 : 0.2f },
            Schedule = LearningRateSchedule.Cosine(context.Quick ? 0.02f : 0.004f, warmUpSteps: context.Quick ? 5 : 100),
            NumberOfEpochs = epochs,
            Seed = 1,
            EpochDone = report,
            CancellationToken = context.Cancellation,
        }).Fit(Tokens(train), Tokens(heldOut)));

        LanguageModelMetrics metrics = model.Evaluate(Tokens(heldOut));
        Console.WriteLine(FormattableString.Invariant($"On {metrics.TokenCount} characters never trained on: {metrics.CrossEntropy:F4} nats per character ")
            + FormattableString.Invariant($"({metrics.BitsPerCharacter:F3} bits, perplexity {metrics.Perplexity:F2}), {metrics.Accuracy:P1} foreseen. Trained in {model.History.Epochs.Sum(e => e.Seconds):F0} s."));
        Console.WriteLine("It writes:");
        foreach (string character in model.GenerateTokens(["\n"], length: 600, temperature: 0.8, topP: 0.95, seed: 1))
            Console.Write(character);
        Console.WriteLine();

        string zip = context.OutputFile("characters.zip");
        ml.Model.Save(model, null, zip);
        var loaded = (LstmLanguageModelTransformer)new MLContext().Model.Load(zip, out _);
        bool same = loaded.Generate("The ", 200, seed: 2) == model.Generate("The ", 200, seed: 2);
        Console.WriteLine($"{zip} reloaded writes {(same ? "the same" : "SOMETHING ELSE")}.");
        return same && (context.Quick || metrics.CrossEntropy <= GoodLoss);
    }

    /// <summary>The last tenth of the characters is held out, to the nearest line.</summary>
    private static (Line[] Train, Line[] HeldOut) Split(string[] lines)
    {
        long all = lines.Sum(line => line.Length + 1L), read = 0;
        int cut = 0;
        while (read < 0.9 * all)
            read += lines[cut++].Length + 1;
        Line[] rows = [.. lines.Select(line => new Line { Text = line })];
        return (rows[..cut], rows[cut..]);
    }

    private static string[] Rhyme() => [.. Enumerable.Repeat<string[]>(
        ["This is the house that Jack built.", "This is the malt", "That lay in the house that Jack built.", "This is the rat,", "That ate the malt", "That lay in the house that Jack built.", ""], 60)
        .SelectMany(verse => verse)];

    private sealed class Line
    {
        public string Text { get; set; } = "";
    }
}
