#ifndef BP_TABLES_H
#define BP_TABLES_H

#include "CBPKernels.h"

extern const bp_kernels bp_portable;
#if defined(__x86_64__)
extern const bp_kernels bp_avx2;
extern const bp_kernels bp_avx512;
#elif defined(__aarch64__)
extern const bp_kernels bp_neon;
#endif

#endif
