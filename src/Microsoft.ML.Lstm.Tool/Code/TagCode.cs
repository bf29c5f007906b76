using System.Globalization;
using Microsoft.ML.Lstm.Tool.Commands;
using Microsoft.ML.Lstm.Tool.Tables;

namespace Microsoft.ML.Lstm.Tool.Code;

/// <summary>The C# of a tagger.</summary>
internal sealed class TagCode
{
    /// <summary>What the project is called.</summary>
    public const string Name = "Tag";

    private const string ShowSteps = """
        Console.WriteLine("Row,Prediction,Probability");
        string[] lines = new string[steps.Count];
        foreach ((TrainingSequence sequence, ModelOutput output) in sequences.Zip(new Tagger("model.zip").Predict(sequences)))
            for (int i = 0; i < output.Tags.Length; i++)
                lines[sequence.Rows[i]] = string.Create(CultureInfo.InvariantCulture, $"{sequence.Rows[i] + 1},{Quoted(output.Tags[i])},{output.Probability(i)}");
        foreach (string line in lines)
            Console.WriteLine(line);
        """;

    private const string ShowTexts = """
        Console.WriteLine("Row,Prediction");
        foreach ((int i, ModelOutput output) in new Tagger("model.zip").Predict(sequences).Index())
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{i + 1},{Quoted(string.Join(' ', output.Tags))}"));
        """;

    private static readonly string OfSteps = $$"""
            /// <summary>A tag for each step.</summary>
            [ColumnName({{CSharpText.Literal(TagColumns.Predicted)}})]
            public string[] Tags { get; set; } = [];

            /// <summary>The probability of each tag at each step, step after step.</summary>
            public float[] Score { get; set; } = [];

            /// <summary>The probability of the tag of a step.</summary>
            public float Probability(int step) => Score.Skip(step * (Score.Length / Tags.Length)).Take(Score.Length / Tags.Length).Max();
        """;

    private readonly TrainOptions _train;
    private readonly TagColumns _columns;
    private readonly RowsCode _rows;

    /// <param name="train">What was asked for.</param>
    /// <param name="columns">What is learned from what.</param>
    /// <param name="dialect">How the file is written.</param>
    public TagCode(TrainOptions train, TagColumns columns, CsvDialect dialect) =>
        (_train, _columns, _rows) = (train, columns,
            new RowsCode(dialect, columns.ToRead(), "ModelInput", "TrainingSequence", "Step", "Steps", "Tags", "Rows", "Of"));

    private string Label => CSharpText.Literal(TagColumns.Key);

    /// <summary>The project.</summary>
    public GeneratedProject Project() => new(Name, Program(), Rows(), Model(), _train.Path, "prints the tags of each row of the file");

    private string Program()
    {
        string seed = _train.Seed.ToString(CultureInfo.InvariantCulture), features = CSharpText.Literal(TagColumns.Features);
        string labels = _columns.IsByRow ? $"ml.Transforms.Conversion.MapValueToKey({Label})"
            : $"ml.Transforms.Text.TokenizeIntoWords({Label}, {CSharpText.Literal(_columns.Label.Name)}).Append(ml.Transforms.Conversion.MapValueToKey({Label}))";
        string tokens = !_columns.IsByRow
            ? $"ml.Transforms.Text.TokenizeIntoWords({features}, {CSharpText.Literal(_columns.Text!.Name)}).Append(ml.Transforms.Conversion.MapValueToKey({features})).Append("
            : _columns.Text is { } word ? $"ml.Transforms.Conversion.MapValueToKey({features}, {CSharpText.Literal(word.Name)}).Append("
                : "";
        string close = tokens.Length > 0 ? ")" : "";
        return $$"""
            using System.Globalization;
            using Microsoft.ML;
            using Microsoft.ML.Lstm;

            string path = args.Length > 0 ? args[0] : {{CSharpText.Literal(Path.GetFullPath(_train.Path))}};
            var ml = new MLContext(seed: {{seed}});
            {{(_columns.IsByRow ? "List<Step> steps = Step.Read(path);\nTrainingSequence[] sequences = TrainingSequence.Of(steps);" : "List<TrainingSequence> sequences = TrainingSequence.Read(path);")}}
            IDataView data = ml.Data.LoadFromEnumerable(sequences);
            // Tags become keys outside the model that is saved: sequences to predict have none.
            IDataView rows = {{labels}}.Fit(data).Transform(data);
            var split = ml.Data.TrainTestSplit(rows, {{_train.TestFraction.ToString(CultureInfo.InvariantCulture)}}, seed: {{seed}});

            var trainer = {{tokens}}ml.MulticlassClassification.Trainers.LstmTagger(new LstmTagger.Options
            {
                LabelColumnName = {{Label}},
                FeatureColumnName = {{features}},
            {{(_columns.Values.Count > 1 ? FormattableString.Invariant($"    StepSize = {_columns.Values.Count},\n") : "")}}    HiddenSizes = [{{_train.HiddenSize.ToString(CultureInfo.InvariantCulture)}}],
                NumberOfEpochs = {{_train.Epochs.ToString(CultureInfo.InvariantCulture)}},
                Seed = {{seed}},
            }){{close}};
            var pipeline = trainer.Append(ml.Transforms.Conversion.MapKeyToValue({{CSharpText.Literal(TagColumns.Predicted)}}, {{CSharpText.Literal(RowPredictions.Class)}}));
            ITransformer model = pipeline.Fit(split.TrainSet);
            Console.Error.WriteLine(ml.MulticlassClassification.EvaluateTags(model.Transform(split.TestSet), {{Label}}));
            ml.Model.SaveAtomically(model, ml.Data.LoadFromEnumerable<ModelInput>([]).Schema, "model.zip");

            {{(_columns.IsByRow ? ShowSteps : ShowTexts)}}
            {{CSharpText.Quoted}}
            """;
    }

