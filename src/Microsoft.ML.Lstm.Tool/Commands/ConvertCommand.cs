using System.CommandLine;
using System.IO.Compression;
using Microsoft.ML.Lstm.Forecasting;
using Microsoft.ML.Lstm.Persistence;
using Microsoft.ML.Lstm.Tool.Models;
using Microsoft.ML.Lstm.Tool.Output;

namespace Microsoft.ML.Lstm.Tool.Commands;

// ML.NET has a namespace of this name, which would be found first.
using Command = System.CommandLine.Command;

/// <summary><c>lstm convert model.zip model.safetensors</c>: a model in another file format, or in the newest version of its own.</summary>
internal static class ConvertCommand
{
    private const string Zip = ".zip", Safetensors = ".safetensors";

    public static Command Create()
    {
        var from = new Argument<string>("from") { Description =
            "The model: a .zip of ML.NET, or a .safetensors of this library, of any version." };
        var to = new Argument<string>("to") { Description = "The file to write: .zip for ML.NET, .safetensors for scoring without it." };
        var force = new Option<bool>("--force") { Description = "Replace a file that is there." };
        var command = new Command("convert",
            "Write a model in another file format, or in the newest version of its own; it predicts the same.") { from, to, force };
        command.Run((parsed, console, _) =>
        {
            string source = parsed.GetValue(from)!, target = parsed.GetValue(to)!;
            string format = Path.GetExtension(target).ToLowerInvariant();
            if (format is not (Zip or Safetensors))
                throw new ToolException($"The file to write is '{target}'; expected a name that ends in {Zip} or {Safetensors}. lstm export onnx writes a graph of ONNX, lstm export safetensors the weights alone.");
            if (!File.Exists(source))
                throw new ToolException($"There is no file '{source}'; expected a model that mlContext.Model.Save, RecurrentModel.Save, ForecastModel.Save or lstm has written.");
            var files = new OutputFiles(Path.GetDirectoryName(Path.GetFullPath(target))!, parsed.GetValue(force), Path.GetFileName(target));
            string[] before = Versions(source);
            IReadOnlyList<string> leftOut = [];
            files.Write(Path.GetFileName(target), stream => leftOut = Write(source, format, stream));
            string[] after = Versions(target);
            console.Say($"{source}: {string.Join(", ", before)}.");
            console.Say($"{target}: {string.Join(", ", after)}.");
            if (leftOut.Count > 0)
                console.Say($"The network alone was written; {string.Join(", ", leftOut)} around it stay in '{source}'.");
            console.WriteJson(new { From = before, To = after, LeftOut = leftOut, Files = new[] { target } });
        });
        return command;
    }

    // Returns the transformers that the file does not have.
    private static IReadOnlyList<string> Write(string source, string format, Stream stream)
    {
        var ml = new MLContext();
        if (IsZip(source))
        {
            (ITransformer model, DataViewSchema? input) = ModelFiles.Load(ml, source);
            if (format == Safetensors)
                return WriteAlone(model, source, stream);
            ml.Model.Save(model, input, stream);
        }
        else if (format == Zip)
            ml.Model.Save(Transformer(ml, source), null, stream);
        else
            Alone(source)(stream);
        return [];
    }

    private static IReadOnlyList<string> WriteAlone(ITransformer model, string source, Stream stream)
    {
        ITransformer[] parts = [.. ModelFiles.Parts(model)];
        ITransformer[] networks = [.. parts.Where(part => part is RecurrentTransformer or LstmLanguageModelTransformer or LstmForecastingTransformer)];
        if (networks.Length != 1)
            throw new ToolException($"'{source}' has {networks.Length} networks; expected 1 to write as {Safetensors}. {Zip} keeps all of a model.");
        switch (networks[0])
        {
            case RecurrentTransformer recurrent:
                recurrent.Model.Save(stream);
                break;
            case LstmLanguageModelTransformer language:
                language.Model.Save(stream);
                break;
            case LstmForecastingTransformer forecaster:
                ForecastFile.Write(forecaster.Model, stream);
                break;
        }
        return [.. parts.Except(networks).Select(part => part.GetType().Name)];
    }

    // Of files that stand alone, the format that they name tells which they are.
    private static Action<Stream> Alone(string source) => IsForecaster(source)
        ? stream => ForecastFile.Write(ForecastModel.Load(source), stream) : stream => RecurrentModel.Load(source).Save(stream);

    private static ITransformer Transformer(MLContext ml, string source)
    {
        if (IsForecaster(source))
        {
            ForecastModel forecaster = ForecastModel.Load(source);
            bool hasBounds = forecaster.ConfidenceLevel is not null;
            return new LstmForecastingTransformer(ml, forecaster, hasBounds
                ? new ForecastOutputs(Series.SeriesPlan.Forecast, Series.SeriesPlan.Lower, Series.SeriesPlan.Upper)
                : new ForecastOutputs(Series.SeriesPlan.Forecast, null, null));
        }
        RecurrentModel model = RecurrentModel.Load(source);
        return model.Task switch
        {
            ModelTask.Regression => new LstmRegressionTransformer(ml, model),
            ModelTask.BinaryClassification => new LstmBinaryClassificationTransformer(ml, model),
            ModelTask.MulticlassClassification => new LstmClassificationTransformer(ml, model),
            ModelTask.Tagging => new LstmTaggingTransformer(ml, model),
            ModelTask.LanguageModel => new LstmLanguageModelTransformer(ml, model),
            _ => throw new ToolException(FormattableString.Invariant($"'{source}' is a model of {model.Task}; expected a regressor, classifier, tagger or language model.")),
        };
    }

    private static bool IsForecaster(string source) => FormatOf(source, File.OpenRead).Contains("forecast", StringComparison.Ordinal);

    private static bool IsZip(string path)
    {
        using FileStream stream = File.OpenRead(path);
        Span<byte> first = stackalloc byte[4];
        return stream.ReadAtLeast(first, 4, throwOnEndOfStream: false) == 4 && first.SequenceEqual("PK\u0003\u0004"u8);
    }

    // Of each network in a file, its format and version.
    private static string[] Versions(string path)
    {
        if (!IsZip(path))
            return [FormatOf(path, File.OpenRead)];
        using ZipArchive zip = ZipFile.OpenRead(path);
        string[] formats = [.. zip.Entries.Where(entry => entry.Name.EndsWith(Safetensors, StringComparison.Ordinal))
            .Select(entry => FormatOf(path, _ => entry.Open()))];
        return formats.Length > 0 ? formats
            : throw new ToolException($"'{path}' has no network of this library in it; expected a model with one.");
    }

    private static string FormatOf(string path, Func<string, Stream> open)
    {
        try
        {
            using Stream stream = open(path);
            SafetensorsReader file = SafetensorsReader.ReadHeader(stream);
            return $"{file.Metadata.GetValueOrDefault(FileFormat.NameKey, "no format of this library")}, version {file.Metadata.GetValueOrDefault(FileFormat.VersionKey, "none")}";
        }
        catch (InvalidDataException e)
        {
            throw new ToolException($"'{path}' is no model that can be read: {e.Message}", e);
        }
    }
}
