namespace Microsoft.ML.Lstm.Export;

/// <summary>
/// Where the description of a model is written: a graph of our own file, or ML.NET's conversion under way. Values are known by their names.
/// ML.NET writes opset 9 to 12; what is written there is valid in all of them. What a conversion has no need of (a forecaster, lengths
/// that vary, loops) takes opset 11,
/// and files are of 12: axes of Squeeze, sums and the like are attributes up to there.
/// </summary>
internal interface IOnnxGraph
{
    /// <summary>The earliest version of ONNX's operators that has all those a conversion uses: IsNaN and Where came with it.</summary>
    const int Opset = 9;

    /// <summary>The one operator that is not of ONNX's default domain: from texts to numbers.</summary>
    const string LabelEncoder = "LabelEncoder";

    /// <summary>The domain of that.</summary>
    const string MachineLearningDomain = "ai.onnx.ml";

    /// <summary>Whether a node may have a graph of its own, the body of a loop.</summary>
    bool HasLoops { get; }

    /// <summary>Adds a tensor.</summary>
    /// <typeparam name="T"><see cref="float"/>, <see cref="double"/>, <see cref="int"/>, <see cref="long"/>, <see cref="bool"/> or
    /// <see cref="string"/>.</typeparam>
    /// <param name="name">A name to begin with; another is made of it if it is taken.</param>
    /// <param name="values">The elements, row-major.</param>
    /// <param name="shape">Size of each dimension; empty for a scalar.</param>
    /// <returns>Its name.</returns>
    string Tensor<T>(string name, T[] values, params int[] shape);

    /// <summary>Adds a node; returns the names of its outputs.</summary>
    /// <param name="op">The operator.</param>
    /// <param name="inputs">Values; empty where an optional one is left out.</param>
    /// <param name="outputs">How many outputs are wanted.</param>
    /// <param name="attributes">The node's attributes.</param>
    string[] Node(string op, string[] inputs, int outputs, params OnnxAttribute[] attributes);
}
