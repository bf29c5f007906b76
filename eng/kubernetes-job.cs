// Runs an indexed Job of Kubernetes on this machine, one completion after the other, each as a process with the environment that the cluster gives it:
//   dotnet run eng/kubernetes-job.cs -- src/Samples.Distributed/Deploy/score.yaml --path /app=bin --path /data=work --also --quick
// A path in the container (/data) is a folder here; --also adds an argument to the command. So a file of src/Samples.Distributed/Deploy is tried as it stands, without a cluster.
#:package YamlDotNet
#:property PublishAot=false
using System.Diagnostics;
using YamlDotNet.RepresentationModel;

var paths = new Dictionary<string, string>();
var also = new List<string>();
for (int i = 1; i + 1 < args.Length; i += 2)
{
    if (args[i] == "--also")
        also.Add(args[i + 1]);
    else if (args[i] == "--path" && args[i + 1].Split('=') is [var inside, var here])
        paths[inside] = Path.GetFullPath(here);
    else
        return Refuse($"The argument '{args[i]} {args[i + 1]}' is unknown; expected --path /inside=here or --also ARGUMENT.");
}
if (args.Length % 2 == 0)
    return Refuse($"There are {args.Length} arguments; expected a file, then pairs: --path /inside=here, --also ARGUMENT.");
var yaml = new YamlStream();
using (StreamReader reader = File.OpenText(args[0]))
    yaml.Load(reader);
YamlNode job = yaml.Documents[0].RootNode;
if (Text(job, "apiVersion") != "batch/v1" || Text(job, "kind") != "Job" || Text(job, "spec", "completionMode") != "Indexed")
    return Refuse($"'{args[0]}' is of kind {Text(job, "apiVersion")} {Text(job, "kind")}; expected an indexed Job of batch/v1.");

YamlNode pod = Node(job, "spec", "template", "spec"), container = ((YamlSequenceNode)Node(pod, "containers")).Children.Single();
int completions = int.Parse(Text(job, "spec", "completions"), System.Globalization.CultureInfo.InvariantCulture);
string[] volumes = [.. ((YamlSequenceNode)Node(pod, "volumes")).Select(volume => Text(volume, "name"))];
var mounts = ((YamlSequenceNode)Node(container, "volumeMounts")).ToDictionary(mount => Text(mount, "mountPath"), mount => Text(mount, "name"));
if (mounts.FirstOrDefault(mount => !volumes.Contains(mount.Value)) is { Key: { } lost })
    return Refuse($"'{lost}' is mounted from the volume '{mounts[lost]}'; expected one of {string.Join(", ", volumes)}.");
string[] command = [.. ((YamlSequenceNode)Node(container, "command")).Select(word => Here(((YamlScalarNode)word).Value!)), .. also];
if (command.FirstOrDefault(word => word.StartsWith('/') && !Path.Exists(Path.GetDirectoryName(word))) is { } missing)
    return Refuse($"The command names '{missing}'; expected a path in {string.Join(", ", paths.Keys)}.");
for (int index = 0; index < completions; index++)
{
    var start = new ProcessStartInfo(command[0], command[1..]);
    foreach (YamlNode variable in (YamlSequenceNode)Node(container, "env"))
        start.Environment[Text(variable, "name")] = Text(variable, "value");
    start.Environment["JOB_COMPLETION_INDEX"] = index.ToString(System.Globalization.CultureInfo.InvariantCulture);
    using Process process = Process.Start(start)!;
    process.WaitForExit();
    if (process.ExitCode != 0)
        return Refuse($"Completion {index} of {completions} ended with code {process.ExitCode}; expected 0.");
}
return 0;

static int Refuse(string message)
{
    Console.Error.WriteLine(message);
    return 1;
}

static YamlNode Node(YamlNode from, params string[] names) => names.Aggregate(from, (node, name) => node[new YamlScalarNode(name)]);

static string Text(YamlNode from, params string[] names) => ((YamlScalarNode)Node(from, names)).Value ?? "";

string Here(string word)
{
    foreach ((string inside, string here) in paths)
        if (word == inside || word.StartsWith(inside + '/', StringComparison.Ordinal))
            return here + word[inside.Length..];
    return word;
}
