using Microsoft.ML.Data;
using Microsoft.ML.Lstm.Columns;
using Microsoft.ML.Lstm.Export;
using Microsoft.ML.Lstm.Interop;
using Microsoft.ML.Lstm.Rows;

namespace Microsoft.ML.Lstm.Windowing;

/// <summary>Passes on vectors that are windows already: of T steps of each input they make one of [T, F].</summary>
internal sealed class GivenWindow(WindowColumns columns, DataViewSchema schema) : IRowExtension
{
    private readonly int _length = columns.Settings.WindowLength;

    public IReadOnlyList<DataViewSchema.DetachedColumn> Columns { get; } = [columns.Window()];

    public IReadOnlyList<DataViewSchema.Column> Dependencies { get; } = [.. columns.Inputs.Select(input => schema[input.Name])];

    public Delegate[] CreateGetters(DataViewRow input)
    {
        NumberReader[] readers = [.. Dependencies.Select(column => new NumberReader(input, column))];
        void Get(ref VBuffer<float> value)
        {
            VBufferEditor<float> editor = VBufferEditor.Create(ref value, _length * columns.RowSize);
            int place = 0;
            for (int i = 0; i < readers.Length; i++)
            {
                int size = columns.Inputs[i].Size;
                ReadOnlySpan<float> series = Checked(readers[i].Read(), columns.Inputs[i], input.Position);
                for (int t = 0; t < _length; t++)
                    series.Slice(t * size, size).CopyTo(editor.Values[(t * columns.RowSize + place)..]);
                place += size;
            }
            value = editor.Commit();
        }
        return [(ValueGetter<VBuffer<float>>)Get];
    }

    /// <summary>[rows, T, F] of the inputs' [rows, T·size].</summary>
    public IEnumerable<string> Convert(OnnxConversion conversion) =>
        [conversion.Concat(2, [.. columns.Inputs.Select(input => conversion.Reshape(conversion.Column(input.Name), 0, _length, input.Size))])];

    private ReadOnlySpan<float> Checked(ReadOnlySpan<float> series, WindowInput input, long row) => series.Length == _length * (long)input.Size
        ? series
        : throw columns.Host.Process(new InvalidOperationException(Invariant(
            $"Column '{input.Name}' has {series.Length} values in row {row}; expected {_length * (long)input.Size}, the window length{(input.Size > 1 ? Invariant($" times {input.Size} values a step") : "")}.")));
}
