using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>The value of one column in the current line.</summary>
internal abstract class TextField
{
    public abstract Delegate Getter { get; }

    public static TextField Create(TextColumn column, TextFormat format) => GenericCall.Invoke<TextField>(
        (Func<TextColumn, TextFormat, TextField>)Create<int>, column.ItemType.RawType, column, format);

    public abstract void Read(FieldSplitter line, long number);

    private static TextField Create<T>(TextColumn column, TextFormat format) => column.Type is VectorDataViewType
        ? new Vector<T>(column, format) : new Scalar<T>(column, format);

    /// <summary>Where a type has a missing value, what cannot be read becomes that; otherwise it is an error.</summary>
    private sealed class Parser<T>
    {
        private readonly TextParser<T> _parse;
        private readonly bool _hasMissing;

        public Parser(TextColumn column, TextFormat format)
        {
            var key = column.ItemType as KeyDataViewType;
            bool isReal = typeof(T) == typeof(float) || typeof(T) == typeof(double);
            _parse = key is null ? TextParsers.Get<T>(format.DecimalMarker, format.MissingRealsAsNaNs) : TextParsers.GetKey<T>(key);
            _hasMissing = isReal || key is not null;
            _parse(default, out T absent);
            Absent = isReal ? absent : default;
        }

        /// <summary>The value where a line has no such field.</summary>
        public T Absent { get; }

        public bool TryRead(ReadOnlyMemory<char> text, out T value) => _parse(text, out value) || _hasMissing;
    }

    private sealed class Scalar<T>(TextColumn column, TextFormat format) : TextField
    {
        private readonly string _name = column.Name;
        private readonly int _index = column.Segments[0].Min;
        private readonly Parser<T> _parser = new(column, format);
        private T _value;

        public override Delegate Getter => (ValueGetter<T>)((ref T value) => value = _value);

        public override void Read(FieldSplitter line, long number)
        {
            int i = line.Find(_index);
            _value = _parser.Absent;
            if (i < line.Indices.Count && line.Indices[i] == _index && !_parser.TryRead(line.Fields[i], out _value))
                throw Contracts.Except($"Could not parse value {line.Fields[i]} in line {number}, column {_name}");
        }
    }

    private sealed class Vector<T>(TextColumn column, TextFormat format) : TextField
    {
        private readonly TextColumn _column = column;
        private readonly Parser<T> _parser = new(column, format);
        private VBuffer<T> _value;

        public override Delegate Getter => (ValueGetter<VBuffer<T>>)((ref VBuffer<T> value) => _value.CopyTo(ref value));

        public override void Read(FieldSplitter line, long number)
        {
            int size = _column.Segments.Sum(s => Math.Max(0, (s.Limit ?? line.Limit) - s.Min));
            VBufferEditor<T> editor = VBufferEditor.Create(ref _value, size);
            editor.Values.Fill(_parser.Absent);
            int first = 0;
            foreach ((int min, int? limit) in _column.Segments)
            {
                int end = Math.Max(min, limit ?? line.Limit);
                for (int i = line.Find(min); i < line.Indices.Count && line.Indices[i] < end; i++)
                {
                    int slot = first + line.Indices[i] - min;
                    if (!_parser.TryRead(line.Fields[i], out editor.Values[slot]))
                    {
                        throw Contracts.Except(
                            $"Could not parse value {line.Fields[i]} in slot {slot} of column {_column.Name} in line {number}");
                    }
                }
                first += end - min;
            }
            _value = editor.Commit();
        }
    }
}
