using System.Buffers.Binary;
using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;

namespace Publicizer;

/// <summary>
/// Makes chosen internal types of an assembly, and their internal fields and methods, public by overwriting the access bits in the
/// metadata tables (ECMA-335 II.22). Nothing is moved or rewritten, so the copy differs from the original in those bits alone.
/// </summary>
internal static class AccessFlags
{
    // Byte offset of the Flags column within a row: it opens a TypeDef and a Field, and follows RVA and ImplFlags in a MethodDef.
    private const int TypeFlags = 0;
    private const int FieldFlags = 0;
    private const int MethodFlags = sizeof(uint) + sizeof(ushort);

    /// <summary>Opens the named top-level types in <paramref name="image"/>, the bytes of an assembly file, in place.</summary>
    /// <exception cref="InvalidOperationException">A named type is not in the assembly.</exception>
    public static void Open(byte[] image, IReadOnlyCollection<string> typeNames)
    {
        using var file = new PEReader([.. image]);
        MetadataReader metadata = file.GetMetadataReader();
        int tables = file.PEHeaders.MetadataStartOffset;

        int Row(TableIndex table, EntityHandle handle) => tables + metadata.GetTableMetadataOffset(table)
            + ((MetadataTokens.GetRowNumber(handle) - 1) * metadata.GetTableRowSize(table));

        var missing = typeNames.ToHashSet();
        foreach (TypeDefinitionHandle typeHandle in metadata.TypeDefinitions)
        {
            TypeDefinition type = metadata.GetTypeDefinition(typeHandle);
            if (type.IsNested || !missing.Remove(FullName(metadata, type)))
            {
                continue;
            }

            Overwrite(image, Row(TableIndex.TypeDef, typeHandle) + TypeFlags,
                (ushort)TypeAttributes.VisibilityMask, (ushort)TypeAttributes.Public);
            foreach (FieldDefinitionHandle field in type.GetFields())
            {
                if (IsInternal(metadata.GetFieldDefinition(field).Attributes & FieldAttributes.FieldAccessMask))
                {
                    Overwrite(image, Row(TableIndex.Field, field) + FieldFlags,
                        (ushort)FieldAttributes.FieldAccessMask, (ushort)FieldAttributes.Public);
                }
            }

            foreach (MethodDefinitionHandle method in type.GetMethods())
            {
                if (IsInternal(metadata.GetMethodDefinition(method).Attributes & MethodAttributes.MemberAccessMask))
                {
                    Overwrite(image, Row(TableIndex.MethodDef, method) + MethodFlags,
                        (ushort)MethodAttributes.MemberAccessMask, (ushort)MethodAttributes.Public);
                }
            }
        }

        if (missing.Count > 0)
        {
            throw new InvalidOperationException($"has no type {string.Join(", ", missing.Order())}; expected a top-level type of that full name.");
        }
    }

    private static string FullName(MetadataReader metadata, TypeDefinition type) =>
        metadata.GetString(type.Namespace) + "." + metadata.GetString(type.Name);

    private static bool IsInternal(FieldAttributes access) => access is FieldAttributes.Assembly or FieldAttributes.FamORAssem;

    private static bool IsInternal(MethodAttributes access) => access is MethodAttributes.Assembly or MethodAttributes.FamORAssem;

    // Access bits are the lowest of each Flags column, so two little-endian bytes suffice for the four of a TypeDef as well.
    private static void Overwrite(byte[] image, int offset, ushort mask, ushort access)
    {
        Span<byte> flags = image.AsSpan(offset, sizeof(ushort));
        ushort others = (ushort)(BinaryPrimitives.ReadUInt16LittleEndian(flags) & ~mask);
        BinaryPrimitives.WriteUInt16LittleEndian(flags, (ushort)(others | access));
    }
}
