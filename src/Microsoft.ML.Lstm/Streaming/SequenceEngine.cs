using Microsoft.ML.Data;
using Microsoft.ML.Lstm.Persistence;
using Microsoft.ML.Lstm.Rows;
using Microsoft.ML.Lstm.Streaming;

namespace Microsoft.ML.Lstm;

/// <summary>
/// Predicts from a series that arrives one row at a time: keeps the latest rows of each group and scores the window that they make, to the same
/// bits as <c>Transform</c> over all rows at once. Made by <c>model.CreateSequenceEngine</c>; the counterpart of ML.NET's
/// <c>TimeSeriesPredictionEngine</c>. Not thread-safe.
/// </summary>
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

    internal SequenceEngine(MLContext context, ITransformer model)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(model);
        _context = context;
        _model = new StreamedModel(model);
        IDataView input = context.Data.LoadFromEnumerable(_feed);
        _inputSchema = input.Schema;
        _rows = input.GetRowCursor(input.Schema);
        DataViewRow series = StreamedModel.Apply(_model.Before, _rows);
        _recent = new RecentRows(_model.Window, series);
        var windows = new ExtensionMapper(series.Schema, _recent);
        _output = StreamedModel.Apply(_model.After, windows.Extend(series, windows.OutputSchema));
        _outputs = context.Data.CreateEnumerable<TOut>(new CurrentRowView(_output), reuseRowObject: false, ignoreMissingColumns: true).GetEnumerator();
    }

    /// <summary>Takes the next row of its series.</summary>
    /// <returns>The prediction for the window that ends with the row; null until the series has a whole window.</returns>
    public TOut? Predict(TIn row)
    {
        ArgumentNullException.ThrowIfNull(row);
        _feed.Current = row;
        _rows.MoveNext();
        if (!_recent.Take())
            return null;
        _outputs.MoveNext();
        return _outputs.Current;
    }

    /// <summary>Saves the model with the rows that the engine keeps: after <c>Model.Load</c>, a new engine goes on from here. The file is there whole or not at all.</summary>
    public void CheckPoint(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        AtomicFile.Write(path, CheckPoint);
    }

    /// <summary>Saves the model with the rows that the engine keeps.</summary>
    public void CheckPoint(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        _context.Model.Save(_model.With(_recent.Export()), _inputSchema, stream);
    }

    /// <summary>Releases the rows.</summary>
    public void Dispose()
    {
        _outputs.Dispose();
        _output.Dispose();
    }
}
