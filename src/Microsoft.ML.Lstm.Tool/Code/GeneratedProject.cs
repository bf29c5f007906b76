namespace Microsoft.ML.Lstm.Tool.Code;

/// <summary>A C# project that trains the model that a command trains, and predicts with it, to the same values: to carry on with.</summary>
/// <param name="Name">What it is called.</param>
/// <param name="Program">Trains, tests, saves, predicts.</param>
/// <param name="Rows">What a row of the data is, and how it is read.</param>
/// <param name="Model">The saved model in use: all that production needs.</param>
/// <param name="Data">The file that it reads.</param>
/// <param name="Does">What it does, in half a sentence.</param>
internal sealed record GeneratedProject(string Name, string Program, string Rows, string Model, string Data, string Does)
{
    /// <summary>The README.</summary>
    public string Readme => $"""
        # {Name}

        Trains on a file such as `{Path.GetFileName(Data)}`, tests on rows that were held out, saves `model.zip`, and {Does}:

        ```
        dotnet run -c Release -- "{Path.GetFullPath(Data)}"
        ```

        `Program.cs` has the training and its options, `Rows.cs` how a row is read, and `Model.cs` the saved model in use. In production `Model.cs`, the class of a row,
        `model.zip` and the package `Microsoft.ML.Lstm` are enough.
        """;
}
