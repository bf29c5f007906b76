using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms;

namespace Microsoft.ML.Lstm.PublicApi.Tests.MLNet;

public sealed class TransformsTests
{
    private readonly MLContext _ml = new(1);

    private IDataView Numbers => _ml.Data.LoadFromEnumerable<NumberRow>(
    [
        new NumberRow { X = 1, D = 10, V = [1, -4] },
        new NumberRow { X = 2, D = 10, V = [3, 0] },
        new NumberRow { X = 4, D = 10, V = [5, 2] },
        new NumberRow { X = float.NaN, D = double.NaN, V = [float.NaN, 2] },
    ]);

    [Fact]
    public void ConcatenateJoinsScalarsAndVectors()
    {
        IDataView data = Fit(_ml.Transforms.Concatenate("F", "V", "X", "V"), Numbers);
        Assert.Equal("Vector<Single, 5>", data.Schema["F"].Type.ToString());
        Assert.Equal([1f, -4f, 1f, 1f, -4f], data.GetColumn<float[]>("F").First());
        Assert.Equal(["", "", "X", "", ""], SlotNames(data.Schema["F"]));
    }

    [Fact]
    public void ConcatenateWantsOneItemType()
    {
        Assert.Throws<InvalidOperationException>(
            () => _ml.Transforms.CopyColumns("Y", "X").Append(_ml.Transforms.Concatenate("F", "X", "D")).Fit(Numbers));
        Assert.Throws<ArgumentOutOfRangeException>(() => Fit(_ml.Transforms.Concatenate("F", "X", "None"), Numbers));
        Assert.Throws<ArgumentOutOfRangeException>(() => _ml.Transforms.Concatenate("F"));
    }

    [Fact]
    public void CopyDropAndSelectArrangeColumns()
    {
        IDataView copied = Fit(_ml.Transforms.CopyColumns("X", "V"), Numbers);
        Assert.Equal(["X", "X", "D", "V"], copied.Schema.Select(c => c.Name));
        Assert.True(copied.Schema[0].IsHidden);
        Assert.Equal([3f, 0f], copied.GetColumn<float[]>("X").ElementAt(1));
        Assert.Equal(["D", "V"], Fit(_ml.Transforms.DropColumns("X"), Numbers).Schema.Select(c => c.Name));
        Assert.Equal(["V", "X"], Fit(_ml.Transforms.SelectColumns("V", "X"), copied).Schema.Select(c => c.Name));
        Assert.Equal(["X", "X"], Fit(_ml.Transforms.SelectColumns(["X"], keepHidden: true), copied).Schema.Select(c => c.Name));
        Assert.Throws<ArgumentOutOfRangeException>(() => Fit(_ml.Transforms.DropColumns("None"), Numbers));
    }

    [Fact]
    public void MinMaxFixesZeroByDefault()
    {
        Assert.Equal([0.25f, 0.5f, 1f, float.NaN], Column<float>(_ml.Transforms.NormalizeMinMax("X"), "X"));
        Assert.Equal([0f, 1f / 3, 1f, float.NaN], Column<float>(_ml.Transforms.NormalizeMinMax("X", fixZero: false), "X"));
        Assert.Equal(
            [[0.2f, -1f], [0.6f, 0f], [1f, 0.5f], [float.NaN, 0.5f]],
            Column<float[]>(_ml.Transforms.NormalizeMinMax("Y", "V"), "Y"));
    }

    [Fact]
    public void ConstantColumnsNormalizeToZero()
    {
        Assert.Equal([0.0, 0.0, 0.0, double.NaN], Column<double>(_ml.Transforms.NormalizeMinMax("D"), "D"));
        Assert.Equal([0.0, 0.0, 0.0, double.NaN], Column<double>(_ml.Transforms.NormalizeMeanVariance("D"), "D"));
    }

