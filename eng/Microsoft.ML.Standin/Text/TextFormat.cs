using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>How lines are told apart and split into fields.</summary>
internal sealed record TextFormat
{
    public char[] Separators { get; private init; }

    public bool AllowQuoting { get; private init; }

    public bool AllowSparse { get; private init; }

    public bool TrimWhitespace { get; init; }

    public bool HasHeader { get; private init; }

    public bool ReadMultilines { get; private init; }

    public bool MissingRealsAsNaNs { get; private init; }

    public char EscapeChar { get; private init; }

    public char DecimalMarker { get; private init; }

    public long MaxRows { get; private init; }

    public bool SeparatesBySpace => Separators.Contains(' ');

    public static TextFormat Create(TextLoader.Options options)
    {
        if (options.Separators is not { Length: > 0 })
            throw Contracts.ExceptUserArg(nameof(options.Separators), "Must specify a separator");
        foreach (char separator in options.Separators)
            CheckSeparator(separator, options);
        if (options.DecimalMarker is not ('.' or ','))
            throw Contracts.ExceptUserArg(nameof(options.DecimalMarker),
                $"Decimal marker cannot be the '{options.DecimalMarker}' character. It must be '.' or ','.");
        if (!options.AllowQuoting && options.DecimalMarker == ',' && options.Separators.Contains(','))
            throw Contracts.ExceptUserArg(nameof(options.AllowQuoting),
                "Quoting must be allowed if decimal marker and separator are the ',' character.");
        if (options.MaxRows < 0)
            throw Contracts.ExceptUserArg(nameof(options.MaxRows), $"Must be non-negative, but got {options.MaxRows}.");
        return new TextFormat
        {
            Separators = options.Separators,
            AllowQuoting = options.AllowQuoting,
            AllowSparse = options.AllowSparse,
            TrimWhitespace = options.TrimWhitespace,
            HasHeader = options.HasHeader,
            ReadMultilines = options.AllowQuoting && options.ReadMultilines,
            MissingRealsAsNaNs = options.MissingRealsAsNaNs,
            EscapeChar = options.EscapeChar,
            DecimalMarker = options.DecimalMarker,
            MaxRows = options.MaxRows ?? long.MaxValue,
        };
    }

    private static void CheckSeparator(char separator, TextLoader.Options options)
    {
        if (separator != '\t' && (separator < ' ' || char.IsAsciiDigit(separator) || separator == '"'))
            throw Contracts.ExceptUserArg(nameof(options.Separators), $"Illegal separator: '{separator}'");
        if (separator == ':' && options.AllowSparse)
            throw Contracts.ExceptUserArg(nameof(options.Separators), "When the separator is colon, turn off allowSparse");
        if (separator == options.EscapeChar)
            throw Contracts.ExceptUserArg(nameof(options.EscapeChar),
                $"EscapeChar '{separator}' can't be used both as EscapeChar and separator");
    }
}
