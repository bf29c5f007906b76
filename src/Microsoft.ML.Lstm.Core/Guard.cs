using System.Globalization;
using System.Runtime.CompilerServices;

namespace Microsoft.ML.Lstm;

/// <summary>
/// The one form in which a value that is out of its range is refused: "X is Y; expected Z.", in invariant culture. What was expected is put
/// into words only when the value is refused.
/// </summary>
internal static class Guard
{
    /// <summary>Refuses a value of an option or property.</summary>
    /// <exception cref="ArgumentException"><paramref name="holds"/> is false.</exception>
    public static void Require(bool holds, string name, object? found, string expected)
    {
        if (!holds)
            throw new ArgumentException(Message(name, found, expected), name);
    }

    /// <inheritdoc cref="Require(bool, string, object?, string)"/>
    public static void Require(bool holds, string name, object? found, [InterpolatedStringHandlerArgument(nameof(holds))] Expectation expected)
    {
        if (!holds)
            throw new ArgumentException(Message(name, found, expected.ToString()), name);
    }

    /// <summary>Refuses an argument of a method.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="holds"/> is false.</exception>
    public static void RequireArgument(bool holds, string name, object? found, string expected)
    {
        if (!holds)
            throw new ArgumentOutOfRangeException(name, Message(name, found, expected));
    }

    /// <inheritdoc cref="RequireArgument(bool, string, object?, string)"/>
    public static void RequireArgument(bool holds, string name, object? found, [InterpolatedStringHandlerArgument(nameof(holds))] Expectation expected)
    {
        if (!holds)
            throw new ArgumentOutOfRangeException(name, Message(name, found, expected.ToString()));
    }

    /// <summary>The names of an enumeration's values, for a message.</summary>
    public static string OneOf<T>()
        where T : struct, Enum => "one of " + string.Join(", ", Enum.GetNames<T>());

    private static string Message(string name, object? found, string expected) =>
        string.Create(CultureInfo.InvariantCulture, $"{name} is {found ?? "null"}; expected {expected}.");

    /// <summary>An interpolated string that is formatted, in invariant culture, only when the condition before it does not hold.</summary>
    [InterpolatedStringHandler]
    internal readonly ref struct Expectation
    {
        private readonly System.Text.StringBuilder? _text;

        public Expectation(int literalLength, int formattedCount, bool holds, out bool isNeeded)
        {
            isNeeded = !holds;
            _text = holds ? null : new System.Text.StringBuilder(literalLength + (8 * formattedCount));
        }

        public void AppendLiteral(string text) => _text!.Append(text);

        public void AppendFormatted<T>(T value) => _text!.Append(CultureInfo.InvariantCulture, $"{value}");

        public override string ToString() => _text?.ToString() ?? "";
    }
}
