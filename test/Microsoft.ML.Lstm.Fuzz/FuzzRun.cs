using System.Globalization;
using Microsoft.ML.Lstm.Randomness;

namespace Microsoft.ML.Lstm.Fuzz;

/// <summary>Damages valid files at random, each by its number and the seed alone, and counts what becomes of them.</summary>
internal sealed class FuzzRun
{
    private readonly int _seed;
    private readonly string _output;
    private readonly List<IFuzzTarget> _targets;
    private readonly Dictionary<string, long> _counts = [];

    public FuzzRun(int seed, string? target, string output)
    {
        (_seed, _output) = (seed, output);
        Directory.CreateDirectory(output);
        _targets = [.. Targets.AllTargets.Create(output).Where(t => target is null || t.Name.Contains(target, StringComparison.OrdinalIgnoreCase))];
        if (_targets.Count == 0)
            throw new ArgumentException($"--target is '{target}', which is in no format's name; expected one of {string.Join(", ", Targets.AllTargets.Create(output).Select(t => t.Name))}.");
    }

    /// <summary>Tries so many files.</summary>
    /// <returns>Whether every one was loaded, or refused as documented.</returns>
    public bool Run(long first, long count)
    {
        foreach (IFuzzTarget target in _targets)
            if (Judge.Try(target, target.Valid) is { Kind: not "loaded" } verdict)
                throw new InvalidOperationException($"The whole and valid {target.Name} is {verdict.Kind}; expected it to load.", verdict.Error);
        string current = Path.Combine(_output, "current");
        bool isFine = true;
        for (long number = first; number < first + count; number++)
        {
            // A crash takes the process along: this says of which file.
            if (number % 64 == 0)
                File.WriteAllText(current, number.ToString(CultureInfo.InvariantCulture));
            (IFuzzTarget target, byte[] file) = Make(number);
            Verdict verdict = Judge.Try(target, file);
            isFine &= verdict.IsFine;
            if (Count(target, verdict, number))
                Keep(target, verdict, number, file);
            if ((number + 1 - first) % 10_000 == 0)
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{number + 1 - first} files, {Failures()} wrong"));
        }
        Print();
        return isFine;
    }

    private (IFuzzTarget Target, byte[] File) Make(long number)
    {
        var random = new RandomStream(_seed, $"file {number.ToString(CultureInfo.InvariantCulture)}");
        IFuzzTarget target = _targets[random.NextInt(_targets.Count)];
        // Now and then another target's content, whole: entries that were swapped.
        byte[] file = random.NextInt(50) == 0 ? _targets[random.NextInt(_targets.Count)].Valid : target.Valid;
        int changes = 1 + random.NextInt(3);
        for (int i = 0; i < changes; i++)
            file = target.Mutations[random.NextInt(target.Mutations.Count)].Apply(file, random);
        return (target, file);
    }

    // Says whether this kind of failure is new.
    private bool Count(IFuzzTarget target, Verdict verdict, long number)
    {
        string key = verdict.IsFine ? $"{target.Name}: {verdict.Kind}" : $"WRONG {target.Name}: {verdict.Kind} {Judge.Place(verdict.Error)}";
        bool isNew = !_counts.TryGetValue(key, out long before);
        _counts[key] = before + 1;
        if (isNew && !verdict.IsFine)
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{key} (file {number})"));
        return isNew && !verdict.IsFine;
    }

    private void Keep(IFuzzTarget target, Verdict verdict, long number, byte[] file)
    {
        string name = Path.Combine(_output, string.Create(CultureInfo.InvariantCulture, $"{target.Name}-{_seed}-{number}").Replace(' ', '-').Replace('/', '-'));
        File.WriteAllBytes(name + ".bin", file);
        File.WriteAllText(name + ".txt", $"{verdict.Kind}\n{verdict.Error}");
    }

    private long Failures() => _counts.Where(pair => pair.Key.StartsWith("WRONG", StringComparison.Ordinal)).Sum(pair => pair.Value);

    private void Print()
    {
        foreach ((string key, long count) in _counts.OrderBy(pair => pair.Key, StringComparer.Ordinal))
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{count,9}  {key}"));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{_counts.Values.Sum()} files, {Failures()} wrong"));
    }
}
