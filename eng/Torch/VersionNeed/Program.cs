using VersionNeed;

// VersionNeed LIBRARY NAME: in a build's own copy of an ELF library, makes the need of that symbol version weak. See Torch.targets.
if (args is not [var library, var name])
{
    Console.Error.WriteLine("VersionNeed : error : expected a library and the name of a version, but got " + args.Length + " arguments.");
    return 1;
}

try
{
    byte[] image = File.ReadAllBytes(library);
    if (!ElfVersionNeeds.Weaken(image, name))
        return 0;
    // A new file in the old one's place: a build may have linked its copy to the package's, which must stay as it is.
    string whole = library + ".weak";
    File.WriteAllBytes(whole, image);
    File.Move(whole, library, overwrite: true);
    return 0;
}
catch (Exception error) when (error is IOException or UnauthorizedAccessException or BadImageFormatException)
{
    Console.Error.WriteLine($"VersionNeed : error : {library}: {error.Message}");
    return 1;
}
