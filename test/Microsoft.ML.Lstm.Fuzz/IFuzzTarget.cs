namespace Microsoft.ML.Lstm.Fuzz;

/// <summary>A reader under attack.</summary>
internal interface IFuzzTarget
{
    /// <summary>The format, and what is saved in it.</summary>
    string Name { get; }

    /// <summary>A whole and valid file, to be damaged.</summary>
    byte[] Valid { get; }

    /// <summary>What may be done to it.</summary>
    IReadOnlyList<IMutation> Mutations { get; }

    /// <summary>Puts a damaged content to where it is loaded from, such as an archive or a path.</summary>
    /// <returns>What <see cref="Run"/> is given.</returns>
    byte[] Pack(byte[] content) => content;

    /// <summary>Loads a file and uses what it holds.</summary>
    void Run(byte[] file);

    /// <summary>Whether this is how the reader refuses a file by its documentation.</summary>
    bool IsRefusal(Exception error);
}
