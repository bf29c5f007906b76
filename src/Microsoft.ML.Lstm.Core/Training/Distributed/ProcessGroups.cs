using System.Reflection;

namespace Microsoft.ML.Lstm.Training.Distributed;

/// <summary>Finds the processes to train with, in an assembly that need not be there.</summary>
internal static class ProcessGroups
{
    private const string Package = "Microsoft.ML.Lstm.Mpi";
    private static readonly Lazy<IProcessGroup?> s_mpi = new(FindMpi);

    /// <summary>The group that an option asks for; null: this process alone.</summary>
    /// <param name="distribution">The option.</param>
    /// <param name="isMissed">Whether the launcher has started several processes, but there is nothing to train together with.</param>
    /// <exception cref="DistributedTrainingException">The package is not there.</exception>
    /// <exception cref="DllNotFoundException">No MPI is installed.</exception>
    public static IProcessGroup? Find(Distribution distribution, out bool isMissed)
    {
        isMissed = false;
        if (distribution == Distribution.None || (distribution == Distribution.Auto && WorkShard.FromLauncher() is null))
            return null;
        if (s_mpi.Value is { } group)
            return group;
        if (distribution == Distribution.Mpi)
            throw new DistributedTrainingException(Invariant(
                $"Distributed is {distribution}, whose package {Package} is not in this application; expected a reference to it, or {nameof(Distribution.None)}."));
        isMissed = WorkShard.FromLauncher() is { Count: > 1 };
        return null;
    }

    // A constant, so that an application that is trimmed or compiled ahead of time keeps the type where the package is referenced.
    private static IProcessGroup? FindMpi() =>
        Type.GetType("Microsoft.ML.Lstm.Mpi.MpiProcessGroup, Microsoft.ML.Lstm.Mpi", throwOnError: false) is { } type
            ? (IProcessGroup?)Activator.CreateInstance(type, BindingFlags.Public | BindingFlags.Instance | BindingFlags.DoNotWrapExceptions, null, null, null)
            : null;
}
