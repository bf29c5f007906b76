namespace Microsoft.ML;

public interface IDataLoader<in TSource>
{
    IDataView Load(TSource input);

    DataViewSchema GetOutputSchema();
}
