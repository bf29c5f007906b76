using ArchUnitNET.Domain;
using ArchUnitNET.Loader;

namespace Microsoft.ML.Lstm.Tests.Architecture;

/// <summary>
/// The product's types and what each uses, in signatures and in method bodies, as the compiled assemblies say. A type's room is the folder
/// that holds it: the first namespace below <c>Microsoft.ML.Lstm</c>.
/// </summary>
[CollectionDefinition(nameof(House))]
public sealed class House : ICollectionFixture<House>
{
    /// <summary>The room of the types that users meet everywhere in Core: namespace <c>Microsoft.ML.Lstm</c> itself.</summary>
    public const string Root = "Root";

    /// <summary>The assembly of the engine.</summary>
    public const string CoreName = "Microsoft.ML.Lstm.Core";

    private const string Product = "Microsoft.ML.Lstm";

    // Users name them as they name options, but they are no plain values: they belong to the room that makes them.
    private static readonly string[] s_made = ["RecurrentModel", "RecurrentScorer", "RecurrentState", "ForecastModel", "ForecastSession", "TrainingEngine", "OnnxExtensions"];

    private readonly Dictionary<string, string> _coreFolders, _extensionFolders;

    /// <summary>The rooms of the engine.</summary>
    public IReadOnlyList<Use> Core { get; }

    /// <summary>The rooms of the ML.NET extension.</summary>
    public IReadOnlyList<Use> Extension { get; }

    public House()
    {
        System.Reflection.Assembly core = typeof(NetworkDiagnosis).Assembly, extension = typeof(LstmRegressor).Assembly;
        ArchUnitNET.Domain.Architecture architecture = new ArchLoader().LoadAssemblies(core, extension).Build();
        (_coreFolders, _extensionFolders) = (Folders(core.GetName().Name!), Folders(extension.GetName().Name!));
        Core = [.. Uses(architecture, core.GetName().Name!, RoomOfCore)];
        Extension = [.. Uses(architecture, extension.GetName().Name!, RoomOfExtension)];
    }

    /// <summary>
    /// The types of another assembly than these two, and what each uses: of the assembly itself, whose rooms are folders below a namespace,
    /// and of Core, whose rooms these are.
    /// </summary>
    /// <param name="assembly">The assembly.</param>
    /// <param name="product">The namespace that its folders' begin with.</param>
    public static IReadOnlyList<Use> Of(System.Reflection.Assembly assembly, string product)
    {
        ArchUnitNET.Domain.Architecture architecture = new ArchLoader().LoadAssemblies(assembly).Build();
        string name = assembly.GetName().Name!;
        return [.. Uses(architecture, name, type => RoomBelow(type.Namespace.FullName, product))
            .Select(use => use.ToAssembly == CoreName ? use with { ToRoom = RoomBelow(use.To[..use.To.Split('<', '`', '[')[0].LastIndexOf('.')], Product) } : use)];
    }

    /// <summary>Each use of a room by a type of another that the table does not allow; of a room that it does not know, each use.</summary>
    public static IEnumerable<string> Offences(IEnumerable<Use> uses, IReadOnlyDictionary<string, string[]> allowed) =>
        uses.Where(use => use.SameAssembly && use.FromRoom != use.ToRoom)
            .Where(use => !allowed.TryGetValue(use.FromRoom, out string[]? rooms)
                || !(rooms.Contains(use.ToRoom) || rooms.Contains($"{use.ToRoom}/{ShortName(use.To)}")))
            .Select(use => $"{use.FromRoom}/{ShortName(use.From)} uses {use.ToRoom}/{ShortName(use.To)}")
            .Distinct()
            .Order(StringComparer.Ordinal);

    private static IEnumerable<Use> Uses(ArchUnitNET.Domain.Architecture architecture, string assembly, Func<IType, string> room) =>
        from type in architecture.Types
        where IsOf(type, assembly) && type.Namespace.FullName.StartsWith("Microsoft.ML", StringComparison.Ordinal)
        from dependency in type.Dependencies
        let target = dependency.Target
        where target is not GenericParameter && !target.FullName.StartsWith('<')
        let same = IsOf(target, assembly)
        select new Use(type.FullName, room(type), target.FullName, same ? room(target) : "", AssemblyName(target), same);

    private static bool IsOf(IType type, string assembly) => AssemblyName(type) == assembly;

    // A type of a package that neither assembly exposes is known by name alone; a pointer to a function is of no assembly.
    private static string AssemblyName(IType type) => type.Assembly?.Name.Split(',')[0] ?? "";

    private string RoomOfCore(IType type) =>
        type.Namespace.FullName != Product ? FirstBelow(type.Namespace.FullName)
        : s_made.Contains(FileName(type)) ? Folder(_coreFolders, type)
        : Root;

    // What users name lies in Microsoft.ML.Lstm or Microsoft.ML, whatever its folder; a public type has a file of its own name.
    private string RoomOfExtension(IType type)
    {
        string space = type.Namespace.FullName;
        return space != Product && space.StartsWith(Product, StringComparison.Ordinal) ? FirstBelow(space) : Folder(_extensionFolders, type);
    }

    private static string Folder(Dictionary<string, string> folders, IType type) =>
        folders.TryGetValue(FileName(type), out string? folder)
            ? folder
            : throw new InvalidOperationException($"Type {type.FullName} has no file {FileName(type)}.cs; expected one.");

    private static string FileName(IType type) => ShortName(type.FullName).Split('+', '`', '[')[0];

    private static Dictionary<string, string> Folders(string assembly)
    {
        string sources = Path.Combine(Repository.Root, "src", assembly);
        return Directory.EnumerateFiles(sources, "*.cs", SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(sources, file))
            .DistinctBy(Path.GetFileNameWithoutExtension)
            .ToDictionary(file => Path.GetFileNameWithoutExtension(file), file => file.Split(Path.DirectorySeparatorChar)[0]);
    }

    private static string RoomBelow(string space, string product) => space == product ? Root
        : space.StartsWith(product + ".", StringComparison.Ordinal) ? space[(product.Length + 1)..].Split('.')[0] : space;

    private static string FirstBelow(string space) =>
        space.StartsWith(Product + ".", StringComparison.Ordinal) ? space[(Product.Length + 1)..].Split('.')[0] : space;

    private static string ShortName(string fullName) => fullName[(fullName.Split('<')[0].LastIndexOf('.') + 1)..];

    /// <summary>A type and one that it uses.</summary>
    public sealed record Use(string From, string FromRoom, string To, string ToRoom, string ToAssembly, bool SameAssembly);
}
