// The functions that Microsoft.ML.Lstm.Mpi calls, by the handles of MPI 5.0's standard ABI (section 20.3: MPI_COMM_WORLD 0x101, MPI_BYTE 0x247, each as wide as a pointer),
// on top of MPICH's own, which are integers. Distributions do not have a libmpi_abi yet; with this in its place, a wrong or cut handle ends the process.
//   cc -shared -fPIC -o libmpi_abi.so.0 mpi_abi.c -ldl
#include <dlfcn.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

typedef intptr_t handle;

static void *of_mpich(const char *name) {
    static void *library;
    if (!library)
        library = dlopen("libmpich.so.12", RTLD_NOW | RTLD_GLOBAL);
    void *function = library ? dlsym(library, name) : NULL;
    if (!function) {
        fprintf(stderr, "MPICH has no %s: %s\n", name, dlerror());
        exit(98);
    }
    return function;
}

static int converted(handle given, handle expected, int to) {
    if (given != expected) {
        fprintf(stderr, "handle %#lx; expected %#lx\n", (unsigned long)given, (unsigned long)expected);
        exit(97);
    }
    return to;
}

static int world(handle comm) { return converted(comm, 0x101, 0x44000000); }
static int byte(handle type) { return converted(type, 0x247, 0x4c00010d); }

int MPI_Get_library_version(char *text, int *length) { *length = sprintf(text, "Standard ABI over MPICH"); return 0; }
int MPI_Error_string(int code, char *text, int *length) { return ((int (*)(int, char *, int *))of_mpich("MPI_Error_string"))(code, text, length); }
int MPI_Initialized(int *flag) { return ((int (*)(int *))of_mpich("MPI_Initialized"))(flag); }
int MPI_Finalized(int *flag) { return ((int (*)(int *))of_mpich("MPI_Finalized"))(flag); }
int MPI_Init_thread(int *argc, char ***argv, int required, int *provided) {
    return ((int (*)(int *, char ***, int, int *))of_mpich("MPI_Init_thread"))(argc, argv, required, provided);
}
int MPI_Finalize(void) { return ((int (*)(void))of_mpich("MPI_Finalize"))(); }
int MPI_Abort(handle comm, int code) { return ((int (*)(int, int))of_mpich("MPI_Abort"))(world(comm), code); }
int MPI_Comm_rank(handle comm, int *rank) { return ((int (*)(int, int *))of_mpich("MPI_Comm_rank"))(world(comm), rank); }
int MPI_Comm_size(handle comm, int *size) { return ((int (*)(int, int *))of_mpich("MPI_Comm_size"))(world(comm), size); }
int MPI_Bcast(void *buffer, int count, handle type, int root, handle comm) {
    return ((int (*)(void *, int, int, int, int))of_mpich("MPI_Bcast"))(buffer, count, byte(type), root, world(comm));
}
int MPI_Allgatherv(const void *own, int count, handle type, void *all, const int counts[], const int places[], handle type_of_all, handle comm) {
    return ((int (*)(const void *, int, int, void *, const int *, const int *, int, int))of_mpich("MPI_Allgatherv"))(
        own, count, byte(type), all, counts, places, byte(type_of_all), world(comm));
}
int MPI_Alltoallv(const void *from, const int counts[], const int places[], handle type, void *to, const int to_counts[], const int to_places[], handle to_type, handle comm) {
    return ((int (*)(const void *, const int *, const int *, int, void *, const int *, const int *, int, int))of_mpich("MPI_Alltoallv"))(
        from, counts, places, byte(type), to, to_counts, to_places, byte(to_type), world(comm));
}
