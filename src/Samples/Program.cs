using System.CommandLine;
using Samples;

ISample[] samples =
[
    new Sunspots(), new StreamingTemperature(), new Parity(), new Mnist(), new Entities(), new Characters(), new Periodic(), new Waves(), new Sines(), new PennTreebank(),
    new AirPassengers(), new M4Hourly(), new Etth1(), new Covariates(), new StockIndices(), new ManySeries(), new Anomalies(), new SettingsSearch(),
];

var name = new Argument<string>("sample") { Description = "The sample to run; --list names them all.", DefaultValueFactory = _ => samples[0].Name };
var list = new Option<bool>("--list") { Description = "List the samples." };
var quick = new Option<bool>("--quick") { Description = "Train only as long as it takes to see that everything works." };
var data = new Option<string>("--data") { Description = "Folder with data sets that are too large to come with the samples." };
var variant = new Option<string>("--variant") { Description = "Which variant of a sample that has several to run." };
var seeds = new Option<int?>("--seeds") { Description = "With how many seeds to repeat a sample that reports a mean over seeds." };
var output = new Option<string>("--output") { Description = "Folder for models and reports.", DefaultValueFactory = _ => "out" };
var root = new RootCommand("Recurrent networks in ML.NET: runnable samples.") { name, list, quick, data, variant, seeds, output };

using var interrupted = new CancellationTokenSource();
Console.CancelKeyPress += (_, key) =>
{
    key.Cancel = true;
    interrupted.Cancel();
};
root.SetAction(parsed =>
{
    if (parsed.GetValue(list))
    {
        foreach (ISample known in samples)
            Console.WriteLine($"{known.Name,-15} {known.Description}");
        return 0;
    }
    if (samples.FirstOrDefault(s => s.Name == parsed.GetValue(name)) is not { } sample)
    {
        Console.Error.WriteLine($"There is no sample '{parsed.GetValue(name)}'; expected one of {string.Join(", ", samples.Select(s => s.Name))}.");
        return 1;
    }
    var context = new SampleContext(parsed.GetValue(quick), parsed.GetValue(data), parsed.GetValue(output)!, interrupted.Token);
    if (parsed.GetValue(variant) is { } asked && sample.Variants.Any() && !sample.Variants.Contains(asked))
    {
        Console.Error.WriteLine($"--variant is '{asked}'; expected one of {string.Join(", ", sample.Variants)}.");
        return 1;
    }
    return Run(sample, context with { Variant = parsed.GetValue(variant), Seeds = parsed.GetValue(seeds) });
});
return root.Parse(args).Invoke();

static int Run(ISample sample, SampleContext context)
{
    try
    {
        return sample.Run(context) ? 0 : 1;
    }
    catch (FileNotFoundException missing)
    {
        Console.Error.WriteLine(missing.Message);
        return 1;
    }
    catch (OperationCanceledException)
    {
        Console.Error.WriteLine("Cancelled.");
        return 130;
    }
}
