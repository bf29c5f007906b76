using Microsoft.ML.Lstm.Training;
using static Microsoft.ML.Lstm.Guard;

namespace Microsoft.ML.Lstm;

/// <summary>
/// A learning rate for every step of the training: a pure function of the epoch and the step, but for
/// <see cref="ScheduleKind.ReduceOnPlateau"/>, which a <see cref="Training.Schedules.PlateauMonitor"/> scales. Immutable; epochs and steps count from 0.
/// </summary>
public sealed record LearningRateSchedule
{
    /// <summary>The form. Default: constant.</summary>
    public ScheduleKind Kind { get; init; } = ScheduleKind.Constant;

    /// <summary>The learning rate η to begin with; the highest one for <see cref="ScheduleKind.Cosine"/> and <see cref="ScheduleKind.OneCycle"/>. Default: 0.001 (Adam's in PyTorch and Keras).</summary>
    public float LearningRate { get; init; } = TrainingDefaults.LearningRate;

    /// <summary>Factor f of <see cref="ScheduleKind.StepDecay"/>, <see cref="ScheduleKind.Exponential"/> and <see cref="ScheduleKind.ReduceOnPlateau"/>. Range (0, 1]. Default: 0.5.</summary>
    public float DecayFactor { get; init; } = 0.5f;

    /// <summary>Epochs N between the decays of <see cref="ScheduleKind.StepDecay"/>: η·f^⌊epoch / N⌋. Default: 10.</summary>
    public int DecayEpochs { get; init; } = 10;

    /// <summary>Epochs N at full rate before <see cref="ScheduleKind.Exponential"/> decay: η·f^max(epoch + 1 − N, 0). Default: 1.</summary>
    public int FullRateEpochs { get; init; } = 1;

    /// <summary>Steps of <see cref="ScheduleKind.Cosine"/>'s linear rise. Default: 0.</summary>
    public long WarmUpSteps { get; init; }

    /// <summary>Where <see cref="ScheduleKind.Cosine"/> ends, and below which <see cref="ScheduleKind.ReduceOnPlateau"/> does not go. Default: 0.</summary>
    public float FinalLearningRate { get; init; }

    /// <summary>Fraction of all steps in which <see cref="ScheduleKind.OneCycle"/> rises. Range (0, 1). Default: 0.3 (PyTorch's pct_start).</summary>
    public float RiseFraction { get; init; } = 0.3f;

    /// <summary><see cref="ScheduleKind.OneCycle"/> begins at η divided by this. Default: 25 (PyTorch's div_factor).</summary>
    public float InitialDivisor { get; init; } = 25;

    /// <summary><see cref="ScheduleKind.OneCycle"/> ends at its beginning divided by this. Default: 10,000 (PyTorch's final_div_factor).</summary>
    public float FinalDivisor { get; init; } = 1e4f;

    /// <summary>Epochs without improvement that <see cref="ScheduleKind.ReduceOnPlateau"/> suffers before it reduces. Default: 0.</summary>
    public int PlateauPatience { get; init; }

    /// <summary>The same rate all along.</summary>
    public static LearningRateSchedule Constant(float learningRate) => new() { LearningRate = learningRate };

    /// <summary>η·f^⌊epoch / N⌋.</summary>
    public static LearningRateSchedule StepDecay(float learningRate, int decayEpochs, float decayFactor) =>
        new() { Kind = ScheduleKind.StepDecay, LearningRate = learningRate, DecayEpochs = decayEpochs, DecayFactor = decayFactor };

    /// <summary>η·f^max(epoch + 1 − N, 0).</summary>
    public static LearningRateSchedule Exponential(float learningRate, float decayFactor, int fullRateEpochs = 1) =>
        new() { Kind = ScheduleKind.Exponential, LearningRate = learningRate, DecayFactor = decayFactor, FullRateEpochs = fullRateEpochs };

    /// <summary>A linear rise over <paramref name="warmUpSteps"/>, then half a cosine down to <paramref name="finalLearningRate"/>.</summary>
    public static LearningRateSchedule Cosine(float learningRate, long warmUpSteps = 0, float finalLearningRate = 0) =>
        new() { Kind = ScheduleKind.Cosine, LearningRate = learningRate, WarmUpSteps = warmUpSteps, FinalLearningRate = finalLearningRate };

