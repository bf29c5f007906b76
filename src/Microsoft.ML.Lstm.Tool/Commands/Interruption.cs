using Microsoft.ML.Lstm.Tool.Output;

namespace Microsoft.ML.Lstm.Tool.Commands;

/// <summary>What Ctrl-C does to a command that trains: the training under way ends with the weights so far, and the command goes on with them.</summary>
internal sealed class Interruption
{
    private readonly CancellationToken _request;
    private CancellationTokenSource? _training;

    /// <param name="console">Where to say so.</param>
    /// <param name="request">Somebody pressed Ctrl-C. Who presses it again ends the program.</param>
    public Interruption(ToolConsole console, CancellationToken request)
    {
        _request = request;
        request.Register(() =>
        {
            if (Volatile.Read(ref _training) is not { } training)
                return;
            console.Fail("Ctrl-C: the training ends here, and what it has learned so far is used. Ctrl-C again stops without a result.");
            training.Cancel();
        });
    }

    /// <summary>Whether it has ended the latest training.</summary>
    public bool IsTrainingEnded => Volatile.Read(ref _training) is { IsCancellationRequested: true };

    /// <summary>What ends the next training: a request made in the one before does not.</summary>
    /// <exception cref="OperationCanceledException">A request was made before there was anything to keep.</exception>
    public CancellationToken NextTraining()
    {
        if (_training is null)
            _request.ThrowIfCancellationRequested();
        var next = new CancellationTokenSource();
        Volatile.Write(ref _training, next);
        return next.Token;
    }
}
