using System.Runtime.ExceptionServices;
using Microsoft.ML.Lstm.Network;

namespace Microsoft.ML.Lstm.Models;

/// <summary>
/// Scores blocks of sequences on all cores, in chunks that go to whichever worker is free: threads of the pool and the caller's own, which ends up doing all of it
/// where the pool has none to spare. A sequence has the bits that it has alone. At steady state nothing is allocated. For one thread at a time.
/// </summary>
internal sealed class BlockScorer
{
    // As many sequences as keep the kernels busy; more would only take memory.
    private const int MostSequences = 64;
    private const long MostBytes = 8 << 20;
    private readonly RecurrentModel _model;
    private readonly Worker[] _workers;
    private readonly object _gate = new();
    private SequenceBlock? _block;
    private int _chunkSize, _next, _running;
    private ExceptionDispatchInfo? _fault;

    /// <param name="model">The model.</param>
    /// <param name="workers">Most threads, the caller's included; null: one for each processor.</param>
    public BlockScorer(RecurrentModel model, int? workers = null)
    {
        _model = model;
        _workers = [.. Enumerable.Range(0, workers ?? Environment.ProcessorCount).Select(_ => new Worker(this))];
    }

    /// <summary>What the pool is given to do, as many as help the caller; it does them when it can, be that after the block.</summary>
    internal IEnumerable<IThreadPoolWorkItem> Helpers => _workers[1..];

    /// <summary>Fills in the outputs of every sequence of a block.</summary>
    public void Score(SequenceBlock block)
    {
        if (block.Count == 0)
            return;
        long bytes = Math.Max(1, PassMemory.Bytes(_model.Spec, block.LongestLength, forTraining: false));
        int share = (block.Count + _workers.Length - 1) / _workers.Length, helpers, start, end;
        lock (_gate)
        {
            (_block, _next, _fault) = (block, 0, null);
            _chunkSize = (int)Math.Clamp(MostBytes / bytes, 1, Math.Min(share, MostSequences));
            helpers = Math.Min(_workers.Length, (block.Count + _chunkSize - 1) / _chunkSize) - 1;
            // The caller's own chunk comes first, so that its scratch is as large as it gets after the first blocks, whichever threads the pool has to spare; and it is taken before anybody
            // sees the block, lest a worker late from the block before leaves nothing to take.
            TryTake(out _, out start, out end);
        }
        for (int helper = 1; helper <= helpers; helper++)
            ThreadPool.UnsafeQueueUserWorkItem(_workers[helper], preferLocal: false);
        _workers[0].Run(block, start, end);
        _workers[0].Execute();
        lock (_gate)
        {
            while (_running > 0)
                Monitor.Wait(_gate);
            _block = null;
            _fault?.Throw();
        }
    }

    // A worker that the pool starts late finds nothing left, or the next block.
    private bool TryTake(out SequenceBlock block, out int start, out int end)
    {
        lock (_gate)
        {
            block = _block!;
            (start, end) = (_next, Math.Min(_block?.Count ?? 0, _next + _chunkSize));
            if (start >= end)
                return false;
            _next = end;
            _running++;
            return true;
        }
    }

    private void Finish(Exception? fault)
    {
        lock (_gate)
        {
            if (fault is not null)
            {
                _fault ??= ExceptionDispatchInfo.Capture(fault);
                _next = int.MaxValue - MostSequences;
            }
            if (--_running == 0)
                Monitor.PulseAll(_gate);
        }
    }

    private sealed class Worker(BlockScorer owner) : IThreadPoolWorkItem
    {
        private RecurrentScorer? _scorer;
        private int _isBusy;

        public void Execute()
        {
            // Queued twice when it was late; one of the two suffices.
            if (Interlocked.Exchange(ref _isBusy, 1) != 0)
                return;
            while (owner.TryTake(out SequenceBlock block, out int start, out int end))
                Run(block, start, end);
            Volatile.Write(ref _isBusy, 0);
        }

        public void Run(SequenceBlock block, int start, int end)
        {
            Exception? fault = null;
            try
            {
                (_scorer ??= owner._model.CreateScorer()).Run(block, start, end);
            }
            catch (Exception e)
            {
                fault = e;
                _scorer = null;
            }
            owner.Finish(fault);
        }
    }
}
