#ifndef CBPKERNELS_H
#define CBPKERNELS_H

typedef enum { BP_LEVEL_PORTABLE, BP_LEVEL_AVX2, BP_LEVEL_AVX512, BP_LEVEL_NEON } bp_level;
typedef struct bp_kernels bp_kernels;

/// The kernels of a level, or NULL where this build or this machine has none.
const bp_kernels *bp_kernels_for(bp_level level);

#endif
