using System.Globalization;
using System.IO.Hashing;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using Microsoft.ML.Lstm.Network;
using Microsoft.ML.Lstm.Persistence;
using Microsoft.ML.Lstm.Sequences;

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
        if (model.Locals is { } locals)
        {
            Add(locals.NetworkShare.ToString("R", CultureInfo.InvariantCulture));
            foreach (LinearForecast? channel in locals.Channels)
            {
                Add(channel is null ? "" : channel.Length.ToString(CultureInfo.InvariantCulture));
                hash.Append(MemoryMarshal.AsBytes((channel?.Weights ?? default).Span));
                hash.Append(MemoryMarshal.AsBytes((channel?.Intercepts ?? default).Span));
            }
        }
        return Convert.ToHexStringLower(hash.GetCurrentHash());

        void Add(string text) => hash.Append(Encoding.UTF8.GetBytes(text + "\n"));
    }
}
