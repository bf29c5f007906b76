using Microsoft.ML.Lstm.Columns;
using Microsoft.ML.Lstm.Network;
using Microsoft.ML.Lstm.Rows;
using static Microsoft.ML.Lstm.Guard;

namespace Microsoft.ML.Lstm.Trainers;

/// <summary>The model whose training is continued: finds it, and refuses options that it does not fit.</summary>
internal static class InitialModel
{
    private const string Expected = "as the initial model has";

    /// <summary>The last transformer of a kind in a model; null if there is no model.</summary>
    /// <param name="model">A transformer of that kind, or a chain with one in it.</param>
    /// <exception cref="ArgumentException">There is none of that kind; names what there is.</exception>
    public static T? Find<T>(ITransformer? model)
        where T : class, ITransformer
    {
        if (model is null)
            return null;
        ITransformer[] steps = [.. TransformerSteps.Of(model)];
        T? found = steps.OfType<T>().LastOrDefault();
        Require(found is not null, nameof(RecurrentNetworkOptions.InitialModel), string.Join(" and ", steps.Select(step => step.GetType().Name)), $"{typeof(T).Name}, or a chain with one in it");
        return found;
    }

    /// <summary>Refuses columns of sequences other than the model's.</summary>
    /// <exception cref="ArgumentException">Names the option, its value and the model's.</exception>
    public static void RequireColumns(RecurrentModel initial, TrainerSettings settings)
    {
        SequenceInput input = initial.Input.ToInput();
        Same(nameof(RecurrentTrainerOptions.FeatureColumnName), settings.FeatureColumn, input.Features.Name);
        Same(nameof(RecurrentTrainerOptions.TokenColumnName), settings.TokenColumn, input.Tokens?.Name);
        if (settings.StepSize is { } step)
            Same(nameof(RecurrentTrainerOptions.StepSize), step, input.Features.StepSize);
        Require(settings.PretrainedEmbedding is null, nameof(RecurrentTrainerOptions.PretrainedEmbedding), "given", "null, since the embedding is the initial model's");
    }

    /// <summary>Refuses a network of another shape.</summary>
    /// <exception cref="ArgumentException">Names the option, its value and the model's.</exception>
    public static void RequireShape(NetworkSpec asked, NetworkSpec initial)
    {
        Same(nameof(asked.Cell), asked.Cell, initial.Cell);
        Same(nameof(asked.HiddenSizes), Listed(asked.HiddenSizes), Listed(initial.HiddenSizes));
        Same(nameof(asked.Bidirectional), asked.Bidirectional, initial.Bidirectional);
        Same(nameof(asked.LearnedInitialState), asked.LearnedInitialState, initial.LearnedInitialState);
        Same(nameof(asked.LayerNormalization), asked.LayerNormalization, initial.LayerNormalization);
        Same(nameof(asked.EmbeddingSize), asked.EmbeddingSize, initial.EmbeddingSize);
        Same(nameof(asked.TiedEmbeddings), asked.TiedEmbeddings, initial.TiedEmbeddings);
        Same("LabelEveryStep", asked.Output == OutputPosition.EveryStep, initial.Output == OutputPosition.EveryStep);
        Same(nameof(asked.OutputSize), asked.OutputSize, initial.OutputSize);
    }

    /// <summary>Refuses quantiles other than the model's, whose outputs they are.</summary>
    /// <exception cref="ArgumentException">Names the option, its value and the model's.</exception>
    public static void RequireQuantiles(LossSpec asked, LossSpec initial) => Same("Loss." + nameof(asked.Quantiles), Quantiles(asked), Quantiles(initial));

    /// <summary>Refuses another value of an option than the model's.</summary>
    /// <exception cref="ArgumentException">Names the option, its value and the model's.</exception>
    public static void Same<T>(string option, T asked, T initial) => Require(EqualityComparer<T>.Default.Equals(asked, initial), option, asked, $"{initial?.ToString() ?? "null"}, {Expected}");

    private static string Quantiles(LossSpec loss) => Listed(loss.Kind == LossKind.Quantile ? loss.Quantiles : []);

    private static string Listed<T>(IReadOnlyList<T> values) => Invariant($"[{string.Join(", ", values.Select(value => Invariant($"{value}")))}]");
}
