using System.Text.Json;
using Microsoft.ML.Lstm.Persistence;
using Microsoft.ML.Lstm.Sequences;

namespace Microsoft.ML.Lstm.Forecasting;

/// <summary>
/// The local forecasts in a forecaster's file: the network's share and how many values each channel's reads, 0 where there is none, as JSON in
/// the metadata; in one tensor, channel after channel, W [H, L] and b [H].
/// </summary>
/// <param name="NetworkShare">s.</param>
/// <param name="Lengths">L of each channel, 0 of one that has none.</param>
internal sealed record LocalForecastsFile(float NetworkShare, IReadOnlyList<int> Lengths)
{
    /// <summary>Name of the tensor, and of the entry of the metadata.</summary>
    public const string Name = "local_forecasts";

    /// <summary>Writes them, if there are any.</summary>
    public static void Write(SafetensorsWriter file, LocalForecasts? locals)
    {
        if (locals is null)
            return;
        var header = new LocalForecastsFile(locals.NetworkShare, [.. locals.Channels.Select(channel => channel?.Length ?? 0)]);
        file.Metadata[Name] = JsonSerializer.Serialize(header, ForecastJson.Default.LocalForecastsFile);
        float[] values = [.. locals.Values()];
        file.Add<float>(Name, [values.Length], values);
    }

    /// <summary>Reads what the metadata say, and refuses what contradicts the forecaster or the tensor.</summary>
    /// <returns>It; null: there are none.</returns>
    /// <exception cref="InvalidDataException">Says what does not fit.</exception>
    public static LocalForecastsFile? ReadHeader(SafetensorsReader file, ForecastSettings settings)
    {
        bool hasHeader = file.Metadata.ContainsKey(Name);
        Require(hasHeader == file.Contains(Name), hasHeader ? "in the metadata alone" : "in a tensor alone", "both or neither");
        if (!hasHeader)
            return null;
        LocalForecastsFile header = MetadataJson.Read(file.Metadata, Name, ForecastJson.Default.LocalForecastsFile);
        Require(header.NetworkShare is >= 0 and < 1, Invariant($"beside a network's share of {header.NetworkShare}"), "0 or more and less than 1");
        int channels = settings.Units.Count, found = header.Lengths?.Count ?? 0;
        Require(settings.HasChannels && found == channels, Invariant($"of {found} channels"), Invariant($"{channels}, more than 1"));
        Require(header.Lengths!.All(length => length >= 0 && length <= settings.WindowLength), "of a length that no window has",
            Invariant($"0 to {settings.WindowLength}"));
        file.Require(Name, SafetensorsType.F32);
        Int128 values = header.Lengths!.Aggregate(
            Int128.Zero, (sum, length) => sum + (length == 0 ? 0 : (length + (Int128)1) * settings.Horizon));
        IReadOnlyList<int> shape = file.Shape(Name);
        Require(shape.Count == 1 && shape[0] == values, "in a tensor of shape " + Excerpt.Of(shape), Invariant($"[{values}]"));
        return header;
    }

    /// <summary>The forecasts.</summary>
    /// <param name="values">The tensor's, all finite.</param>
    /// <param name="horizon">H.</param>
    public LocalForecasts Read(ReadOnlySpan<float> values, int horizon)
    {
        var channels = new LinearForecast?[Lengths.Count];
        int start = 0;
        for (int channel = 0; channel < channels.Length; channel++)
        {
            if (Lengths[channel] is not (> 0 and var length))
                continue;
            ReadOnlySpan<float> own = values.Slice(start, horizon * (length + 1));
            channels[channel] = new LinearForecast(own[..^horizon].ToArray(), own[^horizon..].ToArray());
            start += own.Length;
        }
        return new LocalForecasts(channels, NetworkShare);
    }

    private static void Require(bool holds, string found, string expected)
    {
        if (!holds)
            throw new InvalidDataException(Invariant($"The forecaster's local forecasts are {found}; expected {expected}."));
    }
}
