// Everything that is compiled once for each instruction set. The file that includes this defines BP_TABLE (the name of
// its table), BP_HAS_FMA, BP_TILE_ROWS and BP_TILE_PANELS (how many sums of 16 floats its registers hold).
//
// No product is contracted with a sum behind our back: fused multiply-add is where it is written, nowhere else.
#pragma clang fp contract(off)
// Vectors are passed between functions of this file only, all of them inlined: no binary interface is at stake.
#pragma clang diagnostic ignored "-Wpsabi"

#define BP_UNROLL _Pragma("clang loop unroll(full)")

#include "vector.h"

#include "elementary.h"
#include "product.h"
#include "layer.h"
#include "loss.h"
#include "update.h"

// What depends on the numerics version has it in its name.
#define BP_KERNELS(version)                                                                                           \
    {                                                                                                                 \
        .product = product, .column_sums = column_sums, .transpose = transpose, .activate = activate_##version,        \
        .derivative = derivative, .losses = losses_##version, .output_delta = output_delta, .sum = sum, .sgd = sgd,     \
        .momentum = momentum, .adam = adam, .function = function_##version,                                           \
    }
const bp_kernels BP_TABLE[BP_VERSIONS] = {BP_KERNELS(1), BP_KERNELS(2)};
