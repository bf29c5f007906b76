using Microsoft.ML.Lstm.Tool.Tables;

namespace Microsoft.ML.Lstm.Tool.Series;

/// <summary>What a person asks of series; null and empty is found out.</summary>
internal sealed record SeriesRequest
{
    public required string Path { get; init; }

    public CsvFlags Csv { get; init; } = new();

    public string? Time { get; init; }

    public IReadOnlyList<string> Targets { get; init; } = [];

    public string? Group { get; init; }

    public IReadOnlyList<string> Past { get; init; } = [];

    public IReadOnlyList<string> Future { get; init; } = [];

    public IReadOnlyList<string> Static { get; init; } = [];

    public int? Horizon { get; init; }

    public int? Window { get; init; }

    public int? Season { get; init; }

    public float Level { get; init; } = 0.95f;

    public MissingValues Missing { get; init; }

    public int? Epochs { get; init; }

    public int HiddenSize { get; init; } = 32;

    public int Models { get; init; } = 1;

    public int Seed { get; init; } = 1;
}
