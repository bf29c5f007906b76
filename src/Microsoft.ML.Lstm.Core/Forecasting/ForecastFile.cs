using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.ML.Lstm.Network;
using Microsoft.ML.Lstm.Persistence;

namespace Microsoft.ML.Lstm.Forecasting;

/// <summary>
/// A forecaster as one safetensors file: the weights of each network under PyTorch's names, those of a second and third of an ensemble after <c>member1.</c>, <c>member2.</c>; settings, columns,
/// calibration and history as JSON in the metadata.
/// </summary>
internal static class ForecastFile
{
    public const string EntryName = "Forecast.safetensors";
    private const string SettingsKey = "forecast", InputKey = "input", CalibrationKey = "calibration", HistoryKey = "history", DiagnosisKey = "diagnosis", MembersKey = "members", OutputsKey = "outputs", ResidualsName = "residuals";
    private const int MostMembers = 1000;
    // Version 2 has logarithms, version 3 units between change and spread, version 4 local forecasts; a file without them can be read by the
    // older library.
    private static readonly FileFormat s_format = new("microsoft.ml.lstm.forecast", 4);

    /// <summary>Writes a forecaster.</summary>
    /// <param name="model">The forecaster.</param>
    /// <param name="stream">Where to.</param>
    /// <param name="outputs">What an adapter keeps beside it; null: nothing.</param>
    public static void Write(ForecastModel model, Stream stream, string? outputs = null)
    {
        var file = new SafetensorsWriter();
        s_format.WriteTo(file, VersionOf(model));
        file.Metadata["network"] = JsonSerializer.Serialize(model.Spec, MetadataJson.Default.NetworkSpec);
        file.Metadata["loss"] = JsonSerializer.Serialize(model.Loss, MetadataJson.Default.LossSpec);
        file.Metadata[SettingsKey] = JsonSerializer.Serialize(model.Settings, ForecastJson.Default.ForecastSettings);
        file.Metadata[InputKey] = JsonSerializer.Serialize(model.Input, ForecastJson.Default.ForecastInput);
        if (model.Calibration is { } calibration)
            file.Metadata[CalibrationKey] = JsonSerializer.Serialize(calibration, ForecastJson.Default.IntervalCalibration);
        file.Metadata[HistoryKey] = JsonSerializer.Serialize(model.History, ForecastJson.Default.TrainingHistory);
        file.Metadata[DiagnosisKey] = model.Diagnosis.ToJson();
        if (outputs is not null)
            file.Metadata[OutputsKey] = outputs;
        SavedPrecision.Write(file.Metadata, model.Precision);
        file.Metadata[MembersKey] = model.MemberCount.ToString(CultureInfo.InvariantCulture);
        for (int member = 0; member < model.MemberCount; member++)
        {
            ReadOnlyMemory<float> weights = model.Members[member].ExportWeights();
            foreach (ParameterSlice slice in model.Members[member].Layout.Slices)
                file.Add(Prefix(member) + slice.Name, slice.Shape, weights.Slice(slice.Offset, slice.Length));
        }
        LocalForecastsFile.Write(file, model.Locals);
        if (model.Residuals is { } residuals)
            file.Add<float>(ResidualsName, [residuals.Count, residuals.Horizon], residuals.Values);
        file.Write(stream);
    }

    private static int VersionOf(ForecastModel model) =>
        model.Locals is not null ? 4 : model.Settings.SpreadShare > 0 ? 3 : model.Settings.LogarithmFloors.Count > 0 ? 2 : 1;

    /// <summary>Reads a forecaster, and checks it as a whole.</summary>
    /// <exception cref="InvalidDataException">It is no forecaster, broken, or contradicts itself; says what was found.</exception>
    public static ForecastModel Read(Stream stream) => Read(stream, out _);

