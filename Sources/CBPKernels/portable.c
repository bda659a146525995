#include "tables.h"

#define BP_TABLE bp_portable
#define BP_HAS_FMA 0
#define BP_TILE_ROWS 4
#define BP_TILE_PANELS 1
#include "level/level.h"
