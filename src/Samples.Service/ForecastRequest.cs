namespace Samples.Service;

/// <summary>Asks for a forecast of a series whose past comes with the request.</summary>
/// <param name="Values">The past, the latest value last; null is a missing one.</param>
/// <param name="Series">The name of the series, if it was trained on.</param>
/// <param name="LastTime">When the latest value is from.</param>
/// <param name="Horizon">Rows to forecast; null: as many as were trained.</param>
public sealed record ForecastRequest(float?[]? Values, string? Series = null, DateTime? LastTime = null, int? Horizon = null)
{
    private const int MostValues = 100_000;

    /// <summary>What is wrong with it, by field; empty if nothing is.</summary>
    public Dictionary<string, string[]> Problems(int most)
    {
        var problems = new Dictionary<string, string[]>();
        if (Values is not { Length: > 0 and <= MostValues })
            problems["values"] = [$"There are {Values?.Length ?? 0} values; expected 1 to {MostValues}."];
        else if (Array.TrueForAll(Values, value => value is null))
            problems["values"] = ["All values are missing; expected at least one."];
        if (Horizon is < 1 || Horizon > most)
            problems["horizon"] = [$"The horizon is {Horizon}; expected 1 to {most}."];
        return problems;
    }
}
