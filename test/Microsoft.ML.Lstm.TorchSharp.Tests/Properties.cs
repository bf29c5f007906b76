// libtorch has one number of threads in a process, and sums depend on it in the last bits.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
