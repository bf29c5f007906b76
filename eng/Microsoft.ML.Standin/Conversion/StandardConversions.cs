using System.Globalization;
using System.Numerics;

namespace Microsoft.ML.Data;

/// <summary>The conversions between column item types that ML.NET calls standard, as functions of a value.</summary>
internal static class StandardConversions
{
    private static readonly Type[] Signed = [typeof(sbyte), typeof(short), typeof(int), typeof(long)];
    private static readonly Type[] Unsigned = [typeof(byte), typeof(ushort), typeof(uint), typeof(ulong)];
    private static readonly Type[] Real = [typeof(float), typeof(double)];
    private static readonly Type[] Time = [typeof(TimeSpan), typeof(DateTime), typeof(DateTimeOffset)];

    /// <summary>A Func from the raw type of the source to that of the destination, or null where none is standard.</summary>
    public static Delegate GetOrNull(DataViewType source, DataViewType destination)
    {
        if (source is KeyDataViewType from)
            return IsKeyConvertible(from, destination) ? GetOrNull(source.RawType, destination.RawType) : null;
        if (destination is KeyDataViewType to)
        {
            return source is TextDataViewType
                ? GenericCall.Invoke<Delegate>((Func<KeyDataViewType, Delegate>)TextToKey<int>, to.RawType, to) : null;
        }
        return GetOrNull(source.RawType, destination.RawType);
    }

    private static bool IsKeyConvertible(KeyDataViewType from, DataViewType destination) =>
        destination is KeyDataViewType to ? from.Count == to.Count : KeyDataViewType.IsValidDataType(destination.RawType);

    private static Delegate GetOrNull(Type from, Type to)
    {
        if (from == typeof(ReadOnlyMemory<char>))
            return GenericCall.Invoke<Delegate>((Func<Delegate>)FromText<int>, to);
        if (to == typeof(ReadOnlyMemory<char>))
            return GenericCall.Invoke<Delegate>((Func<Delegate>)ToText<int>, from);
        if (to == typeof(bool))
            return IsNumber(from) || from == to ? GenericCall.Invoke<Delegate>((Func<Delegate>)ToBoolean<int>, from) : null;
        if (from == typeof(bool))
            return IsNumber(to) && !Unsigned.Contains(to) ? GenericCall.Invoke<Delegate>((Func<Delegate>)FromBoolean<int>, to) : null;
        if (Time.Contains(from))
            return FromTime(from, to);
        bool standard = Real.Contains(from) ? Real.Contains(to)
            : Real.Contains(to) || (Signed.Contains(from) && Signed.Contains(to)) || (Unsigned.Contains(from) && Unsigned.Contains(to));
        return standard && IsNumber(from) && IsNumber(to)
            ? GenericCall.Invoke<Delegate>((Func<Delegate>)Number<int, int>, [from, to])
            : null;
    }

    private static bool IsNumber(Type type) => Signed.Contains(type) || Unsigned.Contains(type) || Real.Contains(type);

    /// <summary>A signed number is cut to its new width; an unsigned one that does not fit becomes zero, a missing key.</summary>
    private static Delegate Number<TSrc, TDst>()
        where TSrc : INumberBase<TSrc>
        where TDst : INumberBase<TDst>
    {
        if (!Unsigned.Contains(typeof(TDst)))
            return (Func<TSrc, TDst>)TDst.CreateTruncating;
        return (Func<TSrc, TDst>)(value =>
        {
            TDst cut = TDst.CreateTruncating(value);
            return TSrc.CreateTruncating(cut) == value ? cut : TDst.Zero;
        });
    }

    private static Delegate ToBoolean<T>()
        where T : struct => (Func<T, bool>)(v => !EqualityComparer<T>.Default.Equals(v, default));

    private static Delegate FromBoolean<T>()
        where T : INumberBase<T> => (Func<bool, T>)(v => v ? T.One : T.Zero);

    private static Delegate FromTime(Type from, Type to)
    {
        if (from == to)
            return from == typeof(DateTime) ? (Func<DateTime, DateTime>)(v => v) : null;
        if (to != typeof(long) && !Real.Contains(to))
            return null;
        return from == typeof(TimeSpan) ? GetTicks<TimeSpan>(to, v => v.Ticks)
            : from == typeof(DateTime) ? GetTicks<DateTime>(to, v => v.Ticks)
            : GetTicks<DateTimeOffset>(to, v => v.UtcDateTime.Ticks);
    }

    private static Delegate GetTicks<T>(Type to, Func<T, long> ticks) =>
        GenericCall.Invoke<Delegate>((Func<Func<T, long>, Delegate>)Ticks<T, int>, [typeof(T), to], ticks);

    private static Delegate Ticks<TSrc, TDst>(Func<TSrc, long> ticks)
        where TDst : INumberBase<TDst> => (Func<TSrc, TDst>)(v => TDst.CreateTruncating(ticks(v)));

    /// <summary>What no value can be read from becomes NaN, false, missing or zero; a signed number throws.</summary>
    private static Delegate FromText<T>()
    {
        bool throws = Signed.Contains(typeof(T));
        TextParser<T> parse = TextParsers.Get<T>();
        return (Func<ReadOnlyMemory<char>, T>)(text =>
        {
            if (!parse(text, out T value) && throws)
                throw new InvalidOperationException($"Value '{text}' could not be parsed from text to {typeof(T).Name}.");
            return value;
        });
    }

    private static Delegate TextToKey<T>(KeyDataViewType key)
    {
        TextParser<T> parse = TextParsers.GetKey<T>(key);
        return (Func<ReadOnlyMemory<char>, T>)(text => parse(text, out T value) ? value : default);
    }

    private static Delegate ToText<T>() => (Func<T, ReadOnlyMemory<char>>)(v => v switch
    {
        ReadOnlyMemory<char> text => text,
        float real => real.ToString("G7", CultureInfo.InvariantCulture).AsMemory(),
        double real => real.ToString("G17", CultureInfo.InvariantCulture).AsMemory(),
        TimeSpan span => span.ToString("c").AsMemory(),
        DateTime date => date.ToString("o").AsMemory(),
        DateTimeOffset date => date.ToString("o").AsMemory(),
        _ => Convert.ToString(v, CultureInfo.InvariantCulture).AsMemory(),
    });
}
