using System.CommandLine;
using Microsoft.ML.Lstm.Tool.Models;
using Microsoft.ML.Lstm.Tool.Output;

namespace Microsoft.ML.Lstm.Tool.Commands;

// ML.NET has a namespace of this name, which would be found first.
using Command = System.CommandLine.Command;

/// <summary><c>lstm export onnx|safetensors model.zip</c>: a model for other programs.</summary>
internal static class ExportCommand
{
    public static Command Create()
    {
        var path = new Argument<string>("model") { Description = "The model." };
        var output = new Option<string?>("--output") { Description = "The file to write. Default: beside the model." };
        var force = new Option<bool>("--force") { Description = "Replace a file that is there." };
        return new Command("export", "Write a model for other programs.")
        {
            Format("onnx", "As a graph of ONNX, scaling and class names inside.", ".onnx", Onnx),
            Format("safetensors", "Weights alone, by the names that PyTorch gives them.", ".safetensors", Safetensors),
        };

        Command Format(string name, string description, string extension, Action<ITransformer, string, string> write)
        {
            var command = new Command(name, description) { path, output, force };
            command.Run((parsed, console, _) =>
            {
                string model = parsed.GetValue(path)!, file = parsed.GetValue(output) ?? Path.ChangeExtension(model, extension);
                var files = new OutputFiles(Path.GetDirectoryName(Path.GetFullPath(file))!, parsed.GetValue(force), Path.GetFileName(file));
                write(ModelFiles.Load(new MLContext(), model).Model, model, files.Path(Path.GetFileName(file)));
                console.Say($"Written: {file}.");
                console.WriteJson(new { Files = new[] { file } });
            });
            return command;
        }
    }

    private static void Onnx(ITransformer model, string from, string to)
    {
        switch (ModelFiles.Parts(model).LastOrDefault(part => part is RecurrentTransformer or LstmLanguageModelTransformer or LstmForecastingTransformer))
        {
            case RecurrentTransformer recurrent:
                recurrent.SaveOnnx(to);
                break;
            case LstmLanguageModelTransformer language:
                language.SaveOnnx(to);
                break;
            case LstmForecastingTransformer forecaster:
                forecaster.SaveOnnx(to);
                break;
            default:
                ModelFiles.Find<RecurrentTransformer>(model, from, "one with a recurrent network");
                break;
        }
    }

    private static void Safetensors(ITransformer model, string from, string to)
    {
        if (ModelFiles.Parts(model).OfType<LstmLanguageModelTransformer>().LastOrDefault() is { } language)
            language.Model.SaveWeights(to);
        else
            ModelFiles.Find<RecurrentTransformer>(model, from, "a regressor, classifier, tagger or language model").Model.SaveWeights(to);
    }
}
