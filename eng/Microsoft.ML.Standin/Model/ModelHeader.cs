using System.Runtime.InteropServices;
using System.Text;
using Microsoft.ML.Runtime;

namespace Microsoft.ML;

/// <summary>The 256 bytes before a model's own bytes, laid out as in ML.NET. Positions count from the header's start.</summary>
[StructLayout(LayoutKind.Sequential, Size = Size)]
internal struct ModelHeader
{
    public const int Size = 0x100;
    private const ulong StartMark = 0x4C45444F4D004C4D;
    private const ulong TailMark = 0x4D4C004D4F44454C;
    private const uint Version = 0x00010002;

    public ulong Signature;
    public uint VerWritten;
    public uint VerReadable;
    public long FpModel;
    public long CbModel;
    public long FpStringTable;
    public long CbStringTable;
    public long FpStringChars;
    public long CbStringChars;
    public ulong ModelSignature;
    public uint ModelVerWritten;
    public uint ModelVerReadable;
    public LoaderName Loader;
    public LoaderName LoaderAlt;
    public long FpTail;
    public long FpLim;
    public long FpAssemblyName;
    public uint CbAssemblyName;

    public static ModelHeader Begin(BinaryWriter writer)
    {
        writer.Write(new byte[Size]);
        return new ModelHeader { Signature = StartMark, VerWritten = Version, VerReadable = Version, FpModel = Size };
    }

    public void Set(VersionInfo version)
    {
        ModelSignature = version.ModelSignature;
        ModelVerWritten = version.VerWrittenCur;
        ModelVerReadable = version.VerReadableCur;
        Loader = LoaderName.Of(version.LoaderSignature);
        LoaderAlt = LoaderName.Of(version.LoaderSignatureAlt);
    }

    /// <summary>Writes what follows the model, then the header into its place.</summary>
    public void End(BinaryWriter writer, string assemblyName)
    {
        Stream stream = writer.BaseStream;
        CbModel = stream.Position - FpModel;
        if (!string.IsNullOrEmpty(assemblyName))
        {
            FpAssemblyName = stream.Position;
            CbAssemblyName = (uint)(sizeof(char) * assemblyName.Length);
            writer.Write(Encoding.Unicode.GetBytes(assemblyName));
        }
        FpTail = stream.Position;
        writer.Write(TailMark);
        FpLim = stream.Position;
        stream.Position = 0;
        writer.Write(MemoryMarshal.AsBytes(new ReadOnlySpan<ModelHeader>(in this)));
        stream.Position = FpLim;
    }

    public static ModelHeader Read(BinaryReader reader, out string assemblyName)
    {
        byte[] bytes = reader.ReadBytes(Size);
        Contracts.CheckDecode(bytes.Length == Size, $"Corrupt file header: {bytes.Length} bytes, expected {Size}");
        ModelHeader header = MemoryMarshal.Read<ModelHeader>(bytes);
        Contracts.CheckDecode(header.Signature == StartMark, "Wrong file type");
        Contracts.CheckDecode(header.VerReadable <= header.VerWritten, "Corrupt file header");
        Contracts.CheckDecode(header.VerReadable <= Version, "File is too new");
        Contracts.CheckDecode(header.FpStringTable == 0, "Corrupt file header: no string table was expected");
        Stream stream = reader.BaseStream;
        Contracts.CheckDecode(header.FpModel == Size && header.CbModel >= 0 && header.FpTail >= Size + header.CbModel
            && header.FpLim == header.FpTail + sizeof(ulong) && header.FpLim <= stream.Length, "Corrupt file header");
        stream.Position = header.FpTail;
        Contracts.CheckDecode(reader.ReadUInt64() == TailMark, "Corrupt model file tail");
        stream.Position = header.FpAssemblyName;
        assemblyName = header.FpAssemblyName == 0 ? null : Encoding.Unicode.GetString(reader.ReadBytes((int)header.CbAssemblyName));
        stream.Position = header.FpModel;
        return header;
    }

    public readonly void Check(VersionInfo version)
    {
        Contracts.CheckDecode(ModelSignature == version.ModelSignature, "Unknown file type");
        Contracts.CheckDecode(ModelVerReadable <= ModelVerWritten, "Corrupt file header");
        Contracts.CheckDecode(ModelVerReadable <= version.VerWrittenCur,
            $"Cannot read component '{version.LoaderSignature}' of the model, because the model is too new: "
            + $"expected version {version.VerWrittenCur:x8} at most, got {ModelVerReadable:x8}.");
        Contracts.CheckDecode(ModelVerWritten >= version.VerWeCanReadBack,
            $"Cannot read component '{version.LoaderSignature}' of the model, because the model is too old: "
            + $"expected version {version.VerWeCanReadBack:x8} at least, got {ModelVerWritten:x8}.");
    }

    /// <summary>Up to 24 one-byte characters, filled up with zeros.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct LoaderName
    {
        private ulong _part0;
        private ulong _part1;
        private ulong _part2;

        public static LoaderName Of(string text)
        {
            text ??= "";
            Contracts.Check(text.Length <= 24, $"The loader signature '{text}' is longer than 24 characters");
            Span<byte> bytes = stackalloc byte[24];
            bytes.Clear();
            Encoding.Latin1.GetBytes(text, bytes);
            return MemoryMarshal.Read<LoaderName>(bytes);
        }

        public readonly override string ToString() =>
            Encoding.Latin1.GetString(MemoryMarshal.AsBytes(new ReadOnlySpan<LoaderName>(in this))).TrimEnd('\0');
    }
}
