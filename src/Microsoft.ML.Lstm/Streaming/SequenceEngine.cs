using Microsoft.ML.Data;
using Microsoft.ML.Lstm.Persistence;
using Microsoft.ML.Lstm.Rows;
using Microsoft.ML.Lstm.Streaming;
using Microsoft.ML.Lstm.Threading;

namespace Microsoft.ML.Lstm;

/// <summary>
/// Predicts from a series that arrives one row at a time: keeps the latest rows of each group and scores the window that they make, to the same
/// bits as <c>Transform</c> over all rows at once. Made by <c>model.CreateSequenceEngine</c>; the counterpart of ML.NET's
/// <c>TimeSeriesPredictionEngine</c>. Not thread-safe: a call while another is running throws.
/// </summary>
/// <remarks>
/// It keeps the latest rows of every series that it was given: the window, and room for an eighth more (for as many again up to 1,024);
/// <c>maximumSeries</c> of <c>CreateSequenceEngine</c> bounds how
/// many series. Where <c>WindowSequence</c> has a time column, the rows have it too, and after a hole a series begins anew.
/// </remarks>
/// <typeparam name="TIn">Class with the columns that the model reads.</typeparam>
/// <typeparam name="TOut">Class with the columns to be filled, such as <c>Score</c>.</typeparam>
public sealed class SequenceEngine<TIn, TOut> : IDisposable
    where TIn : class
    where TOut : class, new()
{
    private readonly MLContext _context;
    private readonly StreamedModel _model;
    private readonly RowFeed<TIn> _feed = new();
    private readonly DataViewSchema _inputSchema;
    private readonly DataViewRowCursor _rows;
    private readonly RecentRows _recent;
    private readonly DataViewRow _output;
    private readonly IEnumerator<TOut> _outputs;
    private readonly ExclusiveUse _use;

    internal SequenceEngine(MLContext context, ITransformer model, int? maximumSeries)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(model);
        Guard.RequireArgument(maximumSeries is null or > 0, nameof(maximumSeries), maximumSeries, "1 or more, or null for no limit");
        _context = context;
        _model = new StreamedModel(model);
        IDataView input = context.Data.LoadFromEnumerable(_feed);
        _inputSchema = input.Schema;
        _rows = input.GetRowCursor(input.Schema);
        DataViewRow series = StreamedModel.Apply(_model.Before, _rows);
        _recent = new RecentRows(_model.Window, series, maximumSeries);
        var windows = new ExtensionMapper(series.Schema, _recent);
        _output = StreamedModel.Apply(_model.After, windows.Extend(series, windows.OutputSchema));
        _outputs = context.Data.CreateEnumerable<TOut>(new CurrentRowView(_output), reuseRowObject: false, ignoreMissingColumns: true).GetEnumerator();
        _use = new ExclusiveUse("SequenceEngine", Release);
    }

    /// <summary>Takes the next row of its series.</summary>
    /// <returns>The prediction for the window that ends with the row; null until the series has a whole window, and where windows with missing values are skipped.</returns>
    /// <exception cref="InvalidOperationException">A value of the row is missing, its time does not come after that of the row before, or another call is running.</exception>
    /// <exception cref="ObjectDisposedException">The engine was disposed of.</exception>
    public TOut? Predict(TIn row)
    {
        ArgumentNullException.ThrowIfNull(row);
        using ExclusiveUse.Lease use = _use.Begin();
        _feed.Current = row;
        _rows.MoveNext();
        if (!_recent.Take())
            return null;
        _outputs.MoveNext();
        return _outputs.Current;
    }

    /// <summary>Saves the model with the rows that the engine keeps: after <c>Model.Load</c>, a new engine resumes from here. The file is there whole or not at all.</summary>
    /// <exception cref="InvalidOperationException">Another call is running.</exception>
    /// <exception cref="ObjectDisposedException">The engine was disposed of.</exception>
    public void CheckPoint(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        AtomicFile.Write(path, CheckPoint);
    }

    /// <summary>Saves the model with the rows that the engine keeps.</summary>
    /// <exception cref="InvalidOperationException">Another call is running.</exception>
    /// <exception cref="ObjectDisposedException">The engine was disposed of.</exception>
    public void CheckPoint(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        using ExclusiveUse.Lease use = _use.Begin();
        _context.Model.Save(_model.With(_recent.Export()), _inputSchema, stream);
    }

    /// <summary>Releases the rows, after the call that is running if there is one; further calls throw.</summary>
    public void Dispose() => _use.Dispose();

    private void Release()
    {
        _outputs.Dispose();
        _output.Dispose();
    }
}
