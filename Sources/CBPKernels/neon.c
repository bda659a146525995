#include "tables.h"

#if defined(__aarch64__)
#define BP_TABLE bp_neon
#define BP_HAS_FMA 1
#define BP_TILE_ROWS 6
#define BP_TILE_PANELS 1
#include "level/level.h"
#endif
