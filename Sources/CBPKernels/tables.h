#ifndef BP_TABLES_H
#define BP_TABLES_H

#include "CBPKernels.h"

// Version v is entry v - 1.
enum { BP_VERSIONS = 2 };
extern const bp_kernels bp_portable[BP_VERSIONS];
#if defined(__x86_64__)
extern const bp_kernels bp_avx2[BP_VERSIONS];
extern const bp_kernels bp_avx512[BP_VERSIONS];
#elif defined(__aarch64__)
extern const bp_kernels bp_neon[BP_VERSIONS];
#endif

#endif
