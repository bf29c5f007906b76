using Microsoft.ML.Lstm.Network;

namespace Microsoft.ML.Lstm.Forecasting;

/// <summary>One network of a forecaster, and how it came about.</summary>
/// <param name="Network">The network.</param>
/// <param name="History">Its first training.</param>
/// <param name="Share">Its share in the forecast, of which a linear one has the rest.</param>
/// <param name="IsInitial">Whether it is the network whose training was continued, since that did not better it.</param>
internal sealed record TrainedMember(NetworkScorer Network, TrainingHistory History, float Share, bool IsInitial = false);
