using Microsoft.ML.Lstm;
using static System.FormattableString;

namespace Samples.Shared;

/// <summary>
/// How a training of a recipe goes: a line on the console for each epoch, a table in Markdown, as docs/recipes.md has them, and at the end
/// a page. The table is there after each epoch, whatever ends the program, and is continued where training resumes from a checkpoint.
/// </summary>
/// <param name="recipe">What is trained.</param>
/// <param name="path">The files, without extension.</param>
internal sealed class PennTreebankEpochs(PennTreebankRecipe recipe, string path)
{
    private static readonly string[] s_head =
    [
        "| epoch | learning rate | perplexity in training | held out | words/s | s |",
        "|---|---|---|---|---|---|",
    ];

    private readonly string _table = path + ".md";

    /// <summary>Says how an epoch went.</summary>
    public void Add(EpochReport epoch)
    {
        Console.WriteLine(
            Invariant($"epoch {epoch.Epoch + 1,2} of {recipe.Epochs}: rate {epoch.LearningRate:G4}, perplexity {Training(epoch):F2} ")
            + Invariant($"in training, {HeldOut(epoch):F2} held out; {Speed(epoch):F0} words/s, {epoch.Seconds:F0} s"));
        // An epoch that is trained again since the last checkpoint takes the place of what was written of it.
        string[] before = epoch.Epoch > 0 && File.Exists(_table) ? [.. File.ReadLines(_table).Skip(s_head.Length).Take(epoch.Epoch)] : [];
        Write([.. before, Row(epoch)]);
    }

    /// <summary>Writes the whole table, with what an interrupted run of the training had not written, and the page.</summary>
    public void Save(TrainingHistory history)
    {
        Write(history.Epochs.Select(Row));
        new HtmlReport($"Penn Treebank, {recipe.Name}").Chart("Perplexity by epoch",
            ChartLine.Of("training", "#888", history.Epochs.Select(Training), first: 1),
            ChartLine.Of("held out", "#07c", history.Epochs.Select(HeldOut), first: 1)).Save(path + ".html");
        Console.WriteLine($"Perplexity by epoch: {_table} and {path}.html");
    }

    private static double Training(EpochReport epoch) => Math.Exp(epoch.Loss);

    private static double HeldOut(EpochReport epoch) => Math.Exp(epoch.ValidationLoss!.Value);

    private double Speed(EpochReport epoch) => epoch.SequencesPerSecond * recipe.Steps;

    private string Row(EpochReport epoch) =>
        Invariant($"| {epoch.Epoch + 1} | {epoch.LearningRate:G4} | {Training(epoch):F2} | {HeldOut(epoch):F2} ")
        + Invariant($"| {Speed(epoch):F0} | {epoch.Seconds:F1} |");

    private void Write(IEnumerable<string> rows) => File.WriteAllLines(_table, [.. s_head, .. rows]);
}
