namespace Microsoft.ML.Runtime;

/// <summary>Checks and the exceptions they throw, with or without the context of an environment.</summary>
internal static class Contracts
{
    private const string MarkKey = "ML_IsMarked";

    public static Exception Except(string msg) => Process(null, new InvalidOperationException(msg));

    public static Exception Except(this IExceptionContext ctx, string msg) => Process(ctx, new InvalidOperationException(msg));

    public static Exception Except(this IExceptionContext ctx, Exception inner, string msg) =>
        Process(ctx, new InvalidOperationException(msg, inner));

    public static Exception ExceptParam(string paramName, string msg) => Process(null, new ArgumentOutOfRangeException(paramName, msg));

    public static Exception ExceptParam(this IExceptionContext ctx, string paramName, string msg) =>
        Process(ctx, new ArgumentOutOfRangeException(paramName, msg));

    public static Exception ExceptUserArg(string name, string msg) => Process(null, new ArgumentOutOfRangeException(name, msg));

    public static Exception ExceptUserArg(this IExceptionContext ctx, string name, string msg) =>
        Process(ctx, new ArgumentOutOfRangeException(name, msg));

    public static Exception ExceptDecode(string msg) => Process(null, new FormatException(msg));

    public static Exception ExceptDecode(this IExceptionContext ctx, string msg) => Process(ctx, new FormatException(msg));

    public static Exception ExceptSchemaMismatch(string paramName, string columnRole, string columnName) =>
        Process(null, new ArgumentOutOfRangeException(paramName, MissingColumn(columnRole, columnName)));

    public static Exception ExceptSchemaMismatch(
        string paramName, string columnRole, string columnName, string expectedType, string actualType) =>
        Process(null, new ArgumentOutOfRangeException(paramName, IllTypedColumn(columnRole, columnName, expectedType, actualType)));

    public static Exception ExceptSchemaMismatch(this IExceptionContext ctx, string paramName, string columnRole, string columnName) =>
        Process(ctx, new ArgumentOutOfRangeException(paramName, MissingColumn(columnRole, columnName)));

    public static Exception ExceptSchemaMismatch(
        this IExceptionContext ctx, string paramName, string columnRole, string columnName, string expectedType, string actualType) =>
        Process(ctx, new ArgumentOutOfRangeException(paramName, IllTypedColumn(columnRole, columnName, expectedType, actualType)));

    public static void Check(bool f, string msg)
    {
        if (!f)
            throw Except(msg);
    }

    public static void Check(this IExceptionContext ctx, bool f, string msg)
    {
        if (!f)
            throw ctx.Except(msg);
    }

    public static void CheckParam(bool f, string paramName)
    {
        if (!f)
            throw ExceptParam(paramName, $"The value of {paramName} is out of its range.");
    }

    public static void CheckParam(bool f, string paramName, string msg)
    {
        if (!f)
            throw ExceptParam(paramName, msg);
    }

    public static void CheckParam(this IExceptionContext ctx, bool f, string paramName, string msg)
    {
        if (!f)
            throw ctx.ExceptParam(paramName, msg);
    }

    public static void CheckUserArg(this IExceptionContext ctx, bool f, string name, string msg)
    {
        if (!f)
            throw ctx.ExceptUserArg(name, msg);
    }

    public static void CheckValue<T>(T val, string paramName)
        where T : class
    {
        if (val is null)
            throw Process(null, new ArgumentNullException(paramName));
    }

    public static void CheckValue<T>(this IExceptionContext ctx, T val, string paramName)
        where T : class
    {
        if (val is null)
            throw Process(ctx, new ArgumentNullException(paramName));
    }

    public static T CheckRef<T>(T val, string paramName)
        where T : class
    {
        CheckValue(val, paramName);
        return val;
    }

    public static void CheckNonEmpty(string s, string paramName)
    {
        if (string.IsNullOrEmpty(s))
            throw ExceptParam(paramName, $"{paramName} cannot be null or empty");
    }

    public static void CheckNonEmpty(this IExceptionContext ctx, string s, string paramName)
    {
        if (string.IsNullOrEmpty(s))
            throw ctx.ExceptParam(paramName, $"{paramName} cannot be null or empty");
    }

    public static void CheckNonEmpty<T>(this IExceptionContext ctx, ICollection<T> args, string paramName)
    {
        if (args is null or { Count: 0 })
            throw ctx.ExceptParam(paramName, $"{paramName} cannot be null or empty");
    }

    public static void CheckDecode(bool f, string msg)
    {
        if (!f)
            throw ExceptDecode(msg);
    }

    public static void CheckDecode(this IExceptionContext ctx, bool f, string msg)
    {
        if (!f)
            throw ctx.ExceptDecode(msg);
    }

    private static string MissingColumn(string role, string name) => $"Could not find {role} column '{name}'";

    private static string IllTypedColumn(string role, string name, string expected, string actual) =>
        $"Schema mismatch for {role} column '{name}': expected {expected}, got {actual}";

    /// <summary>Whether an exception comes from a check here or in ML.NET's own code, not from a stranger's.</summary>
    public static bool IsMarked(this Exception ex) => ex.Data.Contains(MarkKey);

    private static TException Process<TException>(IExceptionContext ctx, TException ex)
        where TException : Exception
    {
        ex.Data[MarkKey] = 1;
        return ctx is null ? ex : ctx.Process(ex);
    }
}
