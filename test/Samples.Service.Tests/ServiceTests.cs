using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.ML.Lstm;

namespace Samples.Service.Tests;

public sealed class ServiceTests
{
    [Fact]
    public async Task Forecast_PastInTheRequest_GivesTheBitsOfTheModel()
    {
        using var service = new RunningService();
        using HttpClient client = service.CreateClient();
        float[] past = RunningService.Values(40);

        ForecastResponse answer = await Ask(client, new ForecastRequest([.. past.Select(value => (float?)value)]));

        ForecastResult expected = service.Model.Forecast(past);
        Assert.Equal(expected.Values, answer.Values);
        Assert.Equal(expected.LowerBounds, answer.Lower);
        Assert.Equal(expected.UpperBounds, answer.Upper);
    }

    [Theory]
    [InlineData("{}", "values")]
    [InlineData("""{"values":[]}""", "values")]
    [InlineData("""{"values":[null,null]}""", "values")]
    [InlineData("""{"values":[1,2],"horizon":0}""", "horizon")]
    [InlineData("""{"values":[1,2],"horizon":7}""", "horizon")]
    public async Task Forecast_BadRequest_NamesTheField(string body, string field)
    {
        using var service = new RunningService();
        using HttpClient client = service.CreateClient();

        using HttpResponseMessage response = await client.PostAsync("/forecast", new StringContent(body, System.Text.Encoding.UTF8, "application/json"));

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType!.MediaType);
        JsonElement problem = await response.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Contains("expected", problem.GetProperty("errors").GetProperty(field)[0].GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("not json")]
    [InlineData("""{"values":"x"}""")]
    public async Task Forecast_NoJson_IsABadRequest(string body)
    {
        using var service = new RunningService();
        using HttpClient client = service.CreateClient();

        using HttpResponseMessage response = await client.PostAsync("/forecast", new StringContent(body, System.Text.Encoding.UTF8, "application/json"));

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
    }

    [Fact]
    public async Task Devices_RowByRow_ForecastAsFromTheWholePast()
    {
        using var service = new RunningService();
        using HttpClient client = service.CreateClient();
        float[] values = RunningService.Values(30);
        ForecastResponse last = null!;

        foreach (float value in values)
            last = await Append(client, "pump/../../7", value);

        ForecastSession session = service.Model.CreateSession("pump/../../7");
        foreach (float value in values)
            session.Append(value);
        Assert.Equal(session.Forecast().Values, last.Values);
    }

    [Fact]
    public async Task Devices_ServiceRestarted_GoOnWithTheSameBits()
    {
        float[] values = RunningService.Values(20);
        ForecastResponse after;
        var service = new RunningService { KeepsFolder = true };
        ForecastModel model = service.Model;
        using (HttpClient client = service.CreateClient())
            foreach (float value in values)
                await Append(client, "a", value);
        service.Dispose();

        using (RunningService again = service.Restarted())
        using (HttpClient client = again.CreateClient())
            after = await Append(client, "a", 55);

        ForecastSession session = model.CreateSession("a");
        foreach (float value in values.Append(55))
            session.Append(value);
        Assert.Equal(session.Forecast().Values, after.Values);
    }

    [Fact]
    public async Task Devices_MoreThanAreKept_ForgetTheOneHeardOfLeastRecently()
    {
        using var service = new RunningService();
        using HttpClient client = service.CreateClient();
        foreach (string device in (string[])["a", "b", "c", "a", "d"])
            await Append(client, device, 1);

        var sessions = (DeviceSessions)service.Services.GetService(typeof(DeviceSessions))!;

        Assert.Equal(3, sessions.Count);
    }

    [Fact]
    public async Task Model_ReplacedUnderLoad_NoRequestFails()
    {
        using var service = new RunningService();
        using HttpClient client = service.CreateClient();
        var request = new ForecastRequest([.. RunningService.Values(40).Select(value => (float?)value)]);
        using var done = new CancellationTokenSource();
        Task<int>[] clients = [.. Enumerable.Range(0, 3).Select(_ => Task.Run(async () =>
        {
            int generation = 0;
            while (!done.IsCancellationRequested)
                generation = Math.Max(generation, (await Ask(client, request)).Generation);
            return generation;
        }))];

        service.Save(2);
        while ((await Ask(client, request)).Generation < 2)
            await Task.Delay(5);
        await File.WriteAllTextAsync(service.ModelPath, "this is no model");
        await Task.Delay(100);
        ForecastResponse stays = await Ask(client, request);
        await done.CancelAsync();

        Assert.Equal(2, stays.Generation);
        Assert.All(await Task.WhenAll(clients), generation => Assert.InRange(generation, 1, 2));
    }

    [Fact]
    public async Task Health_WithoutModel_IsLiveAndNotReady()
    {
        using var service = new RunningService(hasModel: false);
        using HttpClient client = service.CreateClient();

        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/health/live")).StatusCode);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await client.GetAsync("/health/ready")).StatusCode);
        using HttpResponseMessage refused = await client.PostAsJsonAsync("/forecast", new ForecastRequest([1]));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
        service.Save(1);
        while ((await client.GetAsync("/health/ready")).StatusCode != HttpStatusCode.OK)
            await Task.Delay(5);
    }

    private static async Task<ForecastResponse> Ask(HttpClient client, ForecastRequest request)
    {
        using HttpResponseMessage response = await client.PostAsJsonAsync("/forecast", request);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return (await response.Content.ReadFromJsonAsync<ForecastResponse>())!;
    }

    private static async Task<ForecastResponse> Append(HttpClient client, string device, float value)
    {
        using HttpResponseMessage response = await client.PostAsJsonAsync($"/devices/{Uri.EscapeDataString(device)}/rows", new RowRequest(value));
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return (await response.Content.ReadFromJsonAsync<ForecastResponse>())!;
    }
}
