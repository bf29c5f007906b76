using System.IO.Hashing;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using Microsoft.ML.Lstm.Network;
using Microsoft.ML.Lstm.Persistence;

namespace Microsoft.ML.Lstm.Forecasting;

/// <summary>A hash that tells one forecaster from another: all that its forecasts depend on. Survives saving and loading.</summary>
internal static class ForecastFingerprint
{
    /// <summary>The hash as hexadecimal digits.</summary>
    public static string Of(ForecastModel model)
    {
        var hash = new XxHash128();
        Add(JsonSerializer.Serialize(model.Spec, MetadataJson.Default.NetworkSpec));
        Add(JsonSerializer.Serialize(model.Settings, ForecastJson.Default.ForecastSettings));
        Add(JsonSerializer.Serialize(model.Input, ForecastJson.Default.ForecastInput));
        Add(model.Calibration is null ? "" : JsonSerializer.Serialize(model.Calibration, ForecastJson.Default.IntervalCalibration));
        foreach (NetworkScorer member in model.Members)
            hash.Append(MemoryMarshal.AsBytes<float>(member.ExportWeights()));
        return Convert.ToHexStringLower(hash.GetCurrentHash());

        void Add(string text) => hash.Append(Encoding.UTF8.GetBytes(text + "\n"));
    }
}
