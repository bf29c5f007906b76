using System.Reflection;
using Microsoft.ML;
using Microsoft.ML.Lstm;

namespace NewcomersProgram;

/// <summary>What a newcomer can set with <c>using Microsoft.ML; using Microsoft.ML.Lstm;</c> alone.</summary>
public class OptionsTests
{
    public static TheoryData<Type> OptionClasses => [.. typeof(LstmRegressor).Assembly.GetExportedTypes().Where(type => type.Name.EndsWith("Options", StringComparison.Ordinal) && !type.IsAbstract)];

    [Theory]
    [MemberData(nameof(OptionClasses))]
    public void Options_EverySettableProperty_HasATypeOfTheTwoNamespaces(Type options)
    {
        Check(options, options.Name, []);

        Assert.Contains(options.GetProperties(), property => property.SetMethod is { IsPublic: true });
    }

    [Fact]
    public void Options_EveryKindOfValue_IsSetWithoutFurtherUsings()
    {
        var options = new LstmRegressor.Options
        {
            Cell = CellKind.Gru,
            Initialization = new InitializationSpec { Weights = Initialization.He, EmbeddingStandardDeviation = 0.5f },
            Dropout = new RegularizationSpec { LayerDropout = 0.1f },
            Optimizer = new OptimizerSpec { Kind = OptimizerKind.AdamW },
            Schedule = LearningRateSchedule.Cosine(0.01f),
            Loss = new LossSpec { Kind = LossKind.Huber },
            ValidationPart = ValidationPart.Random,
            EpochDone = epoch => Console.WriteLine(epoch.Loss),
            BatchDone = batch => Console.WriteLine(batch.Loss),
        };

        Assert.NotNull(new MLContext(1).Regression.Trainers.LstmRegressor(options));
    }

    private static void Check(Type type, string path, HashSet<Type> seen)
    {
        foreach (PropertyInfo property in type.GetProperties().Where(p => p.SetMethod is { IsPublic: true }))
            foreach (Type part in Parts(property.PropertyType))
            {
                bool known = part.Namespace is "Microsoft.ML.Lstm" or "Microsoft.ML" || part.Namespace!.Split('.')[0] == "System";
                Assert.True(known, $"{path}.{property.Name} is of {part.FullName}; expected a type of Microsoft.ML.Lstm, Microsoft.ML or System.");
                if (part.Namespace == "Microsoft.ML.Lstm" && seen.Add(part))
                    Check(part, $"{path}.{property.Name}", seen);
            }
    }

    private static IEnumerable<Type> Parts(Type type) =>
        type.IsArray ? Parts(type.GetElementType()!) : type.IsGenericType ? [type, .. type.GetGenericArguments().SelectMany(Parts)] : [type];
}
