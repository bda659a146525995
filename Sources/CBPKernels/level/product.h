// The one product that the forward pass, the hidden error and the weight gradient share. Sums run over k from 0 upward
// by fused multiply-add, starting at +0. How rows, panels and k are cut into tiles changes no bit: a sum that is left
// in memory and taken up again goes on where it was.

// Rows of B that stay in the nearest cache while all tiles pass over them.
enum { BP_DEPTH_BLOCK = 256 };

// The bits of a magnitude order as the magnitudes do, infinity and then NaN above all numbers.
BP_INLINE vi greater_bits(vi x, vi y) {
    vi mask = x > y;
    return (mask & x) | (~mask & y);
}
BP_INLINE bool all_finite(vi greatest) {
    bool finite = true;
    for (int lane = 0; lane < BP_LANES; lane++) finite &= greatest[lane] < 0x7F800000;
    return finite;
}

// R rows of P panels of C, for one block of k; the sums start at +0 or go on from what is in C. Strides are read one by
// one: a wider load of what the caller has just stored would wait for the store.
BP_INLINE void tile(const int R, const int P, const bp_product *x, ptrdiff_t depth, bool first, const float *a,
                    const float *b, float *c, vi *greatest) {
    vf sum[BP_TILE_ROWS][BP_TILE_PANELS];
    const ptrdiff_t a_row = x->a_row, a_k = x->a_k, b_k = x->b_k, b_panel = x->b_panel;
    const ptrdiff_t c_row = x->c_row, c_panel = x->c_panel;
    BP_UNROLL for (int r = 0; r < R; r++)
        BP_UNROLL for (int p = 0; p < P; p++)
            sum[r][p] = first ? splat(0.0f) : load(c + r * c_row + p * c_panel);
    // A pointer for each three rows, which the compiler must not derive from one another: else it steps through the rows
    // by one addition after the other, and those take longer than the sums.
    const float *three[(BP_TILE_ROWS + 2) / 3];
    BP_UNROLL for (int g = 0; g < (R + 2) / 3; g++) {
        three[g] = a + 3 * g * a_row;
        __asm__("" : "+r"(three[g]));
    }
    for (ptrdiff_t k = 0; k < depth; k++) {
        vf row[BP_TILE_PANELS];
        BP_UNROLL for (int p = 0; p < P; p++) row[p] = load(b + p * b_panel);
        BP_UNROLL for (int r = 0; r < R; r++) {
            vf factor = splat(three[r / 3][r % 3 * a_row]);
            BP_UNROLL for (int p = 0; p < P; p++) sum[r][p] = fma16(factor, row[p], sum[r][p]);
        }
        BP_UNROLL for (int g = 0; g < (R + 2) / 3; g++) three[g] += a_k;
        b += b_k;
    }
    vi top = *greatest;
    BP_UNROLL for (int r = 0; r < R; r++)
        BP_UNROLL for (int p = 0; p < P; p++) {
            store(c + r * c_row + p * c_panel, sum[r][p]);
            top = greater_bits(top, (vi)magnitude(sum[r][p]));
        }
    *greatest = top;
}

// One function for each height of a tile, so that its sums stay in registers.
typedef void (*bp_tile_function)(const bp_product *, ptrdiff_t, bool, const float *, const float *, float *, vi *);
#define BP_TILE(R, P)                                                                                                 \
    static void tile_##R##_##P(const bp_product *x, ptrdiff_t depth, bool first, const float *a, const float *b,        \
                               float *c, vi *greatest) {                                                              \
        tile(R, P, x, depth, first, a, b, c, greatest);                                                               \
    }
#define BP_NAME(R, P) tile_##R##_##P,
#define BP_HEIGHTS_4(F, P) F(1, P) F(2, P) F(3, P) F(4, P)
#if BP_TILE_ROWS == 4
#define BP_HEIGHTS(F, P) BP_HEIGHTS_4(F, P)
#elif BP_TILE_ROWS == 6
#define BP_HEIGHTS(F, P) BP_HEIGHTS_4(F, P) F(5, P) F(6, P)
#elif BP_TILE_ROWS == 12
#define BP_HEIGHTS(F, P) \
    BP_HEIGHTS_4(F, P) F(5, P) F(6, P) F(7, P) F(8, P) F(9, P) F(10, P) F(11, P) F(12, P)
#endif

BP_HEIGHTS(BP_TILE, 1)
#if BP_TILE_PANELS == 2
BP_HEIGHTS(BP_TILE, 2)
#endif