    [Fact]
    public void MeanVarianceScalesAndShifts()
    {
        Assert.Equal([0.3779645f, 0.755929f, 1.511858f, float.NaN], Column<float>(_ml.Transforms.NormalizeMeanVariance("X"), "X"));
        Assert.Equal(
            [-1.06904495f, -0.267261177f, 1.33630633f, float.NaN],
            Column<float>(_ml.Transforms.NormalizeMeanVariance("X", fixZero: false), "X"));
        Assert.Equal(
            [0.142566115f, 0.394636661f, 0.909252882f, 0f],
            Column<float>(_ml.Transforms.NormalizeMeanVariance("X", useCdf: true), "X"));
    }

    [Fact]
    public void NormalizersMarkTheirColumnAndKnowTheirTypes()
    {
        Assert.True(Fit(_ml.Transforms.NormalizeMinMax("X"), Numbers).Schema["X"].IsNormalized());
        Assert.Throws<ArgumentOutOfRangeException>(() => Fit(_ml.Transforms.NormalizeMinMax("None"), Numbers));
        IDataView text = _ml.Data.LoadFromEnumerable<WordRow>([new WordRow()]);
        Assert.Throws<ArgumentOutOfRangeException>(() => Fit(_ml.Transforms.NormalizeMinMax("Word"), text));
        Assert.Throws<ArgumentOutOfRangeException>(() => _ml.Transforms.NormalizeMinMax("X", maximumExampleCount: 1));
    }

    [Theory]
    [InlineData(MissingValueReplacingEstimator.ReplacementMode.DefaultValue, 0f, new[] { 0f, 2f })]
    [InlineData(MissingValueReplacingEstimator.ReplacementMode.Mean, 2.3333333f, new[] { 3f, 2f })]
    [InlineData(MissingValueReplacingEstimator.ReplacementMode.Minimum, 1f, new[] { 1f, 2f })]
    [InlineData(MissingValueReplacingEstimator.ReplacementMode.Maximum, 4f, new[] { 5f, 2f })]
    [InlineData(MissingValueReplacingEstimator.ReplacementMode.Mode, 1f, new[] { 1f, 2f })]
    public void MissingValuesAreReplaced(MissingValueReplacingEstimator.ReplacementMode mode, float scalar, float[] vector)
    {
        Assert.Equal([1f, 2f, 4f, scalar], Column<float>(_ml.Transforms.ReplaceMissingValues("X", replacementMode: mode), "X"));
        Assert.Equal(vector, Column<float[]>(_ml.Transforms.ReplaceMissingValues("V", replacementMode: mode), "V").Last());
    }

    [Fact]
    public void MissingValuesCanBeReplacedAcrossSlots()
    {
        Assert.Equal([1.2857143f, 2f], Column<float[]>(_ml.Transforms.ReplaceMissingValues(
            "V", replacementMode: MissingValueReplacingEstimator.ReplacementMode.Mean, imputeBySlot: false), "V").Last());
        IDataView text = _ml.Data.LoadFromEnumerable<WordRow>([new WordRow()]);
        Assert.Throws<ArgumentOutOfRangeException>(() => Fit(_ml.Transforms.ReplaceMissingValues("Word"), text));
    }

    [Fact]
    public void ConvertTypeFollowsTheStandardConversions()
    {
        IDataView data = _ml.Data.LoadFromEnumerable<ConvertRow>([new ConvertRow { I = 300, U = 300, B = true, T = "2.5", V = [1, -1] }]);
        Assert.Equal([300f], Convert<float>("I", DataKind.Single));
        Assert.Equal([(sbyte)44], Convert<sbyte>("I", DataKind.SByte));
        Assert.Equal([(byte)0], Convert<byte>("U", DataKind.Byte));
        Assert.Equal(["300"], Convert<string>("I", DataKind.String));
        Assert.Equal([1], Convert<int>("B", DataKind.Int32));
        Assert.Equal(["True"], Convert<string>("B", DataKind.String));
        Assert.Equal([2.5], Convert<double>("T", DataKind.Double));
        Assert.Equal([[1f, -1f]], Convert<float[]>("V", DataKind.Single));
        Assert.Equal([true], Convert<bool>("I", DataKind.Boolean));
        Assert.Throws<ArgumentOutOfRangeException>(() => Convert<uint>("I", DataKind.UInt32));
        Assert.Throws<ArgumentOutOfRangeException>(() => Convert<uint>("B", DataKind.UInt32));
        Assert.Throws<InvalidOperationException>(() => Convert<int>("T", DataKind.Int32));

        T[] Convert<T>(string name, DataKind kind) =>
            [.. Fit(_ml.Transforms.Conversion.ConvertType("Out", name, kind), data).GetColumn<T>("Out")];
    }

