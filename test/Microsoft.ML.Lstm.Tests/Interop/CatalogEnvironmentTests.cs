using Microsoft.ML.Lstm.Interop;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Lstm.Tests.Interop;

public class CatalogEnvironmentTests
{
    public static TheoryData<string> Catalogs =>
    [
        "Regression", "Regression.Trainers", "MulticlassClassification", "MulticlassClassification.Trainers",
        "BinaryClassification", "BinaryClassification.Trainers", "Forecasting", "Forecasting.Trainers",
        "Transforms", "Transforms.Text", "Data",
    ];

    [Theory]
    [MemberData(nameof(Catalogs))]
    public void GetEnvironment_WhatItSays_ReachesTheLogOfItsContext(string catalog)
    {
        var (context, other) = (new MLContext(), new MLContext());
        var (heard, heardByOther) = (new List<string>(), new List<string>());
        context.Log += (_, said) => heard.Add(said.RawMessage);
        other.Log += (_, said) => heardByOther.Add(said.RawMessage);

        using (IChannel channel = EnvironmentOf(context, catalog).Register("Test").Start("Saying"))
        {
            channel.Info(MessageSensitivity.None, "said by " + catalog);
        }

        Assert.Contains("said by " + catalog, heard);
        Assert.DoesNotContain("said by " + catalog, heardByOther);
    }

    [Fact]
    public void GetEnvironment_MissingCatalog_IsNamed() =>
        Assert.Equal("catalog", Assert.Throws<ArgumentNullException>(() => default(TransformsCatalog)!.GetEnvironment()).ParamName);

    private static IHostEnvironment EnvironmentOf(MLContext context, string catalog) => catalog switch
    {
        "Regression" => context.Regression.GetEnvironment(),
        "Regression.Trainers" => context.Regression.Trainers.GetEnvironment(),
        "MulticlassClassification" => context.MulticlassClassification.GetEnvironment(),
        "MulticlassClassification.Trainers" => context.MulticlassClassification.Trainers.GetEnvironment(),
        "BinaryClassification" => context.BinaryClassification.GetEnvironment(),
        "BinaryClassification.Trainers" => context.BinaryClassification.Trainers.GetEnvironment(),
        "Forecasting" => context.Forecasting.GetEnvironment(),
        "Forecasting.Trainers" => context.Forecasting.Trainers.GetEnvironment(),
        "Transforms" => context.Transforms.GetEnvironment(),
        "Transforms.Text" => context.Transforms.Text.GetEnvironment(),
        "Data" => context.Data.GetEnvironment(),
        _ => throw new ArgumentOutOfRangeException(nameof(catalog), catalog, "Expected a catalog of Catalogs."),
    };
}
