using Microsoft.ML.Data;

namespace Microsoft.ML.Lstm.PublicApi.Tests.MLNet;

public sealed class VBufferTests
{
    private static readonly VBuffer<float> Sparse = new(6, 2, [10f, 20f], [1, 4]);

    [Fact]
    public void ASparseBufferReadsAsItsDenseValues()
    {
        Assert.False(Sparse.IsDense);
        Assert.Equal([10f, 20f], Sparse.GetValues().ToArray());
        Assert.Equal([1, 4], Sparse.GetIndices().ToArray());
        Assert.Equal([0f, 10f, 0f, 0f, 20f, 0f], Sparse.DenseValues());
        Assert.Equal(20f, Sparse.GetItemOrDefault(4));
        Assert.Equal(0f, Sparse.GetItemOrDefault(5));
        Assert.Equal([KeyValuePair.Create(1, 10f), KeyValuePair.Create(4, 20f)], Sparse.Items());
        Assert.Equal(6, Sparse.Items(all: true).Count());
    }

    [Fact]
    public void CopiesAreDenseOrSparseAsAsked()
    {
        VBuffer<float> copy = default;
        Sparse.CopyTo(ref copy);
        Assert.False(copy.IsDense);
        Sparse.CopyTo(ref copy, 1, 4);
        Assert.Equal([10f, 0f, 0f, 20f], copy.DenseValues());
        Sparse.CopyToDense(ref copy);
        Assert.True(copy.IsDense);
        var target = new float[8];
        Array.Fill(target, 7f);
        Sparse.CopyTo(target, 1);
        Assert.Equal([7f, 0f, 10f, 0f, 0f, 20f, 0f, 7f], target);
    }

    [Fact]
    public void AnEditorReusesTheArraysItIsGiven()
    {
        var values = new float[4];
        var buffer = new VBuffer<float>(4, values);
        VBufferEditor<float> editor = VBufferEditor.Create(ref buffer, 3);
        Assert.False(editor.CreatedNewValues);
        editor.Values[2] = 5;
        buffer = editor.Commit();
        Assert.Equal(3, buffer.Length);
        Assert.Equal(5f, values[2]);

        editor = VBufferEditor.Create(ref buffer, 9);
        Assert.True(editor.CreatedNewValues);
        Assert.Equal(9, editor.Commit().Length);
    }

    [Fact]
    public void AnEditorMakesSparseBuffersAndTruncatesThem()
    {
        VBuffer<int> buffer = default;
        VBufferEditor<int> editor = VBufferEditor.Create(ref buffer, 10, 3);
        for (int i = 0; i < 3; i++)
            (editor.Indices[i], editor.Values[i]) = (3 * i, i + 1);
        buffer = editor.CommitTruncated(2);
        Assert.Equal([1, 0, 0, 2, 0, 0, 0, 0, 0, 0], buffer.DenseValues());
    }

    [Fact]
    public void ImpossibleBuffersAreRefused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new VBuffer<float>(3, [1f, 2f]));
        Assert.Throws<ArgumentOutOfRangeException>(() => new VBuffer<float>(-1, [1f, 2f]));
        Assert.Throws<ArgumentOutOfRangeException>(() => new VBuffer<float>(3, 2, [1f, 2f], [0]));
        Assert.Throws<ArgumentOutOfRangeException>(() => Sparse.GetItemOrDefault(6));
        Assert.Throws<ArgumentOutOfRangeException>(() => Sparse.CopyTo(new float[5]));
        VBuffer<float> buffer = default;
        Assert.Equal(0, buffer.Length);
        Assert.True(buffer.IsDense);
        Assert.Empty(buffer.DenseValues());
    }
}
