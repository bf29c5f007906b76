using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>A column of the loader with its fields fixed: from Min up to Limit, or up to the end of each line.</summary>
internal sealed class TextColumn
{
    private const int SampleSize = 100;
    private ReadOnlyMemory<char>[] _slotNames = [];

    private TextColumn(string name, PrimitiveDataViewType itemType, (int Min, int? Limit, bool ForceVector)[] segments)
    {
        Name = name;
        ItemType = itemType;
        Segments = [.. segments.Select(s => (s.Min, s.Limit))];
        FixedSize = segments.Sum(s => (s.Limit - s.Min) ?? 0);
        IsVariable = segments.Any(s => s.Limit is null);
        Type = IsVariable ? new VectorDataViewType(itemType)
            : FixedSize > 1 || segments[0].ForceVector ? new VectorDataViewType(itemType, FixedSize) : itemType;
    }

    public string Name { get; }

    public PrimitiveDataViewType ItemType { get; }

    public DataViewType Type { get; }

    public (int Min, int? Limit)[] Segments { get; }

    public int FixedSize { get; }

    public bool IsVariable { get; }

    public static TextColumn[] Bind(TextLoader.Column[] columns, TextFormat format, IMultiStreamSource sample)
    {
        foreach (TextLoader.Column column in columns)
        {
            if (column.Source is not { Length: > 0 })
                throw Contracts.ExceptUserArg(nameof(column.Source), $"Must specify some source column indices for column '{column.Name}'");
        }
        var size = new Lazy<int>(() => FindLineSize(format, sample));
        TextColumn[] bound = [.. columns.Select(c => Bind(c, size))];
        if (format.HasHeader && TextLines.ReadSample(sample, format, 1) is [{ } header])
        {
            foreach (TextColumn column in bound)
                column.TakeNames(header, format);
        }
        return bound;
    }

    public DataViewSchema.Annotations MakeAnnotations()
    {
        var builder = new DataViewSchema.Annotations.Builder();
        if (_slotNames.Length > 0)
        {
            builder.AddSlotNames(_slotNames.Length, (ref VBuffer<ReadOnlyMemory<char>> value) =>
                VBuffer<ReadOnlyMemory<char>>.Copy(_slotNames, 0, ref value, _slotNames.Length));
        }
        return builder.ToAnnotations();
    }

    private static TextColumn Bind(TextLoader.Column column, Lazy<int> size)
    {
        if (string.IsNullOrWhiteSpace(column.Name))
            throw Contracts.ExceptParam(nameof(column.Name), "Name cannot be null or white space");
        if (!Enum.IsDefined(column.DataKind))
            throw Contracts.ExceptUserArg("Type", $"Bad item type {(byte)column.DataKind} of column '{column.Name}'");
        PrimitiveDataViewType type = ColumnTypeExtensions.PrimitiveTypeFromKind(column.DataKind);
        if (column.KeyCount is { } key)
        {
            if (!KeyDataViewType.IsValidDataType(type.RawType))
                throw Contracts.ExceptUserArg("Type", $"Bad item type for Key: {type} in column '{column.Name}'");
            type = new KeyDataViewType(type.RawType, key.Count ?? KeyDataViewType.MaxCount(type.RawType));
        }
        (int Min, int? Limit, bool)[] segments = [.. column.Source.Select(range => Bind(range, size))];
        (int Min, int? Limit, bool)[] sorted = [.. segments.OrderBy(s => s.Min)];
        for (int i = 1; i < sorted.Length; i++)
        {
            if (sorted[i - 1].Limit is not { } limit || limit > sorted[i].Min)
                throw Contracts.ExceptUserArg(nameof(column.Source), $"Intervals specified for column '{column.Name}' overlap");
        }
        return new TextColumn(column.Name.Trim(), type, segments);
    }

    private static (int Min, int? Limit, bool ForceVector) Bind(TextLoader.Range range, Lazy<int> size)
    {
        if (range.Min < 0)
            throw Contracts.ExceptUserArg(nameof(range.Min), $"Must be non-negative, but got {range.Min}");
        if (range.Max < range.Min)
            throw Contracts.ExceptUserArg(nameof(range.Max), $"Must be at least {range.Min}, but got {range.Max}");
        if (range.Max is { } max)
            return (range.Min, max + 1, range.ForceVector);
        if (range.VariableEnd && !range.AutoEnd)
            return (range.Min, null, true);
        if (!range.AutoEnd)
            return (range.Min, range.Min + 1, range.ForceVector);
        if (range.Min >= size.Value)
            throw Contracts.ExceptUserArg(nameof(range.Min),
                $"Column #{range.Min} not found in the dataset (it only has {size.Value} columns)");
        return (range.Min, size.Value, true);
    }

    private static int FindLineSize(TextFormat format, IMultiStreamSource sample)
    {
        var splitter = new FieldSplitter(format);
        int[] sizes = [.. TextLines.ReadSample(sample, format, SampleSize).Select(line =>
        {
            splitter.Split(line);
            return splitter.Limit;
        }).Distinct()];
        if (sizes.Length == 0)
            throw Contracts.ExceptUserArg("Source", "Can't determine the number of source columns without valid data");
        if (sizes.Length > 1)
            throw Contracts.ExceptUserArg("Source", $"The size of input lines is not consistent: {string.Join(", ", sizes)}");
        return sizes[0];
    }

    private void TakeNames(string header, TextFormat format)
    {
        if (!Type.IsKnownSizeVector())
            return;
        var splitter = new FieldSplitter(format);
        splitter.Split(header);
        var names = new ReadOnlyMemory<char>[FixedSize];
        int slot = 0;
        foreach ((int min, int? limit) in Segments)
        {
            for (int i = splitter.Find(min); i < splitter.Indices.Count && splitter.Indices[i] < limit; i++)
                names[slot + splitter.Indices[i] - min] = splitter.Fields[i].Trim();
            slot += limit.Value - min;
        }
        if (names.Any(n => !n.IsEmpty))
            _slotNames = names;
    }
}
