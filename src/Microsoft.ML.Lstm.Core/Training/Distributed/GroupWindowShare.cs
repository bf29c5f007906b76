using System.Runtime.InteropServices;
using Microsoft.ML.Lstm.Sequences;

namespace Microsoft.ML.Lstm.Training.Distributed;

/// <summary>The values of windows, brought from process to process by the messages of a group.</summary>
/// <param name="group">The processes.</param>
/// <param name="ownerOf">The process that holds a series, by its place among the windows' series.</param>
internal sealed class GroupWindowShare(IProcessGroup group, Func<int, int> ownerOf) : WindowShare
{
    private readonly GroupDeal _deal = new(group);
    private readonly Dictionary<int, (int Start, int Count)> _places = [];
    private float[] _hand = [];
    private int _held;

    public override void Deal(ForecastWindows windows, Func<int, IReadOnlyList<int>> examplesFor)
    {
        _places.Clear();
        _held = 0;
        _deal.Run(new Dealt(this, windows), [.. Enumerable.Range(0, group.Size).Select(examplesFor)]);
    }

    public override ReadOnlySpan<float> Hand(int example) => _places.TryGetValue(example, out (int Start, int Count) place)
        ? _hand.AsSpan(place.Start, place.Count)
        : throw new InvalidOperationException(Invariant(
            $"Window {example} was not dealt to process {group.Rank}; expected one of the batch at hand."));

    private int OwnerOf(int series) => ownerOf(series);

    private void Receive(int example, ReadOnlySpan<float> message)
    {
        if (_hand.Length < _held + message.Length)
            Array.Resize(ref _hand, Math.Max(2 * _hand.Length, checked(_held + message.Length)));
        message.CopyTo(_hand.AsSpan(_held));
        _places[example] = (_held, message.Length);
        _held += message.Length;
    }

    private sealed class Dealt(GroupWindowShare share, ForecastWindows windows) : IDealtExamples
    {
        public int OwnerOf(int example) => share.OwnerOf(windows.Window(example).Series);

        public int ValueCount(int example) => windows.ValueCount(example);

        public void CopyTo(int example, Span<int> message) => windows.CopyTo(example, MemoryMarshal.Cast<int, float>(message));

        public void Receive(int example, ReadOnlySpan<int> message) => share.Receive(example, MemoryMarshal.Cast<int, float>(message));
    }
}
