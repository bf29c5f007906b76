using System.CommandLine;
using Microsoft.ML.Lstm.Tool.Models;

namespace Microsoft.ML.Lstm.Tool.Commands;

// ML.NET has a namespace of this name, which would be found first.
using Command = System.CommandLine.Command;

/// <summary><c>lstm generate model.zip</c>: text that a language model writes on from a prompt.</summary>
internal static class GenerateCommand
{
    public static Command Create()
    {
        var path = new Argument<string>("model") { Description = "A language model." };
        var prompt = new Option<string>("--prompt") { Description = "What comes before.", DefaultValueFactory = _ => "" };
        var length = new Option<int>("--length") { Description = "Tokens to write.", DefaultValueFactory = _ => 200 };
        var temperature = new Option<double>("--temperature") { Description = "Below 1 the text is safer, above 1 wilder; 0 takes the likeliest token each time.", DefaultValueFactory = _ => 1 };
        var topK = new Option<int?>("--top-k") { Description = "Draw among so many likeliest tokens only." };
        var topP = new Option<double?>("--top-p") { Description = "Draw among the fewest likeliest tokens whose probabilities come to this." };
        var seed = new Option<int>("--seed") { Description = "Random seed: same seed, same text.", DefaultValueFactory = _ => 1 };
        var command = new Command("generate", "Write on from a prompt with a language model.") { path, prompt, length, temperature, topK, topP, seed };
        command.Run((parsed, console, _) =>
        {
            string file = parsed.GetValue(path)!;
            LstmLanguageModelTransformer model = ModelFiles.Find<LstmLanguageModelTransformer>(ModelFiles.Load(new MLContext(), file).Model, file, "a language model, such as lstm train language makes");
            string text = model.Generate(parsed.GetValue(prompt)!, parsed.GetValue(length), parsed.GetValue(temperature), parsed.GetValue(topK), parsed.GetValue(topP), parsed.GetValue(seed));
            console.Say(parsed.GetValue(prompt) + text);
            console.WriteJson(new { Prompt = parsed.GetValue(prompt), Text = text });
        });
        return command;
    }
}
