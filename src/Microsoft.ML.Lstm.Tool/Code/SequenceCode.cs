using System.Globalization;
using Microsoft.ML.Lstm.Tool.Commands;
using Microsoft.ML.Lstm.Tool.Tables;

namespace Microsoft.ML.Lstm.Tool.Code;

/// <summary>The C# of a regressor or classifier of the sequence in each row.</summary>
internal sealed class SequenceCode
{
    private const string OfClass = """
            /// <summary>The likeliest class.</summary>
            [ColumnName("PredictedLabel")]
            public string Prediction { get; set; } = "";

            /// <summary>The probability of each class.</summary>
            public float[] Score { get; set; } = [];
        """;

    private const string OfValue = """
            /// <summary>The value.</summary>
            public float Score { get; set; }
        """;

    private readonly TrainOptions _train;
    private readonly SequenceColumns _columns;
    private readonly RowsCode _rows;
    private readonly bool _classify;

    /// <param name="train">What was asked for.</param>
    /// <param name="columns">What is learned from what.</param>
    /// <param name="dialect">How the file is written.</param>
    /// <param name="classify">Whether classes are learned; else values.</param>
    public SequenceCode(TrainOptions train, SequenceColumns columns, CsvDialect dialect, bool classify) =>
        (_train, _columns, _rows, _classify) = (train, columns,
            new RowsCode(dialect, columns.ToRead(classify), "ModelInput", "TrainingRow"), classify);

    /// <summary>What the project is called.</summary>
    public static string NameOf(bool classify) => classify ? "Classify" : "Regress";

    /// <summary>The project.</summary>
    public GeneratedProject Project() => new(NameOf(_classify), Program(), Rows(), Model(), _train.Path,
        "prints a prediction for each row of the file");

    private string Program()
    {
        string label = CSharpText.Literal(_columns.Label.Name), key = CSharpText.Literal(SequenceColumns.Key);
        string rows = _classify ? $"ml.Transforms.Conversion.MapValueToKey({key}, {label}).Fit(data).Transform(data)" : "data";
        string trainer = _classify ? "ml.MulticlassClassification.Trainers.LstmClassifier(new LstmClassifier.Options"
            : "ml.Regression.Trainers.LstmRegressor(new LstmRegressor.Options";
        string evaluate = _classify
            ? $"ml.MulticlassClassification.Evaluate(scored, {key}, predictedLabelColumnName: {CSharpText.Literal(RowPredictions.Class)})"
            : $"ml.Regression.Evaluate(scored, {label})";
        string metrics = _classify ? "$\"accuracy {metrics.MicroAccuracy:G4}, mean recall of classes {metrics.MacroAccuracy:G4}\""
            : "$\"MAE {metrics.MeanAbsoluteError:G4}, RMSE {metrics.RootMeanSquaredError:G4}, R² {metrics.RSquared:G4}\"";
        return $$"""
            using Microsoft.ML;
            using Microsoft.ML.Lstm;
            using static System.FormattableString;

            string path = args.Length > 0 ? args[0] : {{CSharpText.Literal(Path.GetFullPath(_train.Path))}};
            var ml = new MLContext(seed: {{_train.Seed.ToString(CultureInfo.InvariantCulture)}});
            List<TrainingRow> read = TrainingRow.Read(path);
            IDataView data = ml.Data.LoadFromEnumerable(read);
            {{(_classify ? "// Classes become keys outside the model that is saved: rows to predict have no label.\n" : "")}}IDataView rows = {{rows}};
            var split = ml.Data.TrainTestSplit(rows, {{_train.TestFraction.ToString(CultureInfo.InvariantCulture)}}, seed: {{_train.Seed.ToString(CultureInfo.InvariantCulture)}});

            var trainer = {{Featurizer()}}
                .Append({{trainer}}
                {
                    LabelColumnName = {{(_classify ? key : label)}},
                    FeatureColumnName = {{CSharpText.Literal(SequenceColumns.Features)}},
                    HiddenSizes = [{{_train.HiddenSize.ToString(CultureInfo.InvariantCulture)}}],
                    NumberOfEpochs = {{_train.Epochs.ToString(CultureInfo.InvariantCulture)}},
                    Seed = {{_train.Seed.ToString(CultureInfo.InvariantCulture)}},
                }));
            var fitted = trainer.Fit(split.TrainSet);

            IDataView scored = fitted.Transform(split.TestSet);
            var metrics = {{evaluate}};
            Console.Error.WriteLine(Invariant({{metrics}}));

            {{(_classify ? $"ITransformer model = fitted.Append(ml.Transforms.Conversion.MapKeyToValue({CSharpText.Literal(RowPredictions.Class)}).Fit(scored));" : "ITransformer model = fitted;")}}
            ml.Model.SaveAtomically(model, ml.Data.LoadFromEnumerable<ModelInput>([]).Schema, "model.zip");

            Console.WriteLine("{{(_classify ? "Row,Prediction,Probability" : "Row,Prediction")}}");
            foreach ((int i, ModelOutput output) in new Predictor("model.zip").Predict(read).Index())
                Console.WriteLine(Invariant($"{i + 1},{{(_classify ? "{Quoted(output.Prediction)},{output.Score.Max()}" : "{output.Score}")}}"));
            {{(_classify ? CSharpText.Quoted : "")}}
            """.TrimEnd();
    }

    private string Featurizer()
    {
        string features = CSharpText.Literal(SequenceColumns.Features);
        return _columns.Text is not { } text
            ? $"ml.Transforms.Concatenate({features}, {string.Join(", ", _columns.Values.Select(value => CSharpText.Literal(value.Name)))})"
            : _columns.ByCharacters
                ? $"ml.Transforms.Text.TokenizeIntoCharactersAsKeys({features}, {CSharpText.Literal(text.Name)}, useMarkerCharacters: false)"
            : $"ml.Transforms.Text.TokenizeIntoWords({features}, {CSharpText.Literal(text.Name)}).Append(ml.Transforms.Conversion.MapValueToKey({features}))";
    }

    private string Rows() => $$"""
        {{RowsCode.Usings}}

        /// <summary>What the model reads of a row.</summary>
        public class ModelInput
        {
        {{_rows.Properties(column => column != _columns.Label)}}
        }

        /// <summary>A row to learn from: with its label.</summary>
        public sealed class TrainingRow : ModelInput
        {
        {{_rows.Properties(column => column == _columns.Label)}}

        {{_rows.Reading("TrainingRow")}}
        }
        """;

    private string Model() => new PredictorCode("Predictor", _classify ? "the class of a row" : "the value of a row",
        "Predicts from rows, lazily.", "rows", "What is predicted from a row.", _classify ? OfClass : OfValue).File();
}
