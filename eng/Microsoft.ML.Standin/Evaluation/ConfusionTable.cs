using System.Text;

namespace Microsoft.ML.Data;

/// <summary>The confusion matrix as text, laid out as in ML.NET.</summary>
internal sealed class ConfusionTable
{
    private const string Predicted = "PREDICTED";
    private readonly ConfusionMatrix _matrix;
    private readonly string[] _names;
    private readonly bool _isBinary;
    private readonly int _columnWidth;
    private readonly int _labelWidth;
    private readonly int _indexWidth;
    private readonly string _rule;

    public ConfusionTable(ConfusionMatrix matrix, string[] names, bool isBinary)
    {
        _matrix = matrix;
        _names = names;
        _isBinary = isBinary;
        _columnWidth = names.Length == 2 ? 8 : 5;
        int longest = names.Max(n => n.Length);
        // Names that do not fit above their column are replaced by numbers there, and numbered in the rows.
        _indexWidth = longest > _columnWidth ? $"{names.Length - 1}".Length : 0;
        _labelWidth = Math.Max(Predicted.Length, longest + (_indexWidth > 0 ? _indexWidth + 2 : 0));
        _rule = string.Concat(Enumerable.Repeat(names.Length > 2 ? "========" : "===========", names.Length));
    }

    public string Format()
    {
        var text = new StringBuilder();
        if (_isBinary)
            AppendRatio(text);
        text.AppendLine().AppendLine("Confusion table");
        text.Append(Left("")).AppendLine(_rule);
        text.Append(Left(Predicted));
        for (int i = 0; i < _names.Length; i++)
            text.Append($" {(_indexWidth > 0 ? $"{i}" : _names[i]).PadLeft(_columnWidth)} |");
        text.AppendLine(" Recall");
        text.Append(Left("TRUTH")).AppendLine(_rule);
        for (int i = 0; i < _names.Length; i++)
            AppendRow(text, i);
        text.Append(Left("")).AppendLine(_rule);
        text.Append(Left("Precision"));
        foreach (double precision in _matrix.PerClassPrecision)
            text.Append($"{$"{precision:N4}".PadLeft(_columnWidth + 1)} |");
        return text.AppendLine().ToString();
    }

    private void AppendRatio(StringBuilder text)
    {
        double positives = _matrix.Counts[0].Sum();
        double negatives = _matrix.Counts[1].Sum();
        text.Append($"TEST {_names[0].ToUpperInvariant()} RATIO:\t{positives / (positives + negatives):N4} ")
            .Append($"({positives:F1}/({positives:F1}+{negatives:F1}))");
    }

    private void AppendRow(StringBuilder text, int row)
    {
        string label = _indexWidth > 0
            ? $"{$"{row}".PadLeft(_indexWidth)}. {_names[row].PadLeft(_labelWidth - _indexWidth - 2)}"
            : _names[row].PadLeft(_labelWidth);
        text.Append(label).Append(" ||");
        foreach (double count in _matrix.Counts[row])
            text.Append($" {$"{count:N0}".PadLeft(_columnWidth)} |");
        text.AppendLine($" {$"{_matrix.PerClassRecall[row]:F4}".PadLeft(5)}");
    }

    private string Left(string title) => title.PadRight(_labelWidth + 1) + "||";
}
