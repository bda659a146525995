#include "tables.h"

#if defined(__x86_64__)
#pragma clang attribute push(__attribute__((target("avx2,fma"))), apply_to = function)
#define BP_TABLE bp_avx2
#define BP_HAS_FMA 1
#define BP_TILE_ROWS 6
#define BP_TILE_PANELS 1
#include "level/level.h"
#pragma clang attribute pop
#endif
