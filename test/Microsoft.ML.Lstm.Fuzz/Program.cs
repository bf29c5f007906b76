using System.CommandLine;
using Microsoft.ML.Lstm.Fuzz;

var count = new Option<long>("--count") { Description = "Damaged files to try.", DefaultValueFactory = _ => 10_000 };
var first = new Option<long>("--first") { Description = "Which of the seed's files to begin with; after a crash the file 'current' says where it was.", DefaultValueFactory = _ => 0 };
var seed = new Option<int>("--seed") { Description = "Same seed, same files.", DefaultValueFactory = _ => 1 };
var target = new Option<string>("--target") { Description = "Only formats whose name has this in it." };
var output = new Option<string>("--output") { Description = "Folder for what is found.", DefaultValueFactory = _ => "out/fuzz" };

var fuzz = new Command("fuzz", "Damages files of every format and loads them: each must load and score, or be refused as documented, within 1 s and 64 MB.") { count, first, seed, target, output };
fuzz.SetAction(parsed =>
{
    var run = new FuzzRun(parsed.GetValue(seed), parsed.GetValue(target), parsed.GetValue(output)!);
    return run.Run(parsed.GetValue(first), parsed.GetValue(count)) ? 0 : 1;
});
var attack = new Command("attack", "Loads files that were built to cost memory, time or the process: each must be refused as documented.") { output };
attack.SetAction(parsed => Attacks.Run(parsed.GetValue(output)!) ? 0 : 1);
return new RootCommand("Hostile and broken files.") { fuzz, attack }.Parse(args).Invoke();
