using static System.FormattableString;

namespace Microsoft.ML.Lstm;

/// <summary>How far forecasts were from what came, averaged over all values compared. NaN where there was nothing to average.</summary>
/// <remarks>
/// y is what came, f the forecast, m the season's length and q the mean absolute error, inside the history, of forecasting each value by the
/// one a season before it. Hyndman and Koehler, "Another look at measures of forecast accuracy" (2006); Makridakis, Spiliotis and
/// Assimakopoulos, "The M4 Competition" (2020).
/// </remarks>
/// <param name="Count">Values compared. A value that is missing (NaN) on either side is not.</param>
/// <param name="MeanAbsoluteError">MAE: mean of |f − y|, in the unit of the series.</param>
/// <param name="RootMeanSquaredError">RMSE: √ mean of (f − y)², in the unit of the series.</param>
/// <param name="MeanAbsolutePercentageError">MAPE: mean of 100·|f − y| / |y|, in per cent; values y = 0 are left out.</param>
/// <param name="SymmetricMeanAbsolutePercentageError">sMAPE as M4 has it: mean of 200·|f − y| / (|f| + |y|), in per cent; 0 where both are 0.</param>
/// <param name="MeanAbsoluteScaledError">MASE: mean of |f − y| / q. Below 1: better than the seasonal-naive forecast inside the history. Series with q = 0 are left out.</param>
public sealed record ForecastErrors(
    long Count,
    double MeanAbsoluteError,
    double RootMeanSquaredError,
    double MeanAbsolutePercentageError,
    double SymmetricMeanAbsolutePercentageError,
    double MeanAbsoluteScaledError)
{
    /// <summary>The measures in one line.</summary>
    public override string ToString() => Invariant(
        $"MAE {MeanAbsoluteError:G4}, RMSE {RootMeanSquaredError:G4}, MAPE {MeanAbsolutePercentageError:F2} %, sMAPE {SymmetricMeanAbsolutePercentageError:F2} %, MASE {MeanAbsoluteScaledError:F3} over {Count} values");
}
