#include "tables.h"

// The tables of a level, one for each version, or NULL.
static const bp_kernels *tables_of(bp_level level) {
    switch (level) {
    case BP_LEVEL_PORTABLE: return bp_portable;
#if defined(__x86_64__)
    case BP_LEVEL_AVX2: return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") ? bp_avx2 : NULL;
    case BP_LEVEL_AVX512:
        return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl") &&
                       __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512bw") &&
                       __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")
                   ? bp_avx512
                   : NULL;
#elif defined(__aarch64__)
    case BP_LEVEL_NEON: return bp_neon;
#endif
    default: return NULL;
    }
}

const bp_kernels *bp_kernels_for(bp_level level, int numerics) {
    const bp_kernels *tables = tables_of(level);
    return tables && numerics >= 1 && numerics <= BP_VERSIONS ? tables + (numerics - 1) : NULL;
}
