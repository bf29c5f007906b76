using Microsoft.ML.Lstm;
using Microsoft.ML.Lstm.Reporting;
using static Microsoft.ML.Lstm.Guard;

namespace Microsoft.ML;

/// <summary>Reports of regressors, classifiers and taggers, from the package Microsoft.ML.Lstm.Reporting.</summary>
public static class RecurrentReport
{
    /// <summary>
    /// Writes a report of a regressor, classifier or tagger: metrics beside those of predictions that need no learning, confusion matrix,
    /// each class, entities of BIO tags, residuals, how the training
    /// went, what was found, settings and versions.
    /// </summary>
    /// <param name="model">The regressor, classifier or tagger.</param>
    /// <param name="mlContext">The context.</param>
    /// <param name="data">Rows that it was not trained on, with the label, and with the columns that it reads; it scores them
    /// itself.</param>
    /// <param name="path">Where to; its folder must exist. The file is there whole or not at all.</param>
    /// <param name="options">What it shows. Null: the defaults.</param>
    /// <exception cref="ArgumentException">A column is missing or of another type, or an option is out of its range.</exception>
    /// <example>
    /// <code>
    /// using Microsoft.ML.Lstm.Reporting;
    ///
    /// var classifier = ml.MulticlassClassification.Trainers.LstmClassifier("Label", "Features").Fit(trainData);
    /// classifier.SaveReport(ml, testData, "report.html", new RecurrentReportOptions { Title = "Activities", LabelColumnName = "Label" });
    /// </code>
    /// </example>
    public static void SaveReport(this RecurrentTransformer model, MLContext mlContext, IDataView data, string path,
        RecurrentReportOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        CreateReport(model, mlContext, data, options).Save(path);
    }

    /// <summary>Makes the report, to which sections can be added before it is saved.</summary>
    /// <param name="model">The regressor, classifier or tagger.</param>
    /// <param name="mlContext">The context.</param>
    /// <param name="data">Rows that it was not trained on; as of <see cref="SaveReport"/>.</param>
    /// <param name="options">What it shows. Null: the defaults.</param>
    /// <exception cref="ArgumentException">A column is missing or of another type, or an option is out of its range.</exception>
    public static ReportPage CreateReport(this RecurrentTransformer model, MLContext mlContext, IDataView data,
        RecurrentReportOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(mlContext);
        ArgumentNullException.ThrowIfNull(data);
        options ??= new RecurrentReportOptions();
        Require(options.MaximumClasses > 1, nameof(options.MaximumClasses), options.MaximumClasses, "2 or more");
        IDataView scored = model.Transform(data);
        (string task, string lead, IReadOnlyList<ReportSection> sections) = model.Model.Task switch
        {
            ModelTask.Regression => ValueSections.Of(mlContext, scored, options),
            ModelTask.Tagging => TagSections.Of(mlContext, scored, options),
            _ => ClassSections.Of(mlContext, scored, options),
        };
        var page = new ReportPage(options.Title ?? Invariant($"{task} of {options.LabelColumnName}"), lead);
        foreach (ReportSection section in sections)
            page.Add(section);
        return page.Add(TrainingSection.Of(model.History, model.Diagnosis)).Add(SettingsSection.Of(model.Model));
    }
}
