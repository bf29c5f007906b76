using Microsoft.ML.Data;
using Microsoft.ML.Lstm.Columns;
using Microsoft.ML.Lstm.Rows;

namespace Microsoft.ML.Lstm.Windowing;

/// <summary>Passes on vectors that are windows already: F vectors of T numbers become one of [T, F].</summary>
internal sealed class GivenWindow(WindowColumns columns, DataViewSchema schema) : IRowExtension
{
    private readonly WindowSettings _settings = columns.Settings;

    public IReadOnlyList<DataViewSchema.DetachedColumn> Columns { get; } = [columns.Window()];

    public IReadOnlyList<DataViewSchema.Column> Dependencies { get; } = [.. columns.Settings.InputColumnNames.Select(name => schema[name])];

    public Delegate[] CreateGetters(DataViewRow input)
    {
        NumberReader[] readers = [.. Dependencies.Select(column => new NumberReader(input, column))];
        void Get(ref VBuffer<float> value)
        {
            VBufferEditor<float> editor = VBufferEditor.Create(ref value, _settings.WindowLength * readers.Length);
            for (int f = 0; f < readers.Length; f++)
            {
                ReadOnlySpan<float> series = Checked(readers[f].Read(), f, input.Position);
                for (int t = 0; t < series.Length; t++)
                    editor.Values[t * readers.Length + f] = series[t];
            }
            value = editor.Commit();
        }
        return [(ValueGetter<VBuffer<float>>)Get];
    }

    private ReadOnlySpan<float> Checked(ReadOnlySpan<float> series, int input, long row) => series.Length == _settings.WindowLength
        ? series
        : throw columns.Context.Process(new InvalidOperationException(
            Invariant($"Column '{_settings.InputColumnNames[input]}' has {Plural.Of(series.Length, "value")} in row {row}; expected {_settings.WindowLength}, the window length.")));
}
