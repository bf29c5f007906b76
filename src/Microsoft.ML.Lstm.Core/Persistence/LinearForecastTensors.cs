using Microsoft.ML.Lstm.Sequences;

namespace Microsoft.ML.Lstm.Persistence;

/// <summary>The linear forecast of windows in a model's file: two tensors, named as a linear layer's.</summary>
internal static class LinearForecastTensors
{
    private const string Weight = "linear.weight", Bias = "linear.bias";

    /// <summary>Whether a tensor is one of them.</summary>
    public static bool Has(string name) => name is Weight or Bias;

    /// <summary>Adds them to a file.</summary>
    public static void Add(SafetensorsWriter file, LinearForecast linear)
    {
        file.Add(Weight, [linear.TargetCount, linear.Length], linear.Weights);
        file.Add(Bias, [linear.TargetCount], linear.Intercepts);
    }

    /// <summary>Refuses one of them that cannot be, before any value is read. How long windows are, the model knows.</summary>
    /// <exception cref="InvalidDataException">Says what was found and expected.</exception>
    public static void Require(SafetensorsReader file, SafetensorsTensor tensor, int outputs, bool hasWindow)
    {
        if (!hasWindow || !file.Contains(Weight) || !file.Contains(Bias))
            throw new InvalidDataException(Invariant($"The model has a tensor '{tensor.Name}'; expected '{Weight}', '{Bias}' and how windows are normalised, or none of them."));
        int targets = file.Shape(Bias) is [>= 1 and int count] && count <= outputs ? count : 0;
        bool fits = targets > 0 && (tensor.Name == Bias || (tensor.Shape is [int rows, >= 1 and <= LinearForecast.MostLength] && rows == targets));
        if (tensor.Type != SafetensorsType.F32 || !fits)
            throw new InvalidDataException(Invariant($"The model's tensor '{tensor.Name}' is {tensor.Type} of shape {Excerpt.Of(tensor.Shape)}; expected F32 of ")
                + Invariant($"[targets, up to {LinearForecast.MostLength}] and [targets], targets 1 to {outputs}."));
    }

    /// <summary>The forecast that a file holds; null: none.</summary>
    /// <exception cref="InvalidDataException">A value is not finite.</exception>
    public static LinearForecast? Read(SafetensorsReader file)
    {
        if (!file.Contains(Weight))
            return null;
        try
        {
            return new LinearForecast(file.Values<float>(Weight).ToArray(), file.Values<float>(Bias).ToArray());
        }
        catch (ArgumentException e)
        {
            throw new InvalidDataException(Invariant($"The model's '{Weight}' and '{Bias}' do not fit: {e.Message}"), e);
        }
    }
}
