using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Samples.Service;

/// <summary>Ready once there is a model.</summary>
internal sealed class ModelHealth(ModelHolder models) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(models.Current is null ? HealthCheckResult.Unhealthy("No model is loaded.") : HealthCheckResult.Healthy($"Generation {models.Generation}."));
}