static const bp_tile_function tiles[BP_TILE_PANELS][BP_TILE_ROWS] = {
    {BP_HEIGHTS(BP_NAME, 1)},
#if BP_TILE_PANELS == 2
    {BP_HEIGHTS(BP_NAME, 2)},
#endif
};

static bool product(const bp_product *x) {
    vi greatest = splat_bits(0);
    // Rows are shared out evenly over the tiles they take: 13 are 7 and 6, not 12 and 1.
    ptrdiff_t count = (x->rows + BP_TILE_ROWS - 1) / BP_TILE_ROWS;
    ptrdiff_t least = count == 1 ? x->rows : x->rows / count, taller = count == 1 ? 0 : x->rows % count;
    for (ptrdiff_t k = 0; k < x->depth; k += BP_DEPTH_BLOCK) {
        ptrdiff_t left = x->depth - k, depth = left < BP_DEPTH_BLOCK ? left : BP_DEPTH_BLOCK;
        const float *a = x->a + k * x->a_k, *b = x->b + k * x->b_k;
        for (ptrdiff_t p = 0; p < x->panels; p += BP_TILE_PANELS) {
            const bp_tile_function *tiles_of = tiles[x->panels - p >= BP_TILE_PANELS ? BP_TILE_PANELS - 1 : 0];
            for (ptrdiff_t m = 0, tile = 0, height; m < x->rows; m += height, tile++) {
                height = least + (tile < taller);
                tiles_of[height - 1](x, depth, k == 0, a + m * x->a_row, b + p * x->b_panel,
                                     x->c + m * x->c_row + p * x->c_panel, &greatest);
            }
        }
    }
    return all_finite(greatest);
}

// The bias gradient: sums of columns from the first row on, four panels at a time.
static bool column_sums(ptrdiff_t rows, ptrdiff_t width, ptrdiff_t stride, const float *d, float *out,
                        ptrdiff_t out_panel) {
    vi greatest = splat_bits(0);
    ptrdiff_t panels = (width + BP_LANES - 1) / BP_LANES;
    for (ptrdiff_t p = 0, count; p < panels; p += count) {
        count = panels - p < 4 ? panels - p : 4;
        vf sum[4] = {splat(0.0f), splat(0.0f), splat(0.0f), splat(0.0f)};
        for (ptrdiff_t m = 0; m < rows; m++) {
            const float *row = d + m * stride + p * BP_LANES;
            if (count == 4) {
                BP_UNROLL for (int q = 0; q < 4; q++) sum[q] += load(row + q * BP_LANES);
            } else {
                for (ptrdiff_t q = 0; q < count; q++) sum[q] += load(row + q * BP_LANES);
            }
        }
        for (ptrdiff_t q = 0; q < count; q++) {
            store(out + (p + q) * out_panel, sum[q]);
            greatest = greater_bits(greatest, (vi)magnitude(sum[q]));
        }
    }
    return all_finite(greatest);
}

// One round of exchanging halves: rows r and r + 8 give rows 2 r and 2 r + 1. Four rounds transpose 16 × 16.
BP_INLINE void interleave(const vf *from, vf *to) {
    BP_UNROLL for (int r = 0; r < 8; r++) {
        to[2 * r] = __builtin_shufflevector(from[r], from[r + 8], 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7,
                                            23);
        to[2 * r + 1] = __builtin_shufflevector(from[r], from[r + 8], 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29,
                                                14, 30, 15, 31);
    }
}

static void transpose(ptrdiff_t inputs, ptrdiff_t outputs, ptrdiff_t first, ptrdiff_t end, const float *w, float *out) {
    for (ptrdiff_t j = 0; j < outputs; j += BP_LANES) {
        const float *panel = w + j * (inputs + 1);
        ptrdiff_t rows = outputs - j < BP_LANES ? outputs - j : BP_LANES;
        for (ptrdiff_t i = first * BP_LANES; i < inputs && i < end * BP_LANES; i += BP_LANES) {
            vf x[16], y[16];
            // Row `inputs` holds the biases: it and what follows are not weights.
            for (ptrdiff_t r = 0; r < 16; r++)
                x[r] = i + r < inputs ? load(panel + (i + r) * BP_LANES) : splat(0.0f);
            interleave(x, y);
            interleave(y, x);
            interleave(x, y);
            interleave(y, x);
            float *to = out + i * outputs + j * BP_LANES;
            for (ptrdiff_t r = 0; r < rows; r++) store(to + r * BP_LANES, x[r]);
        }
    }
}
