using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;

namespace Samples.Service;

/// <summary><c>load --url http://127.0.0.1:5000 --requests 10000 --clients 8</c>: asks a service on this machine for forecasts, and prints what it took.</summary>
internal static class LoadTest
{
    private const int MostRequests = 1_000_000, MostClients = 64;

    public static async Task<int> Run(string[] args)
    {
        Dictionary<string, string> flags = args.Chunk(2).Where(pair => pair.Length == 2).ToDictionary(pair => pair[0], pair => pair[1]);
        var url = new Uri(flags.GetValueOrDefault("--url", "http://127.0.0.1:5000"));
        if (!url.IsLoopback)
        {
            Console.Error.WriteLine($"--url is {url}; expected an address of this machine, such as http://127.0.0.1:5000.");
            return 1;
        }
        int requests = Math.Clamp(int.Parse(flags.GetValueOrDefault("--requests", "10000"), CultureInfo.InvariantCulture), 1, MostRequests);
        int clients = Math.Clamp(int.Parse(flags.GetValueOrDefault("--clients", "8"), CultureInfo.InvariantCulture), 1, MostClients);
        using var client = new HttpClient { BaseAddress = url };
        var body = new ForecastRequest([.. Enumerable.Range(0, 200).Select(i => (float?)(50 + (10 * MathF.Sin(i * MathF.PI / 12))))]);
        double[] milliseconds = new double[requests];
        int next = -1, failed = 0;
        long began = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, clients).Select(_ => Task.Run(async () =>
        {
            for (int i = Interlocked.Increment(ref next); i < requests; i = Interlocked.Increment(ref next))
            {
                long start = Stopwatch.GetTimestamp();
                using HttpResponseMessage response = await client.PostAsJsonAsync("/forecast", body);
                milliseconds[i] = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
                if (!response.IsSuccessStatusCode)
                    Interlocked.Increment(ref failed);
            }
        })));
        double seconds = Stopwatch.GetElapsedTime(began).TotalSeconds;
        Array.Sort(milliseconds);
        Console.WriteLine(FormattableString.Invariant(
            $"{requests} requests by {clients} clients in {seconds:F1} s: {requests / seconds:F0}/s, {failed} failed; ms p50 {At(0.5):F2}, p99 {At(0.99):F2}, p99.9 {At(0.999):F2}, most {milliseconds[^1]:F2}"));
        return failed == 0 ? 0 : 1;

        double At(double quantile) => milliseconds[(int)(quantile * (milliseconds.Length - 1))];
    }
}
