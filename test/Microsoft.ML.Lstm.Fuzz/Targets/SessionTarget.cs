
namespace Microsoft.ML.Lstm.Fuzz.Targets;

/// <summary>The rows that a session of a forecaster saved, which it resumes from.</summary>
internal sealed class SessionTarget : IFuzzTarget
{
    private readonly ForecastModel _model;

    public SessionTarget(ForecastModel model, params IMutation[] mutations)
    {
        (_model, Mutations) = (model, mutations);
        ForecastSession session = model.CreateSession();
        for (int i = 0; i < 2 * model.WindowLength; i++)
            session.Append(i == 3 ? float.NaN : MathF.Sin(i));
        var stream = new MemoryStream();
        session.Save(stream);
        Valid = stream.ToArray();
    }

    public string Name => "forecast session";

    public byte[] Valid { get; }

    public IReadOnlyList<IMutation> Mutations { get; }

    public void Run(byte[] file)
    {
        ForecastSession session = _model.LoadSession(new MemoryStream(file));
        try
        {
            session.Append(1);
            session.Forecast();
        }
        catch (InvalidOperationException)
        {
            // No value is known.
        }
    }

    public bool IsRefusal(Exception error) => error is InvalidDataException;
}
