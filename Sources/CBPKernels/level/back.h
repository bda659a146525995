// The hidden error without transposed weights: the errors are transposed instead, and a weight is the factor that is
// spread over a vector of rows. The same sums as `product` makes, over the outputs j from 0 upward.

// out[c][r] = x[r][c]; lanes past the rows are 0.
static void transpose_rows(ptrdiff_t rows, ptrdiff_t width, ptrdiff_t stride, const float *x, float *out,
                           ptrdiff_t out_stride) {
    for (ptrdiff_t m = 0; m < rows; m += BP_LANES)
        for (ptrdiff_t j = 0; j < width; j += BP_LANES) {
            vf from[16], to[16];
            for (ptrdiff_t r = 0; r < 16; r++) from[r] = m + r < rows ? load(x + (m + r) * stride + j) : splat(0.0f);
            interleave(from, to);
            interleave(to, from);
            interleave(from, to);
            interleave(to, from);
            ptrdiff_t columns = width - j < BP_LANES ? width - j : BP_LANES;
            for (ptrdiff_t c = 0; c < columns; c++) store(out + (j + c) * out_stride + m, from[c]);
        }
}

// R inputs of P vectors of rows. `w` points to the weights of the first input in the first panel.
BP_INLINE void back_tile(const int R, const int P, const bp_back *x, const float *w, const float *d, float *c) {
    vf sum[BP_TILE_ROWS][BP_TILE_PANELS];
    BP_UNROLL for (int r = 0; r < R; r++)
        BP_UNROLL for (int p = 0; p < P; p++) sum[r][p] = splat(0.0f);
    for (ptrdiff_t j = 0; j < x->outputs; j += BP_LANES, w += x->w_panel) {
        const float *three[(BP_TILE_ROWS + 2) / 3];
        BP_UNROLL for (int g = 0; g < (R + 2) / 3; g++) {
            three[g] = w + 3 * g * BP_LANES;
            __asm__("" : "+r"(three[g]));
        }
        ptrdiff_t depth = x->outputs - j < BP_LANES ? x->outputs - j : BP_LANES;
        for (ptrdiff_t k = 0; k < depth; k++) {
            vf row[BP_TILE_PANELS];
            BP_UNROLL for (int p = 0; p < P; p++) row[p] = load(d + p * BP_LANES);
            BP_UNROLL for (int r = 0; r < R; r++) {
                vf factor = splat(three[r / 3][r % 3 * BP_LANES]);
                BP_UNROLL for (int p = 0; p < P; p++) sum[r][p] = fma16(factor, row[p], sum[r][p]);
            }
            BP_UNROLL for (int g = 0; g < (R + 2) / 3; g++) three[g]++;
            d += x->d_stride;
        }
    }
    BP_UNROLL for (int r = 0; r < R; r++)
        BP_UNROLL for (int p = 0; p < P; p++) store(c + r * BP_BACK_ROWS + p * BP_LANES, sum[r][p]);
}

typedef void (*bp_back_function)(const bp_back *, const float *, const float *, float *);
#define BP_BACK_TILE(R, P)                                                                             \
    static void back_tile_##R##_##P(const bp_back *x, const float *w, const float *d, float *c) {        \
        back_tile(R, P, x, w, d, c);                                                                   \
    }
#define BP_BACK_NAME(R, P) back_tile_##R##_##P,

BP_HEIGHTS(BP_BACK_TILE, 1)
#if BP_TILE_PANELS == 2
BP_HEIGHTS(BP_BACK_TILE, 2)
#endif

static const bp_back_function back_tiles[BP_TILE_PANELS][BP_TILE_ROWS] = {
    {BP_HEIGHTS(BP_BACK_NAME, 1)},
#if BP_TILE_PANELS == 2
    {BP_HEIGHTS(BP_BACK_NAME, 2)},
#endif
};

// Inputs that are computed as columns before they are turned into rows, so that both stay in the nearest cache.
enum { BP_BACK_INPUTS = 48 };

static void send_back(const bp_back *x) {
    float columns[BP_BACK_INPUTS * BP_BACK_ROWS] __attribute__((aligned(64)));
    ptrdiff_t panels = (x->rows + BP_LANES - 1) / BP_LANES;
    for (ptrdiff_t i = x->first_input, inputs; i < x->end_input; i += inputs) {
        inputs = x->end_input - i < BP_BACK_INPUTS ? x->end_input - i : BP_BACK_INPUTS;
        ptrdiff_t count = (inputs + BP_TILE_ROWS - 1) / BP_TILE_ROWS, least = inputs / count, taller = inputs % count;
        for (ptrdiff_t m = 0, tile = 0, height; m < inputs; m += height, tile++) {
            height = least + (tile < taller);
            for (ptrdiff_t p = 0; p < panels; p += BP_TILE_PANELS) {
                ptrdiff_t wide = panels - p >= BP_TILE_PANELS ? BP_TILE_PANELS : 1;
                back_tiles[wide - 1][height - 1](x, x->w + (i + m) * BP_LANES, x->d + p * BP_LANES,
                                                 columns + m * BP_BACK_ROWS + p * BP_LANES);
            }
        }
        // Columns of the result past the inputs are 0, as a product with transposed weights leaves them.
        ptrdiff_t whole = (inputs + BP_LANES - 1) / BP_LANES * BP_LANES;
        for (ptrdiff_t m = inputs; m < whole; m++)
            for (ptrdiff_t p = 0; p < panels; p++) store(columns + m * BP_BACK_ROWS + p * BP_LANES, splat(0.0f));
        for (ptrdiff_t c = 0; c < whole; c += BP_LANES)
            for (ptrdiff_t r = 0; r < x->rows; r += BP_LANES) {
                vf from[16], to[16];
                for (int k = 0; k < 16; k++) from[k] = load(columns + (c + k) * BP_BACK_ROWS + r);
                interleave(from, to);
                interleave(to, from);
                interleave(from, to);
                interleave(to, from);
                ptrdiff_t rows = x->rows - r < BP_LANES ? x->rows - r : BP_LANES;
                for (ptrdiff_t k = 0; k < rows; k++) store(x->out + (r + k) * x->out_stride + i + c, from[k]);
            }
    }
}
