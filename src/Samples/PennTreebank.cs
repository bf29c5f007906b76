using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Lstm;
using Microsoft.ML.Lstm.Training;
using Samples.Shared;
using Spectre.Console;

namespace Samples;

/// <summary>
/// The word-level language models of Zaremba, Sutskever and Vinyals (2014). Hours of training are written down every few hundred updates: started
/// again after an interruption, the same command goes on, to the same bits.
/// </summary>
internal sealed class PennTreebank : ISample
{
    private const int AccuracyRows = 4000;

    public string Name => "penn-treebank";

    public string Description => "Foresee words of the Wall Street Journal (--data: folder of ptb.train.txt and ptb.valid.txt; --variant small or medium).";

    public IEnumerable<string> Variants => PennTreebankRecipe.All.Select(recipe => recipe.Name);

    public bool Run(SampleContext context)
    {
        var ml = new MLContext(seed: 1);
        string variant = context.Variant ?? "small";
        PennTreebankRecipe recipe = PennTreebankRecipe.All.Single(known => known.Name == variant);
        recipe = context.Quick ? recipe.Quick : recipe;
        Line[] train = Lines(context, "ptb.train.txt"), heldOut = Lines(context, "ptb.valid.txt");
        var words = ml.Transforms.Text.TokenizeIntoWords("Tokens", nameof(Line.Text)).Append(ml.Transforms.Conversion.MapValueToKey("Tokens"))
            .Fit(ml.Data.LoadFromEnumerable(train));
        IDataView Tokens(IEnumerable<Line> lines) => words.Transform(ml.Data.LoadFromEnumerable(lines));

        LstmLanguageModel.Options options = recipe.Options;
        string checkpoint = context.OutputFile($"ptb-{recipe.Name}.checkpoint");
        (options.CheckpointPath, options.CheckpointEverySteps, options.ResumeFrom) = (checkpoint, 250, File.Exists(checkpoint) ? checkpoint : null);
        (options.CancellationToken, options.KeepWeightsOnCancellation) = (context.Cancellation, true);
        options.EpochDone = epoch => Console.WriteLine(FormattableString.Invariant($"epoch {epoch.Epoch + 1,2} of {recipe.Epochs}: rate {epoch.LearningRate / recipe.Steps:F4}, perplexity ")
            + FormattableString.Invariant($"{Math.Exp(epoch.Loss):F2} in training, {Math.Exp(epoch.ValidationLoss!.Value):F2} held out; {epoch.SequencesPerSecond * recipe.Steps:F0} words/s, {epoch.Seconds:F0} s"));
        Console.WriteLine(options.ResumeFrom is null ? $"Training; interrupted, it goes on from {checkpoint}." : $"Going on from {checkpoint}.");
        LstmLanguageModelTransformer model = ml.Transforms.Text.LstmLanguageModel(options).Fit(Tokens(train), Tokens(heldOut));

        LanguageModelMetrics unseen = model.Evaluate(Tokens(heldOut)), seen = model.Evaluate(Tokens(train.Take(AccuracyRows)));
        int epochs = model.History.Epochs.Count;
        Console.WriteLine(FormattableString.Invariant($"{recipe.Name}, {epochs} of {recipe.Epochs} epochs, {model.History.Epochs.Sum(e => e.Seconds) / 60:F1} minutes. Held out, {unseen.TokenCount} words: perplexity {unseen.Perplexity:F2} ")
            + FormattableString.Invariant($"(published {recipe.Published}), cost {unseen.CrossEntropy * recipe.Steps:F1} per {recipe.Steps} words, {unseen.Accuracy:P1} foreseen; ")
            + FormattableString.Invariant($"of training's first {seen.TokenCount}: perplexity {seen.Perplexity:F2}, cost {seen.CrossEntropy * recipe.Steps:F1}, {seen.Accuracy:P1} foreseen. Digest {unseen.CrossEntropy:R}."));
        ShowSentence(ml, model, Tokens, heldOut.First(line => line.Text.Split(' ').Length > 12).Text);
        Draw(model.History, recipe.Name, context.OutputFile($"ptb-{recipe.Name}.html"));
        ml.Model.Save(model, null, context.OutputFile($"ptb-{recipe.Name}.zip"));
        if (!context.Cancellation.IsCancellationRequested)
            File.Delete(checkpoint);
        return context.Quick || unseen.Perplexity <= recipe.Wanted;
    }

    /// <summary>A sentence beside what the model expected at each word, having read the words before.</summary>
    private static void ShowSentence(MLContext ml, LstmLanguageModelTransformer model, Func<IEnumerable<Line>, IDataView> tokens, string sentence)
    {
        string[] words = [.. sentence.Split(' '), "<eos>"];
        IDataView next = model.Transform(tokens(words.Select((_, i) => new Line { Text = string.Join(' ', words.Take(i)) })));
        var guesses = ml.Transforms.Conversion.MapKeyToValue("Guess", "PredictedLabel").Fit(next).Transform(next).GetColumn<string>("Guess");
        var table = new Table { Title = new TableTitle("A held-out sentence and what was expected at each word") }.AddColumns("word", "expected", "probability of the word");
        foreach (((string word, string guess), float[] score) in words.Zip(guesses).Zip(next.GetColumn<float[]>("Score")))
            table.AddRow(new Text(word), new Text(guess), new Text(FormattableString.Invariant($"{score[Math.Max(0, model.Vocabulary.ToList().IndexOf(word))]:P2}")));
        AnsiConsole.Write(table);
    }

    private static void Draw(TrainingHistory history, string name, string path)
    {
        new HtmlReport($"Penn Treebank, {name}").Chart("Perplexity by epoch", ChartLine.Of("training", "#888", history.Epochs.Select(e => Math.Exp(e.Loss)), first: 1),
            ChartLine.Of("held out", "#07c", history.Epochs.Select(e => Math.Exp(e.ValidationLoss!.Value)), first: 1)).Save(path);
        Console.WriteLine($"Perplexity by epoch: {path}");
    }

    // Without the files a quick run still shows that everything works.
    private static Line[] Lines(SampleContext context, string file) => [.. (context is { Quick: true, DataFolder: null } ? Rhyme() : File.ReadLines(context.DataFile(file)))
        .Take(context.Quick ? 500 : int.MaxValue).Select(line => new Line { Text = line.Trim() })];

    private static IEnumerable<string> Rhyme() => Enumerable.Repeat<string[]>(
        ["this is the house that jack built", "this is the malt", "that lay in the house that jack built", "this is the rat that ate the malt that lay in the old house that jack built"], 60)
        .SelectMany(verse => verse);

    private sealed class Line
    {
        public string Text { get; set; } = "";
    }
}
