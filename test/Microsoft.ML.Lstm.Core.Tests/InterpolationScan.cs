using System.Text.RegularExpressions;

namespace Microsoft.ML.Lstm.Core.Tests;

/// <summary>Finds interpolated strings that follow the current culture, by as much of C#'s grammar as that takes.</summary>
internal sealed class InterpolationScan
{
    private readonly string _code;
    private readonly List<int> _offences = [];
    private int _at;

    public InterpolationScan(string code)
    {
        _code = code;
        Code(insideHole: false);
    }

    /// <summary>The lines, counted from 1.</summary>
    public IReadOnlyList<int> Offences => _offences;

    private bool Is(string text) => string.CompareOrdinal(_code, _at, text, 0, text.Length) == 0;

    // The names before the parentheses that are open say which call a string is an argument of.
    private void Code(bool insideHole)
    {
        var calls = new Stack<string>();
        for (int braces = 0; _at < _code.Length; _at++)
        {
            if (insideHole && braces == 0 && _code[_at] == '}')
                return;
            if (Is("//"))
                SkipTo("\n");
            else if (Is("/*"))
                SkipTo("*/");
            else if (Is("\"\"\"") || Is("$\"\"\""))
                SkipRaw();
            else if (Is("@\""))
                SkipVerbatim();
            else if (Is("$\""))
                Interpolated(calls.TryPeek(out string? call) ? call : "");
            else if (_code[_at] == '"')
                SkipQuoted();
            else if (_code[_at] == '\'')
                SkipCharacter();
            else if (_code[_at] == '(')
                calls.Push(Regex.Match(_code[Math.Max(0, _at - 80).._at], @"(\w+)(<[^<>()]*>)?\s*$").Groups[1].Value);
            else if (_code[_at] == ')')
                calls.TryPop(out _);
            else
                braces += _code[_at] switch { '{' => 1, '}' => -1, _ => 0 };
        }
    }

    private void Interpolated(string call)
    {
        int start = _at;
        bool followsCulture = false;
        for (_at += 2; _code[_at] != '"'; _at++)
        {
            if (_code[_at] == '\\' || Is("{{") || Is("}}"))
                _at++;
            else if (_code[_at] == '{')
            {
                int hole = ++_at;
                Code(insideHole: true);
                followsCulture |= !Regex.IsMatch(_code[hole.._at], @"^nameof\([^()]*\)$");
            }
        }
        string before = _code[Math.Max(0, start - 400)..start].TrimEnd(), after = _code[(_at + 1)..Math.Min(_code.Length, _at + 80)].TrimStart();
        bool isInvariant = (call == "Invariant" && before.EndsWith('('))
            || before.EndsWith("CultureInfo.InvariantCulture,", StringComparison.Ordinal)
            || before.EndsWith("(FormattableString)", StringComparison.Ordinal)
            || (call is "Require" or "RequireArgument" && before.EndsWith(',') && after.StartsWith(')'))
            || before[(before.LastIndexOf('\n') + 1)..].Contains("const string", StringComparison.Ordinal);
        if (followsCulture && !isInvariant)
            _offences.Add(1 + _code.AsSpan(0, start).Count('\n'));
    }

    private void SkipTo(string end)
    {
        int found = _code.IndexOf(end, _at, StringComparison.Ordinal);
        _at = found < 0 ? _code.Length : found + end.Length - 1;
    }

    private void SkipCharacter()
    {
        _at += _code[_at + 1] == '\\' ? 2 : 1;
        while (_code[_at + 1] != '\'')
            _at++;
        _at++;
    }

    private void SkipQuoted()
    {
        for (_at++; _code[_at] != '"'; _at++)
            _at += _code[_at] == '\\' ? 1 : 0;
    }

    private void SkipVerbatim()
    {
        for (_at += 2; !(_code[_at] == '"' && !Is("\"\"")); _at++)
            _at += Is("\"\"") ? 1 : 0;
    }

    private void SkipRaw()
    {
        _at = _code.IndexOf("\"\"\"", _at, StringComparison.Ordinal) + 3;
        SkipTo("\"\"\"");
    }
}
