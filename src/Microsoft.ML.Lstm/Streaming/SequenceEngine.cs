using Microsoft.ML.Data;
using Microsoft.ML.Lstm.Persistence;
using Microsoft.ML.Lstm.Rows;
using Microsoft.ML.Lstm.Streaming;
using Microsoft.ML.Lstm.Threading;

namespace Microsoft.ML.Lstm;

/// <summary>
/// Predicts from a series that arrives one row at a time: keeps the latest rows of each group and scores the window that they make, or forecasts the rows after
/// them, to the same bits as <c>Transform</c> over all rows at once. Made by <c>model.CreateSequenceEngine</c>; the counterpart of ML.NET's
/// <c>TimeSeriesPredictionEngine</c>. Not thread-safe: a call while another is running throws.
/// </summary>
/// <remarks>
/// It keeps the latest rows of every series that it was given: the window, and room for an eighth more (for as many again up to 1,024);
/// <c>maximumSeries</c> of <c>CreateSequenceEngine</c> bounds how
/// many series. Where <c>WindowSequence</c> has a time column, the rows have it too, and after a hole a series begins anew; to a forecaster the rows of a hole are missing ones.
/// <para>A row costs a copy, and a prediction the network's steps over the window: a window, and a forecaster's normalisation by its last value, change with each row
/// (<see cref="ForecastSession"/> says why that leaves no state to carry).</para>
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
    private readonly ISeriesStream _series;
    private readonly int? _maximumSeries;
    private readonly DataViewRow _output;
    private readonly IEnumerator<TOut> _outputs;
    private readonly ExclusiveUse _use;

    internal SequenceEngine(MLContext context, ITransformer model, int? maximumSeries)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(model);
        Guard.RequireArgument(maximumSeries is null or > 0, nameof(maximumSeries), maximumSeries, "1 or more, or null for no limit");
        (_context, _maximumSeries) = (context, maximumSeries);
        _model = new StreamedModel(model);
        IDataView input = context.Data.LoadFromEnumerable(_feed);
        _inputSchema = input.Schema;
        _rows = input.GetRowCursor(input.Schema);
        DataViewRow series = StreamedModel.Apply(_model.Before, _rows);
        _series = _model.Open(series, maximumSeries);
        var extended = new ExtensionMapper(series.Schema, _series);
        _output = StreamedModel.Apply(_model.After, extended.Extend(series, extended.OutputSchema));
        _outputs = context.Data.CreateEnumerable<TOut>(new CurrentRowView(_output), reuseRowObject: false, ignoreMissingColumns: true).GetEnumerator();
        _use = new ExclusiveUse("SequenceEngine", Release);
    }

    /// <summary>Takes the next row of its series.</summary>
    /// <returns>The prediction for the window that ends with the row; null until the series has a whole window, and where windows with missing values are skipped.</returns>
    /// <exception cref="InvalidOperationException">A value of the row is missing, its time does not come after that of the row before, or another call is running.</exception>
    /// <exception cref="ObjectDisposedException">The engine was disposed of.</exception>
    public TOut? Predict(TIn row) => Predict(row, null);

    /// <summary>Takes the next row of its series, and forecasts as asked; for models that forecast.</summary>
    /// <param name="row">The row.</param>
    /// <param name="horizon">
    /// Rows to forecast. Range: 1 to the horizon that was trained for; beyond it where <see cref="LstmForecaster.Options.VariableHorizon"/> was set, with the numbers of <c>Transform</c>.
    /// Null: <see cref="LstmForecastingTransformer.Horizon"/>.
    /// </param>
    /// <param name="confidenceLevel">The level of the interval. Range: (0, 1). Null: that of the training.</param>
    /// <param name="future">
    /// What is known of the rows after this one: only the columns of covariates of the future are read. Needed where the forecaster has such, as many rows as the horizon that was trained for, or as many times as many as <paramref name="horizon"/> begins. Several engines made
    /// by <see cref="Fork"/> can be told several futures.
    /// </param>
    /// <returns>The forecast; null before any value is known, and where covariates of the future are needed and not given.</returns>
    /// <exception cref="ArgumentException">An argument is out of its range.</exception>
    /// <exception cref="InvalidOperationException">As of <see cref="Predict(TIn)"/>; or the model does not forecast, or gives no intervals of that level.</exception>
    /// <exception cref="ObjectDisposedException">The engine was disposed of.</exception>
    public TOut? Predict(TIn row, int? horizon, double? confidenceLevel = null, IReadOnlyList<TIn>? future = null)
    {
        ArgumentNullException.ThrowIfNull(row);
        using ExclusiveUse.Lease use = _use.Begin();
        MoveTo(row);
        if (!_series.Take(new StreamRequest(horizon, confidenceLevel, future?.Count ?? 0, future is null ? null : i => MoveTo(future[i]))))
            return null;
        _outputs.MoveNext();
        return _outputs.Current;
    }

    /// <summary>An engine of its own that knows the same rows: what either is told from now on the other does not know, so that futures can be branched.</summary>
    /// <exception cref="InvalidOperationException">Another call is running.</exception>
    /// <exception cref="ObjectDisposedException">The engine was disposed of.</exception>
    public SequenceEngine<TIn, TOut> Fork()
    {
        using ExclusiveUse.Lease use = _use.Begin();
        return new SequenceEngine<TIn, TOut>(_context, _model.With(_series.Saved()), _maximumSeries);
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
        _context.Model.Save(_model.With(_series.Saved()), _inputSchema, stream);
    }

    /// <summary>Releases the rows, after the call that is running if there is one; further calls throw.</summary>
    public void Dispose() => _use.Dispose();

    private void Release()
    {
        _outputs.Dispose();
        _output.Dispose();
    }

    private void MoveTo(TIn row)
    {
        _feed.Current = row;
        _rows.MoveNext();
    }
}
