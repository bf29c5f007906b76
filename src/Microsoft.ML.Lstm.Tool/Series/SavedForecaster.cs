using Microsoft.ML.Data;
using Microsoft.ML.Lstm.Tool.Models;
using Microsoft.ML.Lstm.Tool.Tables;

namespace Microsoft.ML.Lstm.Tool.Series;

/// <summary>A model with a forecaster in it, and how it reads files.</summary>
/// <param name="Path">Where it was loaded from.</param>
/// <param name="Model">All of the model, what makes keys of texts included.</param>
/// <param name="Transformer">The forecaster in it.</param>
/// <param name="Input">What it reads.</param>
internal sealed record SavedForecaster(string Path, ITransformer Model, LstmForecastingTransformer Transformer, DataViewSchema Input)
{
    /// <summary>The forecaster.</summary>
    public ForecastModel Forecaster => Transformer.Model;

    /// <summary>Loads one.</summary>
    /// <exception cref="ToolException">It is no model, or one without a forecaster.</exception>
    public static SavedForecaster Load(string path)
    {
        (ITransformer model, DataViewSchema? input) = ModelFiles.Load(new MLContext(), path);
        return new SavedForecaster(path, model, ModelFiles.Find<LstmForecastingTransformer>(model, path, "a forecaster, such as lstm forecast makes"),
            input ?? throw new ToolException($"'{path}' does not say which columns it reads; expected a model saved with its schema."));
    }

    /// <summary>Reads a file as the model reads it.</summary>
    /// <exception cref="ToolException">A column is missing, or the file cannot be read.</exception>
    public SeriesTable Read(string path, CsvFlags flags)
    {
        CsvDialect dialect = CsvSniffer.Look(path, flags);
        var roles = new SeriesRoles(
            [.. Forecaster.TargetColumnNames.Select(Find)],
            Forecaster.TimeColumnName is { } time ? Find(time) : null,
            Forecaster.GroupColumnName is { } group ? Find(group) : null,
            Covariates(Forecaster.Input.Past), Covariates(Forecaster.Input.Future), Covariates(Forecaster.Input.Static));
        return SeriesTable.Of(CsvTable.Read(path, dialect, roles.ToRead()), roles);

        // Under the model's own name, whose case the file need not share.
        ColumnGuess Find(string name) => dialect.Find(name, "The model's column") with { Name = name };

        ColumnGuess[] Covariates(IReadOnlyList<Forecasting.Covariate> covariates) =>
            [.. covariates.Select(covariate => Find(covariate.Name) with { Kind = Input.GetColumnOrNull(covariate.Name)?.Type is TextDataViewType ? ColumnKind.Text : ColumnKind.Number })];
    }

    /// <summary>The rows as the forecaster itself reads them: with keys for texts.</summary>
    public IDataView Prepared(SeriesTable table) => ModelFiles.Parts(Model).TakeWhile(part => part != Transformer).Aggregate((IDataView)table.View, (rows, part) => part.Transform(rows));
}