    /// <inheritdoc cref="Read(Stream)" path="/*[not(self::param)]"/>
    /// <param name="stream">Where from.</param>
    /// <param name="outputs">What an adapter kept beside it; null: nothing.</param>
    public static ForecastModel Read(Stream stream, out string? outputs)
    {
        SafetensorsReader file = SafetensorsReader.ReadHeader(stream);
        s_format.Require(file.Metadata);
        outputs = file.Metadata.GetValueOrDefault(OutputsKey);
        (NetworkSpec spec, ParameterLayout layout) = MetadataJson.ReadNetwork(file.Metadata);
        string text = file.Metadata.GetValueOrDefault(MembersKey, "none");
        if (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int members) || members is < 1 or > MostMembers)
            throw new InvalidDataException(Invariant($"The forecaster's '{MembersKey}' is '{Excerpt.Of(text)}'; expected 1 to {MostMembers}."));
        RequireTensors(file, layout, members, spec.Forecast?.Horizon ?? 0);
        LossSpec loss = MetadataJson.Read(file.Metadata, "loss", MetadataJson.Default.LossSpec);
        ForecastSettings settings = MetadataJson.Read(file.Metadata, SettingsKey, ForecastJson.Default.ForecastSettings);
        ForecastInput input = MetadataJson.Read(file.Metadata, InputKey, ForecastJson.Default.ForecastInput);
        IntervalCalibration? calibration = file.Metadata.ContainsKey(CalibrationKey) ? MetadataJson.Read(file.Metadata, CalibrationKey, ForecastJson.Default.IntervalCalibration) : null;
        ForecastValidation.Check(spec, loss, settings, input, calibration);
        LocalForecastsFile? locals = LocalForecastsFile.ReadHeader(file, settings);
        TrainingHistory history = MetadataJson.Read(file.Metadata, HistoryKey, ForecastJson.Default.TrainingHistory);
        NetworkDiagnosis diagnosis = NetworkDiagnosis.FromJson(file.Metadata.GetValueOrDefault(DiagnosisKey, "null"));
        WeightPrecision precision = SavedPrecision.Read(file.Metadata);
        file.ReadValues(stream);
        NetworkScorer[] scorers = [.. Enumerable.Range(0, members).Select(member => new NetworkScorer(spec, Weights(file, layout, member), precision))];
        ResidualPaths? residuals = file.Contains(ResidualsName) ? new ResidualPaths(settings.Horizon, Finite(file, ResidualsName).ToArray()) : null;
        return new ForecastModel(scorers, loss, settings, input, calibration, history, diagnosis, residuals,
            locals?.Read(Finite(file, LocalForecastsFile.Name), settings.Horizon));
    }

    private static string Prefix(int member) => member == 0 ? "" : Invariant($"member{member}.");

    private static void RequireTensors(SafetensorsReader file, ParameterLayout layout, int members, int horizon)
    {
        bool hasResiduals = file.Contains(ResidualsName);
        if (hasResiduals)
        {
            IReadOnlyList<int> shape = file.Shape(ResidualsName);
            if (shape.Count != 2 || shape[0] is < 1 or > ResidualPaths.MostPaths || shape[1] != horizon)
                throw new InvalidDataException(Invariant($"The forecaster's '{ResidualsName}' are of shape {Excerpt.Of(shape)}; expected [1 to {ResidualPaths.MostPaths}, {horizon}]."));
            file.Require(ResidualsName, SafetensorsType.F32);
        }
        for (int member = 0; member < members; member++)
            foreach (ParameterSlice slice in layout.Slices)
            {
                string name = Prefix(member) + slice.Name;
                if (!file.Contains(name) || !file.Shape(name).SequenceEqual(slice.Shape))
                    throw new InvalidDataException(Invariant($"The forecaster has {(file.Contains(name) ? Invariant($"a tensor '{name}' of shape {Excerpt.Of(file.Shape(name))}") : Invariant($"no tensor '{name}'"))}; expected one of shape {Excerpt.Of(slice.Shape)}."));
                file.Require(name, SafetensorsType.F32);
            }
        int weights = file.Tensors.Count - (hasResiduals ? 1 : 0) - (file.Contains(LocalForecastsFile.Name) ? 1 : 0);
        if (weights != members * layout.Slices.Count)
            throw new InvalidDataException(Invariant($"The forecaster has {weights} tensors; expected {members * layout.Slices.Count}, those of {Plural.Of(members, "network")}."));
    }

    private static float[] Weights(SafetensorsReader file, ParameterLayout layout, int member)
    {
        float[] weights = new float[layout.BlockLength];
        foreach (ParameterSlice slice in layout.Slices)
            Finite(file, Prefix(member) + slice.Name).CopyTo(weights.AsSpan(slice.Offset));
        return weights;
    }

    private static ReadOnlySpan<float> Finite(SafetensorsReader file, string name)
    {
        ReadOnlySpan<float> values = file.Values<float>(name);
        foreach (float value in values)
            if (!float.IsFinite(value))
                throw new InvalidDataException(Invariant($"The forecaster's tensor '{name}' has {value}; expected finite values."));
        return values;
    }
}
