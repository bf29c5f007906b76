using Microsoft.ML.Runtime;

namespace Microsoft.ML.Lstm.Tests;

/// <summary>The warnings that a context's channels were told.</summary>
internal sealed class ChannelWarnings
{
    private readonly List<string> _messages = [];

    public ChannelWarnings(MLContext ml) => ml.Log += (_, e) =>
    {
        if (e.Kind == ChannelMessageKind.Warning)
            _messages.Add(e.RawMessage);
    };

    public IReadOnlyList<string> Messages => _messages;
}
