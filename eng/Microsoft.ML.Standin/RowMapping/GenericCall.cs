using System.Reflection;

namespace Microsoft.ML.Data;

/// <summary>Calls a generic method for a type known at run time only, given the method for any type.</summary>
internal static class GenericCall
{
    public static TResult Invoke<TResult>(Delegate example, Type type, params object[] arguments) =>
        Invoke<TResult>(example, [type], arguments);

    public static TResult Invoke<TResult>(Delegate example, Type[] types, params object[] arguments) =>
        (TResult)example.Method.GetGenericMethodDefinition().MakeGenericMethod(types)
            .Invoke(example.Target, BindingFlags.DoNotWrapExceptions, null, arguments, null);
}
