// Gradient and update of a part of a layer in one go: the sums of a few rows of parameters are made in the nearest cache
// and used up there, by the thread that will need those parameters next.

// Inputs whose sums are held at once, for as many panels as a tile has.
enum { BP_DESCENT_INPUTS = 48 };

static void update_part(const bp_descent *x, const bp_update *u, ptrdiff_t count, const float *g, ptrdiff_t at) {
    switch (x->rule) {
    case BP_SGD: sgd(u, count, g, x->w + at); break;
    case BP_MOMENTUM: momentum(u, count, g, x->w + at, x->slot1 + at); break;
    case BP_ADAM: adam(u, count, g, x->w + at, x->slot1 + at, x->slot2 + at); break;
    }
}

// The numbers that the update reads are fetched while the product computes.
BP_INLINE void fetch(const bp_descent *x, ptrdiff_t at, ptrdiff_t count) {
    for (ptrdiff_t i = 0; i < count; i += BP_LANES) {
        __builtin_prefetch(x->w + at + i, 1, 3);
        if (x->rule != BP_SGD) __builtin_prefetch(x->slot1 + at + i, 1, 3);
        if (x->rule == BP_ADAM) __builtin_prefetch(x->slot2 + at + i, 1, 3);
    }
}

static void descend_weights(const bp_descent *x) {
    float sums[BP_DESCENT_INPUTS * BP_TILE_PANELS * BP_LANES] __attribute__((aligned(64)));
    const ptrdiff_t panel = (x->inputs + 1) * BP_LANES;
    for (ptrdiff_t p = x->first_panel, wide; p < x->end_panel; p += wide) {
        wide = x->end_panel - p < BP_TILE_PANELS ? x->end_panel - p : BP_TILE_PANELS;
        for (ptrdiff_t i = x->first_input, inputs; i < x->end_input; i += inputs) {
            inputs = x->end_input - i < BP_DESCENT_INPUTS ? x->end_input - i : BP_DESCENT_INPUTS;
            const ptrdiff_t at = p * panel + i * BP_LANES;
            for (ptrdiff_t q = 0; q < wide; q++) fetch(x, at + q * panel, inputs * BP_LANES);
            bp_product gradient = {
                .rows = inputs, .depth = x->batch, .panels = wide, .block = x->block,
                .a = x->a + i, .a_row = 1, .a_k = x->a_stride,
                .b = x->d + p * BP_LANES, .b_k = x->d_stride, .b_panel = BP_LANES,
                .c = sums, .c_row = BP_LANES, .c_panel = BP_DESCENT_INPUTS * BP_LANES,
            };
            product(&gradient);
            for (ptrdiff_t q = 0; q < wide; q++)
                update_part(x, &x->of_weights, inputs * BP_LANES, sums + q * gradient.c_panel, at + q * panel);
        }
    }
}

static void descend_biases(const bp_descent *x) {
    float sums[4 * BP_LANES] __attribute__((aligned(64)));
    const ptrdiff_t panel = (x->inputs + 1) * BP_LANES;
    for (ptrdiff_t p = x->first_panel, count; p < x->end_panel; p += count) {
        count = x->end_panel - p < 4 ? x->end_panel - p : 4;
        ptrdiff_t width = x->outputs - p * BP_LANES;
        if (width > count * BP_LANES) width = count * BP_LANES;
        column_sums(x->batch, width, x->d_stride, x->d + p * BP_LANES, sums, BP_LANES, x->block);
        for (ptrdiff_t q = 0; q < count; q++)
            update_part(x, &x->of_biases, BP_LANES, sums + q * BP_LANES, (p + q) * panel + x->inputs * BP_LANES);
    }
}

static void descend(const bp_descent *x) {
    descend_weights(x);
    if (x->first_input == 0) descend_biases(x);
}

// The bits of the greatest magnitude, infinity and then NaN above all numbers, raise `greatest`.
static void note_greatest(ptrdiff_t rows, ptrdiff_t width, ptrdiff_t stride, const float *x, uint32_t *greatest) {
    vi top = splat_bits(0);
    for (ptrdiff_t m = 0; m < rows; m++)
        for (ptrdiff_t k = 0; k < width; k += BP_LANES)
            top = greater_bits(top, (vi)magnitude(load(x + m * stride + k)));
    uint32_t found = 0;
    for (int lane = 0; lane < BP_LANES; lane++) found = (uint32_t)top[lane] > found ? (uint32_t)top[lane] : found;
    uint32_t known = __atomic_load_n(greatest, __ATOMIC_RELAXED);
    while (known < found &&
           !__atomic_compare_exchange_n(greatest, &known, found, true, __ATOMIC_RELAXED, __ATOMIC_RELAXED)) {
    }
}
