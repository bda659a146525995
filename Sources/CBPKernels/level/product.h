// The one product that the forward pass, the hidden error and the weight gradient share. Sums run over k from 0 upward
// by fused multiply-add, starting at +0. How rows, panels and k are cut into tiles changes no bit: a sum that is left
// in memory and taken up again goes on where it was. Sums in blocks are added by a tree that the number of blocks alone
// decides (docs/numerics.md).

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

// The use that a tile makes of C: it stores sums that start at +0, takes up those that are there, or adds its own to them.
typedef enum { BP_STORE, BP_TAKE_UP, BP_ADD } bp_edge;

// R rows of P panels of C, for one stretch of k. Strides are read one by
// one: a wider load of what the caller has just stored would wait for the store.
BP_INLINE void tile(const int R, const int P, const bp_product *x, ptrdiff_t depth, bp_edge edge, const float *a,
                    const float *b, float *c, vi *greatest) {
    vf sum[BP_TILE_ROWS][BP_TILE_PANELS];
    const ptrdiff_t a_row = x->a_row, a_k = x->a_k, b_k = x->b_k, b_panel = x->b_panel;
    const ptrdiff_t c_row = x->c_row, c_panel = x->c_panel;
    BP_UNROLL for (int r = 0; r < R; r++)
        BP_UNROLL for (int p = 0; p < P; p++)
            sum[r][p] = edge == BP_TAKE_UP ? load(c + r * c_row + p * c_panel) : splat(0.0f);
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
    if (edge == BP_ADD) {
        BP_UNROLL for (int r = 0; r < R; r++)
            BP_UNROLL for (int p = 0; p < P; p++) sum[r][p] = load(c + r * c_row + p * c_panel) + sum[r][p];
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
typedef void (*bp_tile_function)(const bp_product *, ptrdiff_t, bp_edge, const float *, const float *, float *, vi *);
#define BP_TILE(R, P)                                                                                                 \
    static void tile_##R##_##P(const bp_product *x, ptrdiff_t depth, bp_edge edge, const float *a, const float *b,      \
                               float *c, vi *greatest) {                                                              \
        tile(R, P, x, depth, edge, a, b, c, greatest);                                                                \
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

// The tree over blocks, T(n) = T(p) + T(n − p) with p the greatest power of two below n: what a counter in binary does.
// Block j comes upon the stack, and for each 1 at the end of j the two sums on top become one; at the end all do.
// 2^31 rows of blocks of one row leave no more sums than this.
enum { BP_STACK = 32, BP_TILE_SIZE = BP_TILE_ROWS * BP_TILE_PANELS * BP_LANES };

// c + sum, for `rows` rows of `panels` panels of a tile.
BP_INLINE void add_tile(ptrdiff_t rows, ptrdiff_t panels, float *c, ptrdiff_t c_row, ptrdiff_t c_panel,
                        const float *sum, vi *greatest) {
    for (ptrdiff_t p = 0; p < panels; p++)
        for (ptrdiff_t r = 0; r < rows; r++) {
            float *to = c + r * c_row + p * c_panel;
            vf total = load(to) + load(sum + (p * BP_TILE_ROWS + r) * BP_LANES);
            store(to, total);
            *greatest = greater_bits(*greatest, (vi)magnitude(total));
        }
}

// A tile of C over all blocks of k. The lowest sum of the stack is C itself; every other block is added to the one
// before as it leaves the registers.
static void tile_of_blocks(const bp_product *x, bp_tile_function tile_of, ptrdiff_t rows, ptrdiff_t panels,
                           const float *a, const float *b, float *c, vi *greatest) {
    float stack[BP_STACK][BP_TILE_SIZE] __attribute__((aligned(64)));  // [0] is not used
    bp_product on_stack = *x;
    on_stack.c_row = BP_LANES;
    on_stack.c_panel = BP_TILE_ROWS * BP_LANES;
    ptrdiff_t blocks = (x->depth + x->block - 1) / x->block, top = 0;
    for (ptrdiff_t j = 0; j < blocks; j++) {
        ptrdiff_t k = j * x->block, left = x->depth - k, depth = left < x->block ? left : x->block;
        bool adds = j & 1;
        if (adds) top--;
        tile_of(top ? &on_stack : x, depth, adds ? BP_ADD : BP_STORE, a + k * x->a_k, b + k * x->b_k,
                top ? stack[top] : c, greatest);
        top++;
        ptrdiff_t merges = j + 1 == blocks ? top - 1 : __builtin_ctzll(~(unsigned long long)j) - adds;
        for (; merges > 0; merges--) {
            top--;
            if (top > 1) add_tile(rows, panels, stack[top - 1], BP_LANES, BP_TILE_ROWS * BP_LANES, stack[top], greatest);
            else add_tile(rows, panels, c, x->c_row, x->c_panel, stack[top], greatest);
        }
    }
}

// Each tile over its whole depth.
static bool product_of_blocks(const bp_product *x, ptrdiff_t least, ptrdiff_t taller) {
    vi greatest = splat_bits(0);
    for (ptrdiff_t p = 0, panels; p < x->panels; p += panels) {
        panels = x->panels - p >= BP_TILE_PANELS ? BP_TILE_PANELS : 1;
        for (ptrdiff_t m = 0, tile = 0, height; m < x->rows; m += height, tile++) {
            height = least + (tile < taller);
            tile_of_blocks(x, tiles[panels - 1][height - 1], height, panels, x->a + m * x->a_row,
                           x->b + p * x->b_panel, x->c + m * x->c_row + p * x->c_panel, &greatest);
        }
    }
    return all_finite(greatest);
}

static bool product(const bp_product *x) {
    vi greatest = splat_bits(0);
    // Rows are shared out evenly over the tiles they take: 13 are 7 and 6, not 12 and 1.
    ptrdiff_t count = (x->rows + BP_TILE_ROWS - 1) / BP_TILE_ROWS;
    ptrdiff_t least = count == 1 ? x->rows : x->rows / count, taller = count == 1 ? 0 : x->rows % count;
    if (x->block && x->depth > x->block) return product_of_blocks(x, least, taller);
    for (ptrdiff_t k = 0; k < x->depth; k += BP_DEPTH_BLOCK) {
        ptrdiff_t left = x->depth - k, depth = left < BP_DEPTH_BLOCK ? left : BP_DEPTH_BLOCK;
        const float *a = x->a + k * x->a_k, *b = x->b + k * x->b_k;
        for (ptrdiff_t p = 0; p < x->panels; p += BP_TILE_PANELS) {
            const bp_tile_function *tiles_of = tiles[x->panels - p >= BP_TILE_PANELS ? BP_TILE_PANELS - 1 : 0];
            for (ptrdiff_t m = 0, tile = 0, height; m < x->rows; m += height, tile++) {
                height = least + (tile < taller);
                tiles_of[height - 1](x, depth, k == 0 ? BP_STORE : BP_TAKE_UP, a + m * x->a_row, b + p * x->b_panel,
                                     x->c + m * x->c_row + p * x->c_panel, &greatest);
            }
        }
    }
    return all_finite(greatest);
}

// Sums of `count` panels, at most four, from the first row on.
BP_INLINE void sums_of_rows(ptrdiff_t rows, ptrdiff_t count, ptrdiff_t stride, const float *d, vf *sum) {
    BP_UNROLL for (int q = 0; q < 4; q++) sum[q] = splat(0.0f);
    for (ptrdiff_t m = 0; m < rows; m++) {
        const float *row = d + m * stride;
        if (count == 4) {
            BP_UNROLL for (int q = 0; q < 4; q++) sum[q] += load(row + q * BP_LANES);
        } else {
            for (ptrdiff_t q = 0; q < count; q++) sum[q] += load(row + q * BP_LANES);
        }
    }
}

// The same in blocks of rows; `sum` gets T of all blocks.
static void sums_of_blocks(ptrdiff_t rows, ptrdiff_t block, ptrdiff_t count, ptrdiff_t stride, const float *d,
                           vf *sum) {
    vf stack[BP_STACK][4];
    ptrdiff_t blocks = (rows + block - 1) / block, top = 0;
    for (ptrdiff_t j = 0; j < blocks; j++) {
        ptrdiff_t left = rows - j * block;
        sums_of_rows(left < block ? left : block, count, stride, d + j * block * stride, stack[top++]);
        ptrdiff_t merges = j + 1 == blocks ? top - 1 : __builtin_ctzll(~(unsigned long long)j);
        for (; merges > 0; merges--) {
            top--;
            BP_UNROLL for (int q = 0; q < 4; q++) stack[top - 1][q] += stack[top][q];
        }
    }
    BP_UNROLL for (int q = 0; q < 4; q++) sum[q] = stack[0][q];
}

// The bias gradient: sums of columns, four panels at a time.
static bool column_sums(ptrdiff_t rows, ptrdiff_t width, ptrdiff_t stride, const float *d, float *out,
                        ptrdiff_t out_panel, ptrdiff_t block) {
    vi greatest = splat_bits(0);
    ptrdiff_t panels = (width + BP_LANES - 1) / BP_LANES;
    for (ptrdiff_t p = 0, count; p < panels; p += count) {
        count = panels - p < 4 ? panels - p : 4;
        vf sum[4];
        if (block && rows > block) sums_of_blocks(rows, block, count, stride, d + p * BP_LANES, sum);
        else sums_of_rows(rows, count, stride, d + p * BP_LANES, sum);
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

static void transpose_panels(ptrdiff_t inputs, ptrdiff_t outputs, ptrdiff_t first, ptrdiff_t end, const float *w,
                             float *out) {
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

static void transpose(ptrdiff_t inputs, ptrdiff_t outputs, const float *w, float *out) {
    transpose_panels(inputs, outputs, 0, (inputs + BP_LANES - 1) / BP_LANES, w, out);
}
