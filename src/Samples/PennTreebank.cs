using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Lstm;
using Samples.Shared;
using Spectre.Console;
using static System.FormattableString;

namespace Samples;

/// <summary>
/// Word-level language models, as <see cref="PennTreebankRecipe"/> has them. Training writes checkpoints: given again after an
/// interruption, the same command resumes from the last, on the managed engine to the same bits. Either engine resumes from the other's.
/// </summary>
internal sealed class PennTreebank : ISample
{
    private const int AccuracyRows = 4000;

    // Three minutes of updates on a CPU. On a GPU an epoch takes seconds, and a checkpoint up to one: there the end of each is enough.
    private const int StepsBetweenCheckpoints = 250;

    public string Name => "penn-treebank";

    public string Description =>
        "Predict words of the Wall Street Journal (--data: folder of ptb.train.txt, ptb.valid.txt; --variant small, medium, medium-tied).";

    public IEnumerable<string> Variants => PennTreebankRecipe.All.Select(recipe => recipe.Name);

    public bool Run(SampleContext context)
    {
        MLContext ml = context.CreateContext();
        string variant = context.Variant ?? "small";
        PennTreebankRecipe recipe = PennTreebankRecipe.All.Single(known => known.Name == variant);
        recipe = context.Quick ? recipe.Quick : recipe;
        TextLine[] train = TextLine.Read(context, "ptb.train.txt"), heldOut = TextLine.Read(context, "ptb.valid.txt");
        var words = ml.Transforms.Text.TokenizeIntoWords("Tokens", nameof(TextLine.Text))
            .Append(ml.Transforms.Conversion.MapValueToKey("Tokens")).Fit(ml.Data.LoadFromEnumerable(train));
        IDataView Tokens(IEnumerable<TextLine> lines) => words.Transform(ml.Data.LoadFromEnumerable(lines));

        LstmLanguageModel.Options options = recipe.Options;
        string checkpoint = context.OutputFile($"ptb-{recipe.Name}.checkpoint");
        var epochs = new PennTreebankEpochs(recipe, context.OutputFile($"ptb-{recipe.Name}"));
        (options.Engine, options.EpochDone) = (context.Engine, epochs.Add);
        (options.CheckpointPath, options.ResumeFrom) = (checkpoint, File.Exists(checkpoint) ? checkpoint : null);
        options.CheckpointEverySteps = context.GpuDeviceId is null ? StepsBetweenCheckpoints : null;
        (options.CancellationToken, options.KeepWeightsOnCancellation) = (context.Cancellation, true);
        Console.WriteLine($"{(options.ResumeFrom is null ? "Training; interrupted, it resumes" : "Resuming")} from {checkpoint}.");
        LstmLanguageModelTransformer model = ml.Transforms.Text.LstmLanguageModel(options).Fit(Tokens(train), Tokens(heldOut));
        epochs.Save(model.History);
        ml.Model.Save(model, null, context.OutputFile($"ptb-{recipe.Name}.zip"));

        LanguageModelMetrics unseen = Report(recipe, model, Tokens(heldOut), Tokens(train.Take(AccuracyRows)));
        ShowSentence(ml, model, Tokens, heldOut.First(line => line.Text.Split(' ').Length > 12).Text);
        if (!context.Cancellation.IsCancellationRequested)
            File.Delete(checkpoint);
        return context.Quick || unseen.Perplexity <= recipe.Wanted;
    }

    private static LanguageModelMetrics Report(
        PennTreebankRecipe recipe, LstmLanguageModelTransformer model, IDataView heldOut, IDataView train)
    {
        LanguageModelMetrics unseen = model.Evaluate(heldOut), seen = model.Evaluate(train);
        IReadOnlyList<EpochReport> epochs = model.History.Epochs;
        Console.WriteLine(
            Invariant($"{recipe.Name}, {epochs.Count} of {recipe.Epochs} epochs, {epochs.Sum(e => e.Seconds) / 60:F1} minutes. ")
            + Invariant($"Held out, {unseen.TokenCount} words: {Figures(recipe, unseen)} (published: perplexity {recipe.Published}); ")
            + Invariant($"of training's first {seen.TokenCount}: {Figures(recipe, seen)}. Digest {unseen.CrossEntropy:R}."));
        return unseen;
    }

    private static string Figures(PennTreebankRecipe recipe, LanguageModelMetrics metrics) =>
        Invariant($"perplexity {metrics.Perplexity:F2}, cost {metrics.CrossEntropy * recipe.Steps:F1} per {recipe.Steps} words, ")
        + Invariant($"{metrics.Accuracy:P1} predicted");

    /// <summary>A sentence beside what the model expected at each word, having read the words before.</summary>
    private static void ShowSentence(
        MLContext ml, LstmLanguageModelTransformer model, Func<IEnumerable<TextLine>, IDataView> tokens, string sentence)
    {
        string[] words = [.. sentence.Split(' '), "<eos>"];
        IDataView next = model.Transform(tokens(words.Select((_, i) => new TextLine { Text = string.Join(' ', words.Take(i)) })));
        var named = ml.Transforms.Conversion.MapKeyToValue("Guess", "PredictedLabel").Fit(next).Transform(next);
        var guesses = named.GetColumn<string>("Guess");
        var table = new Table { Title = new TableTitle("A held-out sentence and what was expected at each word") }
            .AddColumns("word", "expected", "probability of the word");
        List<string> vocabulary = [.. model.Vocabulary];
        foreach (((string word, string guess), float[] score) in words.Zip(guesses).Zip(next.GetColumn<float[]>("Score")))
            table.AddRow(new Text(word), new Text(guess), new Text(Invariant($"{score[Math.Max(0, vocabulary.IndexOf(word))]:P2}")));
        AnsiConsole.Write(table);
    }
}
