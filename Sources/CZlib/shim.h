// zlib: gzip, the deflate of zip members, CRC-32.
#pragma once
#include <zlib.h>