    private string Rows() => _columns.IsByRow ? ByRow() : $$"""
        {{RowsCode.Usings}}

        /// <summary>What the model reads: a text, whose words are the steps.</summary>
        public class ModelInput
        {
        {{_rows.Properties(column => column != _columns.Label)}}
        }

        /// <summary>A text to learn from: with a tag for each word.</summary>
        public sealed class TrainingSequence : ModelInput
        {
        {{_rows.Properties(column => column == _columns.Label)}}

        {{_rows.Reading("TrainingSequence")}}
        }
        """;

    private string ByRow()
    {
        string type = _columns.Text is null ? "float" : "string", name = CSharpText.Literal(_columns.StepColumn);
        string steps = _columns.Text is { } word ? $"[.. rows.Select(row => row.Step.{_rows.Property(word)})]"
            : $"[.. rows.SelectMany(row => new[] {{ {string.Join(", ", _columns.Values.Select(value => $"row.Step.{_rows.Property(value)}"))} }})]";
        string order = _columns.Order is { } by ? $".OrderBy(row => row.Step.{_rows.Property(by)})" : "";
        return $$"""
            {{RowsCode.Usings}}

            /// <summary>A row of the CSV, which is a step of a sequence.</summary>
            public sealed class Step
            {
            {{_rows.Properties()}}

            {{_rows.Reading("Step")}}
            }

            /// <summary>What the model reads: the steps of a sequence.</summary>
            public class ModelInput
            {
                /// <summary>The steps, one after another.</summary>
                [ColumnName({{name}})]
                public {{type}}[] Steps { get; set; } = [];
            }

            /// <summary>A sequence to learn from: with a tag for each step.</summary>
            public sealed class TrainingSequence : ModelInput
            {
                /// <summary>The tags.</summary>
                [ColumnName({{Label}})]
                public string[] Tags { get; set; } = [];

                /// <summary>The rows of the steps, from 0.</summary>
                [NoColumn]
                public int[] Rows { get; set; } = [];

                /// <summary>The sequences of a file.</summary>
                public static TrainingSequence[] Of(IEnumerable<Step> steps) => [.. steps.Select((step, i) => (Step: step, Row: i)).GroupBy(row => row.Step.{{_rows.Property(_columns.Group!)}})
                    .Select(group => group{{order}}.ToArray()).Select(rows => new TrainingSequence
                    {
                        Steps = {{steps}},
                        Tags = [.. rows.Select(row => row.Step.{{_rows.Property(_columns.Label)}})],
                        Rows = [.. rows.Select(row => row.Row)],
                    })];
            }
            """;
    }

    private static string Model() => new PredictorCode("Tagger", "a tag for each step of a sequence",
        "Predicts the tags of sequences, lazily.", "sequences", "What is predicted of a sequence.", OfSteps).File();
}