    [Fact]
    public void CustomMappingRunsTheUsersFunction()
    {
        int calls = 0;
        IDataView data = Fit(_ml.Transforms.CustomMapping<NumberRow, SumRow>((row, sum) =>
        {
            calls++;
            sum.Sum = row.V.Sum() + row.X;
            sum.Text = $"{row.X}";
        }, null), Numbers);
        SumRow[] sums = [.. _ml.Data.CreateEnumerable<SumRow>(data, reuseRowObject: false)];
        Assert.Equal([-2f, 5f, 11f, float.NaN], sums.Select(s => s.Sum));
        Assert.Equal(["1", "2", "4", "NaN"], sums.Select(s => s.Text));
        Assert.Equal(4, calls);
        Assert.Equal(["X", "D", "V", "Sum", "Text"], data.Schema.Select(c => c.Name));
    }

    [Fact]
    public void CustomMappingWithoutContractCannotBeSaved()
    {
        ITransformer model = _ml.Transforms.CustomMapping<NumberRow, SumRow>((_, _) => { }, null).Fit(Numbers);
        Assert.Throws<InvalidOperationException>(() => _ml.Model.Save(model, Numbers.Schema, new MemoryStream()));
    }

    [Fact]
    public void CustomMappingWithContractLoadsThroughItsFactory()
    {
        ITransformer model = _ml.Transforms.CustomMapping(new DoubleFactory().GetMapping(), DoubleFactory.Contract).Fit(Numbers);
        using var stream = new MemoryStream();
        _ml.Model.Save(model, Numbers.Schema, stream);
        var fresh = new MLContext();
        ITransformer loaded = fresh.Model.Load(new MemoryStream(stream.ToArray()), out _);
        Assert.Equal([2f, 4f, 8f, float.NaN], loaded.Transform(Numbers).GetColumn<float>("Sum"));
    }

    private static IDataView Fit(IEstimator<ITransformer> estimator, IDataView data) => estimator.Fit(data).Transform(data);

    private T[] Column<T>(IEstimator<ITransformer> estimator, string name) => [.. Fit(estimator, Numbers).GetColumn<T>(name)];

    private static string[] SlotNames(DataViewSchema.Column column)
    {
        VBuffer<ReadOnlyMemory<char>> names = default;
        column.GetSlotNames(ref names);
        return [.. names.DenseValues().Select(n => n.ToString())];
    }

    private sealed class NumberRow
    {
        public float X { get; set; }

        public double D { get; set; }

        [VectorType(2)]
        public float[] V { get; set; } = [];
    }

    private sealed class WordRow
    {
        public string Word { get; set; } = "";
    }

    private sealed class ConvertRow
    {
        public int I { get; set; }

        public uint U { get; set; }

        public bool B { get; set; }

        public string T { get; set; } = "";

        [VectorType(2)]
        public int[] V { get; set; } = [];
    }

    private sealed class SumRow
    {
        public float Sum { get; set; }

        public string Text { get; set; } = "";
    }

    [CustomMappingFactoryAttribute(Contract)]
    private sealed class DoubleFactory : CustomMappingFactory<NumberRow, SumRow>
    {
        public const string Contract = "Double";

        public override Action<NumberRow, SumRow> GetMapping() => (row, sum) => sum.Sum = 2 * row.X;
    }
}
