using System.Text.Json;
using Microsoft.ML.Lstm.Persistence;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Lstm.Interop;

/// <summary>
/// How a transformer lies in a model .zip: a header that says which class of which assembly loads it, and one entry with its bytes.
/// <para>Whatever is wrong with the entry, loading throws <see cref="FormatException"/>, which is what ML.NET's own decoding throws, with the
/// name of the entry; the error inside says what was found. <c>Model.Load</c> gives it as the inner exception of its own.</para>
/// </summary>
/// <param name="signature">Eight characters that say what kind of model it is.</param>
/// <param name="loaderSignature">The name under which the assembly declares the class.</param>
/// <param name="entryName">Name of the entry with the bytes.</param>
internal sealed class ModelEntry(string signature, string loaderSignature, string entryName)
{
    private const uint Version = 0x00010001;

    /// <summary>Writes the header and the entry.</summary>
    public void Save(ModelSaveContext context, Action<Stream> write)
    {
        ArgumentNullException.ThrowIfNull(context);
        context.CheckAtModel();
        context.SetVersionInfo(Info());
        SaveBeside(context, entryName, write);
    }

    /// <summary>Writes a further entry, once the first is written.</summary>
    public static void SaveBeside(ModelSaveContext context, string name, Action<Stream> write) => context.SaveBinaryStream(name, writer =>
    {
        writer.Flush();
        write(writer.BaseStream);
    });

    /// <summary>Reads the entry.</summary>
    /// <exception cref="FormatException">The header or the entry is not as expected, or of a newer version; says what was found.</exception>
    public T Load<T>(IExceptionContext environment, ModelLoadContext context, Func<Stream, T> read)
        where T : class
    {
        context.CheckAtModel(Info());
        return LoadBeside(environment, context, entryName, read)
            ?? throw environment.Process(new FormatException(Invariant($"The model has no entry '{entryName}', which '{loaderSignature}' is saved in.")));
    }

    /// <summary>Reads a further entry; null if there is none.</summary>
    /// <exception cref="FormatException">It is not as expected; says what was found.</exception>
    public T? LoadBeside<T>(IExceptionContext environment, ModelLoadContext context, string name, Func<Stream, T> read)
        where T : class
    {
        T? loaded = null;
        try
        {
            return context.TryLoadBinaryStream(name, reader => loaded = read(reader.BaseStream)) ? loaded : null;
        }
        catch (Exception e) when (IsOfContent(e))
        {
            throw environment.Process(new FormatException(Invariant($"The model's entry '{name}' of '{loaderSignature}' cannot be read. {Excerpt.Of(e)}"), e));
        }
    }

    // A value that a constructor refuses, or cannot use, is the file's fault here, as nobody else gave it: a file can say null where no type allows
    // it. Errors of the disk and of memory stay what they are.
    private static bool IsOfContent(Exception error) =>
        error is InvalidDataException or JsonException or ArgumentException or FormatException or OverflowException or InvalidOperationException
            or NotSupportedException or EndOfStreamException or KeyNotFoundException or NullReferenceException or IndexOutOfRangeException;

    private VersionInfo Info() => new(
        modelSignature: signature,
        verWrittenCur: Version,
        verReadableCur: Version,
        verWeCanReadBack: Version,
        loaderSignature: loaderSignature,
        loaderAssemblyName: typeof(ModelEntry).Assembly.FullName);
}
