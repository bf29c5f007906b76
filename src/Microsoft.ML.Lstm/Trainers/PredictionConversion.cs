using Microsoft.ML.Lstm.Export;
using Microsoft.ML.Lstm.Interop;

namespace Microsoft.ML.Lstm.Trainers;

/// <summary>The columns that a model's transformer adds, as values of a graph: keys from 1, 0 where there is none; what each step has, one
/// after the other.</summary>
/// <param name="conversion">Where it is written.</param>
/// <param name="model">The model.</param>
internal sealed class PredictionConversion(OnnxConversion conversion, RecurrentModel model)
{
    private readonly RecurrentModelExport _export = new(conversion, model);

    /// <summary>A value for each added column, in their order.</summary>
    /// <param name="tokens">The tokens, [rows, steps], if they are not those of the model's column.</param>
    public IEnumerable<string> Write(string? tokens = null)
    {
        if (model is { Spec.LayerNormalization: true, StepCount: null })
            throw conversion.Refusal("its layers are normalised and its sequences' length varies, which takes a loop; expected sequences of a fixed length");
        var input = new ExportedInput { Features = Features(), Tokens = tokens ?? Tokens(), Steps = model.StepCount };
        ExportedPrediction prediction = _export.Write(input);
        return model.Task switch
        {
            ModelTask.Regression => [Flat(prediction.Scores)],
            ModelTask.BinaryClassification =>
                [conversion.Op("Greater", prediction.Outputs, conversion.Number(0f)), prediction.Outputs, prediction.Scores],
            _ => [Label(prediction), Flat(prediction.Scores)],
        };
    }

    // Vectors of steps are flat where their number varies.
    private string Features() =>
        model.Spec.InputSize == 0 ? "" : conversion.Reshape(conversion.Column(model.FeatureColumnName), 0, -1, model.Spec.InputSize);

    private string Tokens() =>
        model.Spec.VocabularySize == 0 ? ""
        : conversion.Cast(conversion.Column(model.TokenColumnName ?? model.FeatureColumnName), OnnxType.Int64);

    private string Label(ExportedPrediction prediction)
    {
        string key = conversion.Add(_export.Class(prediction), conversion.Number(1L));
        key = conversion.Where(_export.HasNoClass(prediction), conversion.Number(0L), key);
        return conversion.Cast(_export.IsEveryStep ? key : conversion.Unsqueeze(key, 1), OnnxType.UInt32);
    }

    private string Flat(string value) => _export.IsEveryStep ? conversion.Reshape(value, 0, -1) : value;
}
