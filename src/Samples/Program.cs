using System.CommandLine;
using Samples;

ISample[] samples =
[
    new Sunspots(), new StreamingTemperature(), new Parity(), new Mnist(), new Entities(), new Characters(), new Periodic(), new Waves(), new Sines(), new PennTreebank(),
    new AirPassengers(), new M4Hourly(), new Etth1(), new Covariates(), new StockIndices(), new ManySeries(), new ShortSeries(),
    new Anomalies(), new SettingsSearch(),
];

var name = new Argument<string>("sample") { Description = "The sample to run; --list names them all.", DefaultValueFactory = _ => samples[0].Name };
var list = new Option<bool>("--list") { Description = "List the samples." };
var seeds = new Option<int?>("--seeds") { Description = "With how many seeds to repeat a sample that reports a mean over seeds." };
var options = new SampleOptions();
var root = new RootCommand("Recurrent networks in ML.NET: runnable samples.") { name, list, seeds };
options.AddTo(root);
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
    return options.Run(sample, parsed, context => context with { Seeds = parsed.GetValue(seeds) });
});
return root.Parse(args).Invoke();
