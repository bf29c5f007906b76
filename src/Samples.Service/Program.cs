using OpenTelemetry.Metrics;
using Samples.Service;

if (args is ["load", ..])
    return await LoadTest.Run(args[1..]);

WebApplicationBuilder builder = WebApplication.CreateBuilder(args);
builder.Services.Configure<ServiceOptions>(builder.Configuration.GetSection("Forecasting"));
builder.Services.AddProblemDetails();
// A body that cannot be read is the caller's mistake in every environment.
builder.Services.Configure<RouteHandlerOptions>(options => options.ThrowOnBadRequest = false);
builder.Services.AddSingleton<ServiceMetrics>();
builder.Services.AddSingleton<ModelHolder>();
builder.Services.AddHostedService(services => services.GetRequiredService<ModelHolder>());
builder.Services.AddSingleton<DeviceSessions>();
builder.Services.AddHostedService(services => services.GetRequiredService<DeviceSessions>());
builder.Services.AddHealthChecks().AddCheck<ModelHealth>("model");
OpenTelemetry.OpenTelemetryBuilder telemetry = builder.Services.AddOpenTelemetry()
    .WithMetrics(metrics => metrics.AddMeter(ServiceMetrics.MeterName).AddAspNetCoreInstrumentation());
// Where to send them OpenTelemetry's own environment variables say; without, they stay for dotnet-counters to read.
if (builder.Configuration["OTEL_EXPORTER_OTLP_ENDPOINT"] is not null)
    telemetry.WithMetrics(metrics => metrics.AddOtlpExporter());

WebApplication app = builder.Build();
app.UseExceptionHandler();
app.UseStatusCodePages();
app.MapForecasts();
app.Run();
return 0;

/// <summary>For the tests.</summary>
public partial class Program;
