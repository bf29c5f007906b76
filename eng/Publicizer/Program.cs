using Publicizer;

// The response file holds, one a line: the assembly to read, the copy to write, and the full names of the types to open.
if (args is not [var responseFile])
{
    Console.Error.WriteLine("Publicizer : error : expected one argument, the response file, but got " + args.Length + ".");
    return 1;
}

string[] lines = File.ReadAllLines(responseFile);
if (lines.Length < 3)
{
    Console.Error.WriteLine($"Publicizer : error : '{responseFile}' has {lines.Length} lines; expected an assembly, a copy, and at least one type.");
    return 1;
}

(string source, string copy, string[] typeNames) = (lines[0], lines[1], lines[2..]);
try
{
    byte[] image = File.ReadAllBytes(source);
    AccessFlags.Open(image, typeNames);
    Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
    // A copy that is rewritten would make the compiler run again.
    if (!File.Exists(copy) || !File.ReadAllBytes(copy).AsSpan().SequenceEqual(image))
        File.WriteAllBytes(copy, image);
    return 0;
}
catch (Exception error) when (error is IOException or BadImageFormatException or InvalidOperationException)
{
    Console.Error.WriteLine($"Publicizer : error : {source}: {error.Message}");
    return 1;
}
