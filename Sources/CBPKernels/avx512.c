#include "tables.h"

#if defined(__x86_64__)
#pragma clang attribute push(__attribute__((target("avx512f,avx512vl,avx512dq,avx512bw,avx2,fma"))), apply_to = function)
#define BP_TABLE bp_avx512
#define BP_HAS_FMA 1
#define BP_HAS_SCALEF 1
#define BP_TILE_ROWS 12
#define BP_TILE_PANELS 2
#include "level/level.h"
#pragma clang attribute pop
#endif