    /// <summary>PyTorch's one-cycle schedule with its defaults.</summary>
    public static LearningRateSchedule OneCycle(float maximumLearningRate) => new() { Kind = ScheduleKind.OneCycle, LearningRate = maximumLearningRate };

    /// <summary>Multiplied by <paramref name="decayFactor"/> whenever the validation loss has not improved for more than <paramref name="patience"/> epochs.</summary>
    public static LearningRateSchedule ReduceOnPlateau(float learningRate, float decayFactor = 0.5f, int patience = 0) =>
        new() { Kind = ScheduleKind.ReduceOnPlateau, LearningRate = learningRate, DecayFactor = decayFactor, PlateauPatience = patience };

    /// <summary>The learning rate of a step.</summary>
    /// <param name="epoch">The epoch, from 0.</param>
    /// <param name="step">The step since the training began, from 0.</param>
    /// <param name="totalSteps">Steps of the whole training as planned.</param>
    /// <param name="plateauScale">What <see cref="Training.Schedules.PlateauMonitor.Scale"/> stands at.</param>
    public float At(int epoch, long step, long totalSteps, double plateauScale = 1) => Kind switch
    {
        ScheduleKind.StepDecay => (float)(LearningRate * Math.Pow(DecayFactor, epoch / DecayEpochs)),
        ScheduleKind.Exponential => (float)(LearningRate * Math.Pow(DecayFactor, Math.Max(epoch + 1 - FullRateEpochs, 0))),
        ScheduleKind.Cosine => (float)CosineAt(step, totalSteps),
        ScheduleKind.OneCycle => (float)OneCycleAt(step, totalSteps),
        ScheduleKind.ReduceOnPlateau => (float)Math.Max(LearningRate * plateauScale, Math.Min(LearningRate, FinalLearningRate)),
        _ => LearningRate,
    };

    /// <summary>Throws when a constant is out of its range.</summary>
    /// <exception cref="ArgumentException">Names the property, the value found and what was expected.</exception>
    public void Validate()
    {
        Require(Enum.IsDefined(Kind), nameof(Kind), Kind, OneOf<ScheduleKind>());
        Require(LearningRate is > 0 and < float.PositiveInfinity, nameof(LearningRate), LearningRate, "more than 0 and finite");
        Require(DecayFactor is > 0 and <= 1, nameof(DecayFactor), DecayFactor, "more than 0 and at most 1");
        Require(DecayEpochs > 0, nameof(DecayEpochs), DecayEpochs, "more than 0");
        Require(FullRateEpochs >= 0, nameof(FullRateEpochs), FullRateEpochs, "0 or more");
        Require(WarmUpSteps >= 0, nameof(WarmUpSteps), WarmUpSteps, "0 or more");
        Require(FinalLearningRate >= 0 && FinalLearningRate <= LearningRate, nameof(FinalLearningRate), FinalLearningRate, $"between 0 and {nameof(LearningRate)} ({LearningRate})");
        Require(RiseFraction is > 0 and < 1, nameof(RiseFraction), RiseFraction, "between 0 and 1");
        Require(InitialDivisor is >= 1 and < float.PositiveInfinity, nameof(InitialDivisor), InitialDivisor, "1 or more");
        Require(FinalDivisor is >= 1 and < float.PositiveInfinity, nameof(FinalDivisor), FinalDivisor, "1 or more");
        Require(PlateauPatience >= 0, nameof(PlateauPatience), PlateauPatience, "0 or more");
    }

    // The rise begins above zero: a step at rate zero would be wasted.
    private double CosineAt(long step, long totalSteps)
    {
        if (step < WarmUpSteps)
            return LearningRate * (double)(step + 1) / WarmUpSteps;
        double fraction = Fraction(step - WarmUpSteps, totalSteps - WarmUpSteps);
        return Anneal(LearningRate, FinalLearningRate, fraction);
    }

    private double OneCycleAt(long step, long totalSteps)
    {
        double begin = LearningRate / (double)InitialDivisor, end = begin / FinalDivisor;
        double peak = RiseFraction * (double)totalSteps - 1, last = totalSteps - 1;
        return step <= peak
            ? Anneal(begin, LearningRate, Fraction(step, peak))
            : Anneal(LearningRate, end, Fraction(step - peak, last - peak));
    }

    private static double Fraction(double done, double all) => all > 0 ? Math.Clamp(done / all, 0, 1) : 1;

    private static double Anneal(double from, double to, double fraction) => to + (from - to) / 2 * (1 + Math.Cos(Math.PI * fraction));
}
