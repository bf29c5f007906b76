namespace Microsoft.ML.Lstm.Tool.Code;

/// <summary>The C# of a saved model in use: a class that opens it and predicts, and what is predicted.</summary>
/// <param name="Class">Name of the class.</param>
/// <param name="Predicts">What it predicts, after "predicts".</param>
/// <param name="Method">What its method does, in a sentence.</param>
/// <param name="Rows">Name of what the method is given.</param>
/// <param name="Output">What an output is, in a sentence.</param>
/// <param name="Members">The members of an output.</param>
internal sealed record PredictorCode(string Class, string Predicts, string Method, string Rows, string Output, string Members)
{
    /// <summary>The file.</summary>
    public string File() => $$"""
        using Microsoft.ML;
        using Microsoft.ML.Data;

        /// <summary>The saved model: predicts {{Predicts}}.</summary>
        public sealed class {{Class}}
        {
            private readonly MLContext _ml = new();
            private readonly ITransformer _model;

            /// <summary>Opens a model.</summary>
            public {{Class}}(string path) => _model = _ml.Model.Load(path, out _);

            /// <summary>{{Method}}</summary>
            public IEnumerable<ModelOutput> Predict(IEnumerable<ModelInput> {{Rows}}) =>
                _ml.Data.CreateEnumerable<ModelOutput>(_model.Transform(_ml.Data.LoadFromEnumerable({{Rows}})), reuseRowObject: false);
        }

        /// <summary>{{Output}}</summary>
        public sealed class ModelOutput
        {
        {{Members}}
        }
        """;
}
