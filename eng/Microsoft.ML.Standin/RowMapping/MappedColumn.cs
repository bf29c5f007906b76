namespace Microsoft.ML.Data;

/// <summary>One added column: what it is, the input columns it reads and how its getter is made over a row.</summary>
internal sealed record MappedColumn(DataViewSchema.DetachedColumn Column, int[] Sources, Func<DataViewRow, Delegate> MakeGetter);
