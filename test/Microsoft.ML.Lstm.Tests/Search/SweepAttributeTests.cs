using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Microsoft.ML.SearchSpace;

namespace Microsoft.ML.Lstm.Tests.Search;

/// <summary>Options as AutoML reads them: sweep attributes by reflection, values through JSON.</summary>
public sealed class SweepAttributeTests
{
    private static readonly MLContext s_ml = new(seed: 1);

    // As Parameter.AsType<T> of Microsoft.ML.SearchSpace has them.
    private static readonly JsonSerializerOptions s_json =
        new() { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, Converters = { new JsonStringEnumConverter() } };

    private static readonly Dictionary<Type, Func<object, object>> s_trainers = new()
    {
        [typeof(LstmRegressor.Options)] = options => s_ml.Regression.Trainers.LstmRegressor((LstmRegressor.Options)options),
        [typeof(LstmClassifier.Options)] = options =>
            s_ml.MulticlassClassification.Trainers.LstmClassifier((LstmClassifier.Options)options),
        [typeof(LstmBinaryClassifier.Options)] = options =>
            s_ml.BinaryClassification.Trainers.LstmBinaryClassifier((LstmBinaryClassifier.Options)options),
        [typeof(LstmTagger.Options)] = options => s_ml.MulticlassClassification.Trainers.LstmTagger((LstmTagger.Options)options),
        [typeof(LstmLanguageModel.Options)] = options => s_ml.Transforms.Text.LstmLanguageModel((LstmLanguageModel.Options)options),
        [typeof(LstmForecaster.Options)] = options => s_ml.Forecasting.ForecastByLstm((LstmForecaster.Options)options),
    };

    public static TheoryData<Type> Options => [.. s_trainers.Keys];

    [Fact]
    public void Options_OfEveryTrainer_AreTested() => Assert.Equal(
        typeof(LstmRegressor).Assembly.GetTypes()
            .Where(type => typeof(RecurrentNetworkOptions).IsAssignableFrom(type) && !type.IsAbstract).OrderBy(type => type.FullName),
        s_trainers.Keys.OrderBy(type => type.FullName));

    [Theory]
    [MemberData(nameof(Options))]
    public void Attributes_OfEveryTrainer_AreWhatASearchSpaceReads(Type type)
    {
        (PropertyInfo Property, Attribute Sweep)[] swept = Swept(type);

        Assert.Superset(new HashSet<string> { "Cell", "HiddenSize", "NumberOfLayers", "OutputDropout", "LearningRate", "BatchSize" },
            swept.Select(one => one.Property.Name).ToHashSet());
        foreach ((PropertyInfo property, Attribute sweep) in swept)
        {
            Type own = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
            Assert.True(property.CanWrite);
            foreach (object value in Extremes(sweep))
                Assert.Equal(own, value.GetType());
            if (sweep is RangeAttribute { Init: IComparable init } range)
                Assert.True(init.CompareTo(range.Min) >= 0 && init.CompareTo(range.Max) <= 0, property.Name);
        }
    }

    [Theory]
    [MemberData(nameof(Options))]
    public void Trainer_OfTheExtremes_IsMade(Type type)
    {
        (PropertyInfo Property, Attribute Sweep)[] swept = Swept(type);
        foreach (bool highest in (bool[])[false, true])
        {
            JsonObject parameter = Given(type);
            foreach ((PropertyInfo property, Attribute sweep) in swept)
                parameter[property.Name] =
                    JsonSerializer.SerializeToNode(highest ? Extremes(sweep).Last() : Extremes(sweep).First(), s_json);
            object options = parameter.Deserialize(type, s_json)!;

            foreach ((PropertyInfo property, Attribute sweep) in swept)
                Assert.Equal(highest ? Extremes(sweep).Last() : Extremes(sweep).First(), property.GetValue(options));
            Assert.NotNull(s_trainers[type](options));
            var network = (RecurrentNetworkOptions)options;
            Assert.Equal(highest ? [256, 256, 256] : [8], network.HiddenSizes);
        }
    }

    [Theory]
    [MemberData(nameof(Options))]
    public void Options_ThroughJson_AreTheSame(Type type)
    {
        object options = Given(type).Deserialize(type, s_json)!;
        var network = (RecurrentNetworkOptions)options;
        (network.HiddenSizes, network.Dropout, network.Schedule) =
            ([64, 32], new RegularizationSpec { RecurrentDropout = 0.3f, OutputDropout = 0.1f }, LearningRateSchedule.Cosine(0.01f));
        type.GetProperty("ClassWeights")?.SetValue(options, ClassWeights.Of(1, 2));
        (network.BatchDone, network.EpochDone) = (_ => { }, _ => { });

        var back = (RecurrentNetworkOptions)JsonSerializer.Deserialize(JsonSerializer.Serialize(options, type, s_json), type, s_json)!;

        Assert.Equal([64, 32], back.HiddenSizes);
        Assert.Equal((network.Dropout, network.Schedule, network.Optimizer, network.Initialization),
            (back.Dropout, back.Schedule, back.Optimizer, back.Initialization));
        Assert.Equal(JsonSerializer.Serialize(options, type, s_json), JsonSerializer.Serialize(back, type, s_json));
    }

    [Fact]
    public void HiddenSize_AndNumberOfLayers_SetAllLayers()
    {
        var options = new LstmRegressor.Options { HiddenSizes = [64, 32] };

        options.HiddenSize = 64;
        options.NumberOfLayers = 2;
        Assert.Equal([64, 32], options.HiddenSizes);
        options.NumberOfLayers = 3;
        Assert.Equal([64, 64, 64], options.HiddenSizes);
        options.HiddenSize = 8;
        Assert.Equal([8, 8, 8], options.HiddenSizes);
        options.NumberOfLayers = 0;
        Assert.Contains("HiddenSizes", Assert.ThrowsAny<ArgumentException>(() => s_ml.Regression.Trainers.LstmRegressor(options)).Message);
    }

    [Fact]
    public void Detector_Options_NestTheForecasters() =>
        Assert.NotNull(typeof(LstmAnomalyDetector.Options)
            .GetProperty(nameof(LstmAnomalyDetector.Options.Forecaster))!.GetCustomAttribute<NestOptionAttribute>());

    // What has no default.
    private static JsonObject Given(Type type) =>
        type == typeof(LstmForecaster.Options) ? new JsonObject { ["InputColumnNames"] = new JsonArray("Value"), ["WindowSize"] = 24 }
        : [];

    private static (PropertyInfo Property, Attribute Sweep)[] Swept(Type type) =>
    [
        .. from property in type.GetProperties()
           from attribute in property.GetCustomAttributes(false)
           where attribute is RangeAttribute or ChoiceAttribute or BooleanChoiceAttribute
           select (property, (Attribute)attribute),
    ];

    private static IEnumerable<object> Extremes(Attribute sweep) => sweep switch
    {
        RangeAttribute range => [range.Min, range.Max],
        ChoiceAttribute choice => choice.Candidates,
        _ => [false, true],
    };
}
