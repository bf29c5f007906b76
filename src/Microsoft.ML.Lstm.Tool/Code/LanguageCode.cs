using System.Globalization;
using Microsoft.ML.Lstm.Tool.Commands;

namespace Microsoft.ML.Lstm.Tool.Code;

/// <summary>The C# of a language model.</summary>
internal static class LanguageCode
{
    /// <summary>What the project is called.</summary>
    public const string Name = "Language";

    /// <summary>The project.</summary>
    /// <param name="train">What was asked for.</param>
    /// <param name="words">Whether words are learned; else characters.</param>
    public static GeneratedProject Project(TrainOptions train, bool words) =>
        new(Name, Program(train, words), Rows, Model, train.Path, "writes 200 tokens on from a prompt, which is the second argument");

    private const string Rows = """
        /// <summary>A line of the text.</summary>
        public sealed class TextLine
        {
            /// <summary>The line, without its end.</summary>
            public string Text { get; set; } = "";

            /// <summary>Reads the lines of a file.</summary>
            public static TextLine[] Read(string path) => [.. File.ReadLines(path).Select(line => new TextLine { Text = line })];
        }
        """;

    private const string Model = """
        using Microsoft.ML.Lstm;

        /// <summary>The saved model: writes on from a prompt. It needs the package Microsoft.ML.Lstm.Core alone.</summary>
        public sealed class Writer
        {
            private readonly RecurrentModel _model;

            /// <summary>Opens a model.</summary>
            public Writer(string path) => _model = RecurrentModel.Load(path);

            /// <summary>Writes tokens that follow a prompt; same seed, same text.</summary>
            public string Write(string prompt, int length, int seed = 1) => _model.Generate(prompt, length, seed: seed);
        }
        """;

    private static string Program(TrainOptions train, bool words)
    {
        string seed = train.Seed.ToString(CultureInfo.InvariantCulture);
        string tokens = words
            ? "ml.Transforms.Text.TokenizeIntoWords(\"Tokens\", nameof(TextLine.Text)).Append(ml.Transforms.Conversion.MapValueToKey(\"Tokens\"))"
            : "ml.Transforms.Text.TokenizeIntoCharactersAsKeys(\"Tokens\", nameof(TextLine.Text), useMarkerCharacters: false)";
        return $$"""
            using Microsoft.ML;
            using Microsoft.ML.Lstm;

            string path = args.Length > 0 ? args[0] : {{CSharpText.Literal(Path.GetFullPath(train.Path))}}, prompt = args.Length > 1 ? args[1] : "";
            var ml = new MLContext(seed: {{seed}});
            TextLine[] lines = TextLine.Read(path);
            // Later lines are held out: chosen at random, they would be told by their neighbours.
            int held = Math.Clamp((int)(lines.Length * {{train.TestFraction.ToString(CultureInfo.InvariantCulture)}}), 1, lines.Length - 1);
            IDataView known = ml.Data.LoadFromEnumerable(lines[..^held]), test = ml.Data.LoadFromEnumerable(lines[^held..]);

            var tokens = {{tokens}}.Fit(known);
            var writer = ml.Transforms.Text.LstmLanguageModel(new LstmLanguageModel.Options
            {
                InputColumnName = "Tokens",
                EndOfRowToken = "\n",
                HiddenSizes = [{{train.HiddenSize.ToString(CultureInfo.InvariantCulture)}}],
                NumberOfEpochs = {{train.Epochs.ToString(CultureInfo.InvariantCulture)}},
                Seed = {{seed}},
            }).Fit(tokens.Transform(known));
            Console.Error.WriteLine(writer.Evaluate(tokens.Transform(test)));
            ml.Model.SaveAtomically(tokens.Append(writer), known.Schema, "model.zip");

            Console.WriteLine(prompt + new Writer("model.zip").Write(prompt, 200));
            """;
    }
}
