// Training of a small network in one call: iteration after iteration, with no call of another kernel, no dispatch and no
// memory taken between. Every sum, function and update is the one of the other files, term by term in the same order, so
// the bits are those of the step that these compute one by one (docs/numerics.md, Small networks). It is there for
// version 2 of the numerics alone; a batch is never longer than a block of rows.
//
// Two things are done in another order, which no bit can show. The weights with inputs and outputs exchanged, which the
// hidden error needs, are not made anew for each step: they are updated like the weights, by fma(d_j, a_i, +0), which is
// fma(a_i, d_j, +0). And the gradient is known to be finite before it is computed, from the size of its factors.

// Products of two factors up to this size are finite, and so are sums of 2^24 such products.
#define BP_BOUND 0x1p50f

BP_INLINE bool exceeds_bound(vi greatest) {
    return __builtin_reduce_or(greatest > (vi)splat(BP_BOUND)) != 0;
}

BP_INLINE vi greatest_of(vi greatest, vf x) { return greater_bits(greatest, (vi)magnitude(x)); }

// Lane i of v in all lanes. Without an instruction for it, from memory that holds v.
#if BP_HAS_PERMUTE
BP_INLINE vf spread_lane(vf v, const float *stored, ptrdiff_t i) {
    (void)stored;
    return __builtin_ia32_permvarsf512(v, splat_bits((int32_t)i));
}
#else
BP_INLINE vf spread_lane(vf v, const float *stored, ptrdiff_t i) {
    (void)v;
    return splat(stored[i]);
}
#endif

// Σ_i v_i rows[i], i ascending from +0.
BP_INLINE vf sum_by_lanes(vf v, const float *stored, ptrdiff_t count, const float *rows) {
    vf sum = splat(0.0f);
    for (ptrdiff_t i = 0; i < count; i++) sum = fma16(spread_lane(v, stored, i), load(rows + i * BP_LANES), sum);
    return sum;
}

// Powers β^t for one t after another: β^(2^k) once, then the product for each t, in the order of squaring from the lowest
// bit of t upward.
enum { BP_POWER_BITS = 54 };
typedef struct {
    double squares[BP_POWER_BITS];
} bp_powers;

static void make_powers(double base, bp_powers *p) {
    for (int k = 0; k < BP_POWER_BITS; k++, base *= base) p->squares[k] = base;
}
BP_INLINE double power_of(const bp_powers *p, uint64_t t) {
    double result = 1.0;
    for (; t; t &= t - 1) result *= p->squares[__builtin_ctzll(t)];
    return result;
}

// The numbers of Adam that change from update to update.
typedef struct {
    bp_powers first, second;
} bp_adam_powers;

BP_INLINE void adam_numbers(const bp_small_training *t, const bp_adam_powers *p, ptrdiff_t k, bp_numbers *n) {
    uint64_t step = (uint64_t)t->step + (uint64_t)k;
    n->rate = splat((float)(t->rate / (1.0 - power_of(&p->first, step))));
    n->correction2 = splat((float)(1.0 / (1.0 - power_of(&p->second, step))));
}

// A NaN with the one pattern that is recorded.
BP_INLINE float canonical(float loss) { return loss == loss ? loss : __builtin_nanf(""); }

BP_INLINE bool is_finite(float x) { return __builtin_fabsf(x) <= __FLT_MAX__; }

// Whether each component of a layer's gradient is finite: the sums themselves, if their factors are too large to tell.
static __attribute__((noinline)) bool sums_are_finite(ptrdiff_t rows, ptrdiff_t inputs, ptrdiff_t panels,
                                                      const float *below, ptrdiff_t below_stride, const float *d,
                                                      ptrdiff_t stride) {
    vi greatest = splat_bits(0);
    for (ptrdiff_t p = 0; p < panels; p++) {
        for (ptrdiff_t i = 0; i < inputs; i++) {
            vf sum = splat(0.0f);
            for (ptrdiff_t b = 0; b < rows; b++)
                sum = fma16(splat(below[b * below_stride + i]), load(d + b * stride + p * BP_LANES), sum);
            greatest = greatest_of(greatest, sum);
        }
        vf sum = splat(0.0f);
        for (ptrdiff_t b = 0; b < rows; b++) sum += load(d + b * stride + p * BP_LANES);
        greatest = greatest_of(greatest, sum);
    }
    return all_finite(greatest);
}

// Row k of a training whose batches are single rows.
BP_INLINE ptrdiff_t row_of(const bp_small_training *t, ptrdiff_t k) { return t->order ? t->order[k] : k; }

// Asks for a row that is trained a little later, which shuffling may have put anywhere.
enum { BP_ROWS_AHEAD = 8 };
BP_INLINE void fetch_ahead(const bp_small_training *t, ptrdiff_t k, ptrdiff_t iterations) {
    if (k + BP_ROWS_AHEAD >= iterations) return;
    ptrdiff_t row = row_of(t, k + BP_ROWS_AHEAD);
    __builtin_prefetch(t->x + row * t->x_stride);
    __builtin_prefetch(t->y + row * t->y_stride);
}

// Whether a layer's exchanged weights are updated too. With Adam, whose divisions and square roots take time, they are
// made anew from the weights if there are many outputs.
enum { BP_TRANSPOSING_PAYS = 9 };
BP_INLINE bool updates_exchanged(const bp_rule rule, ptrdiff_t outputs) {
    return rule != BP_ADAM || outputs < BP_TRANSPOSING_PAYS;
}

// Makes the exchanged weights and slots of all layers but the first.
static void exchange_all(const bp_small_training *t) {
    for (ptrdiff_t l = 1; l < t->layers; l++) {
        const bp_small_layer *x = &t->layer[l];
        transpose(x->inputs, x->outputs, x->w, x->back);
        if (t->rule != BP_SGD) transpose(x->inputs, x->outputs, x->first, x->back_first);
        if (t->rule == BP_ADAM) transpose(x->inputs, x->outputs, x->second, x->back_second);
    }
}

// MARK: Single rows through layers of one panel. A layer's activations and errors stay in a register each.

BP_INLINE vf one_activation(bp_activation f, vf z, vi inside) {
    if (f != BP_SOFTMAX) return (vf)((vi)apply(2, f, z) & inside);
    vf top = splat(greatest_lane(select(inside, z, splat(-__builtin_inff()))));
    vf e = (vf)((vi)exp_2(z - top) & inside);
    return e / splat(sum_of_lanes(splat(0.0f) + e));
}

BP_INLINE float one_loss(const bp_small_training *t, bp_activation f, ptrdiff_t width, vf z, vf r, const float *y) {
    if (t->loss == BP_HALF_SQUARED_ERROR) return 0.5f * sum_of_lanes(fma16(r, r, splat(0.0f)));
    float stored[BP_LANES] __attribute__((aligned(64)));
    store(stored, z);
    bp_shape s = {1, width, BP_LANES};
    return f == BP_SOFTMAX ? softmax_cross_entropy(2, s, stored, y) : logistic_cross_entropy(2, s, stored, y);
}

BP_INLINE vf one_output_delta(bp_loss loss, bp_activation f, vf r, vf a) {
    if (loss == BP_CROSS_ENTROPY) return r;
    if (f != BP_SOFTMAX) return times_derivative(f, r, a);
    return a * (r - splat(sum_of_lanes(fma16(r, a, splat(0.0f)))));
}

BP_INLINE ptrdiff_t train_one_panel(const bp_rule rule, const bp_decay decay, const bp_small_training *t,
                                    bool *refused) {
    bp_small_layer layer[BP_SMALL_LAYERS];
    vi inside[BP_SMALL_LAYERS];
    // a[l] is the input of layer l, d[l] its error.
    float a[BP_SMALL_LAYERS + 1][BP_LANES] __attribute__((aligned(64)));
    float d[BP_SMALL_LAYERS][BP_LANES] __attribute__((aligned(64)));
    const ptrdiff_t last = t->layers - 1, iterations = t->iterations;
    for (ptrdiff_t l = 0; l <= last; l++) {
        layer[l] = t->layer[l];
        inside[l] = first_lanes(layer[l].outputs);
    }
    bp_numbers n = numbers_of(rule, &t->update);
    bp_adam_powers powers;
    if (rule == BP_ADAM) {
        make_powers(t->beta1, &powers.first);
        make_powers(t->beta2, &powers.second);
    }
    double loss_sum = *t->loss_sum;
    ptrdiff_t done = 0;
    const float *x = t->x + row_of(t, 0) * t->x_stride;
    vf sum = splat(0.0f);
    for (ptrdiff_t i = 0; i < layer[0].inputs; i++)
        sum = fma16(splat(x[i]), load(layer[0].w + i * BP_LANES), sum);
    while (done < iterations) {
        const float *y = t->y + row_of(t, done) * t->y_stride;
        fetch_ahead(t, done, iterations);
        vi greatest = splat_bits(0);
        vf z, value;
        for (ptrdiff_t l = 0;; l++) {
            z = sum + load(layer[l].w + layer[l].inputs * BP_LANES);
            value = one_activation(layer[l].activation, z, inside[l]);
            if (l == last) break;
            store(a[l + 1], value);
            greatest = greatest_of(greatest, value);
            sum = sum_by_lanes(value, a[l + 1], layer[l + 1].inputs, layer[l + 1].w);
        }
        vf r = value - load(y);
        float loss = 0.0f + one_loss(t, layer[last].activation, layer[last].outputs, z, r, y);
        vf error = one_output_delta(t->loss, layer[last].activation, r, value);
        store(d[last], error);
        greatest = greatest_of(greatest, error);
        for (ptrdiff_t l = last; l > 0; l--) {
            vf g = sum_by_lanes(error, d[l], layer[l].outputs, layer[l].back);
            error = times_derivative(layer[l - 1].activation, g, load(a[l]));
            store(d[l - 1], error);
            greatest = greatest_of(greatest, error);
        }
        bool is_sound = is_finite(loss);
        if (__builtin_expect(exceeds_bound(greatest) | !t->is_bounded, 0))
            for (ptrdiff_t l = 0; l <= last && is_sound; l++)
                is_sound = sums_are_finite(1, layer[l].inputs, 1, l ? a[l] : x, 0, d[l], 0);
        loss = canonical(loss);
        t->losses[done] = loss;
        loss_sum += (double)loss;
        if (__builtin_expect(!is_sound, 0)) {
            *refused = true;
            done++;
            break;
        }
        if (rule == BP_ADAM) adam_numbers(t, &powers, done, &n);
        done++;
        // The first layer's new weights meet the next row on their way to memory.
        const float *next = t->x + row_of(t, done < iterations ? done : 0) * t->x_stride;
        {
            const bp_small_layer *o = &layer[0];
            float *w = o->w, *first = o->first, *second = o->second;
            sum = splat(0.0f);
            for (ptrdiff_t i = 0; i < o->inputs; i++, w += BP_LANES, first += BP_LANES, second += BP_LANES) {
                vf g = fma16(splat(x[i]), error, splat(0.0f));
                vf new = updated(rule, decay, &n, g, load(w), first, second);
                store(w, new);
                sum = fma16(splat(next[i]), new, sum);
            }
            store(w, updated(rule, NO_DECAY, &n, splat(0.0f) + error, load(w), first, second));
        }
        x = next;
        for (ptrdiff_t l = 1; l <= last; l++) {
            const bp_small_layer *o = &layer[l];
            float *w = o->w, *first = o->first, *second = o->second;
            vf delta = load(d[l]);
            for (ptrdiff_t i = 0; i < o->inputs; i++, w += BP_LANES, first += BP_LANES, second += BP_LANES) {
                vf g = fma16(splat(a[l][i]), delta, splat(0.0f));
                store(w, updated(rule, decay, &n, g, load(w), first, second));
            }
            store(w, updated(rule, NO_DECAY, &n, splat(0.0f) + delta, load(w), first, second));
            if (!updates_exchanged(rule, o->outputs)) {
                transpose(o->inputs, o->outputs, o->w, o->back);
                continue;
            }
            float *back = o->back, *back_first = o->back_first, *back_second = o->back_second;
            vf below = load(a[l]);
            for (ptrdiff_t j = 0; j < o->outputs; j++) {
                vf g = fma16(splat(d[l][j]), below, splat(0.0f));
                store(back, updated(rule, decay, &n, g, load(back), back_first, back_second));
                back += BP_LANES, back_first += BP_LANES, back_second += BP_LANES;
            }
        }
    }
    *t->loss_sum = loss_sum;
    return done;
}

// MARK: Batches of a few rows, and layers of a few panels.

// How many sums run side by side: as many as hide the time that one takes. Where fused multiply-add is many instructions,
// one.
#if BP_HAS_FMA
enum { BP_ABREAST = 4 };
#else
enum { BP_ABREAST = 1 };
#endif

// P panels of R rows of a product, all sums at once: out[r][p] = Σ_k v[r][k] rows[p][k], k ascending from +0.
BP_INLINE void sums_of(const int R, const int P, const float *v, ptrdiff_t v_stride, ptrdiff_t depth,
                       const float *rows, ptrdiff_t panel, float *out, ptrdiff_t stride) {
    vf sum[BP_ABREAST][BP_ABREAST];
    BP_UNROLL for (int r = 0; r < R; r++)
        BP_UNROLL for (int p = 0; p < P; p++) sum[r][p] = splat(0.0f);
    for (ptrdiff_t k = 0; k < depth; k++) {
        vf row[BP_ABREAST];
        BP_UNROLL for (int p = 0; p < P; p++) row[p] = load(rows + p * panel + k * BP_LANES);
        BP_UNROLL for (int r = 0; r < R; r++) {
            vf factor = splat(v[r * v_stride + k]);
            BP_UNROLL for (int p = 0; p < P; p++) sum[r][p] = fma16(factor, row[p], sum[r][p]);
        }
    }
    BP_UNROLL for (int r = 0; r < R; r++)
        BP_UNROLL for (int p = 0; p < P; p++) store(out + r * stride + p * BP_LANES, sum[r][p]);
}

static void small_product(ptrdiff_t rows, ptrdiff_t panels, const float *v, ptrdiff_t v_stride, ptrdiff_t depth,
                          const float *w, ptrdiff_t panel, float *out, ptrdiff_t stride) {
    ptrdiff_t r = 0;
    for (; r + BP_ABREAST <= rows; r += BP_ABREAST, v += BP_ABREAST * v_stride, out += BP_ABREAST * stride)
        for (ptrdiff_t p = 0; p < panels; p++)
            sums_of(BP_ABREAST, 1, v, v_stride, depth, w + p * panel, panel, out + p * BP_LANES, stride);
#if BP_HAS_FMA
    for (; r < rows; r++, v += v_stride, out += stride)
        switch (panels) {
        case 1: sums_of(1, 1, v, v_stride, depth, w, panel, out, stride); break;
        case 2: sums_of(1, 2, v, v_stride, depth, w, panel, out, stride); break;
        case 3: sums_of(1, 3, v, v_stride, depth, w, panel, out, stride); break;
        default: sums_of(1, 4, v, v_stride, depth, w, panel, out, stride); break;
        }
#endif
}

// Updates `count` rows of weights in each panel by Σ_b factors[b][i] vectors[b][p], b ascending from +0, times 1/B.
BP_INLINE void update_rows(const bp_rule rule, const bp_decay decay, const bp_numbers *n, ptrdiff_t rows,
                           ptrdiff_t count, const float *factors, ptrdiff_t factor_stride, ptrdiff_t panels,
                           const float *vectors, ptrdiff_t stride, float *w, ptrdiff_t panel, float *first,
                           float *second) {
    for (ptrdiff_t p = 0; p < panels; p++, vectors += BP_LANES, w += panel, first += panel, second += panel) {
        ptrdiff_t i = 0;
        for (; i + BP_ABREAST <= count; i += BP_ABREAST) {
            vf sum[BP_ABREAST];
            BP_UNROLL for (int u = 0; u < BP_ABREAST; u++) sum[u] = splat(0.0f);
            for (ptrdiff_t b = 0; b < rows; b++) {
                vf vector = load(vectors + b * stride);
                const float *factor = factors + b * factor_stride + i;
                BP_UNROLL for (int u = 0; u < BP_ABREAST; u++) sum[u] = fma16(splat(factor[u]), vector, sum[u]);
            }
            BP_UNROLL for (int u = 0; u < BP_ABREAST; u++) {
                ptrdiff_t at = (i + u) * BP_LANES;
                store(w + at, updated(rule, decay, n, sum[u] * n->scale, load(w + at), first + at, second + at));
            }
        }
        for (; i < count && BP_ABREAST > 1; i++) {
            vf sum = splat(0.0f);
            for (ptrdiff_t b = 0; b < rows; b++)
                sum = fma16(splat(factors[b * factor_stride + i]), load(vectors + b * stride), sum);
            ptrdiff_t at = i * BP_LANES;
            store(w + at, updated(rule, decay, n, sum * n->scale, load(w + at), first + at, second + at));
        }
    }
}

BP_INLINE void update_layer(const bp_rule rule, const bp_decay decay, const bp_numbers *n, ptrdiff_t rows,
                            const bp_small_layer *o, bool is_first, const float *below, ptrdiff_t below_stride) {
    ptrdiff_t panels = (o->outputs + BP_LANES - 1) / BP_LANES, panel = (o->inputs + 1) * BP_LANES;
    update_rows(rule, decay, n, rows, o->inputs, below, below_stride, panels, o->d, o->stride, o->w, panel, o->first,
                o->second);
    for (ptrdiff_t p = 0; p < panels; p++) {
        vf sum = splat(0.0f);
        for (ptrdiff_t b = 0; b < rows; b++) sum += load(o->d + b * o->stride + p * BP_LANES);
        ptrdiff_t at = p * panel + o->inputs * BP_LANES;
        store(o->w + at, updated(rule, NO_DECAY, n, sum * n->scale, load(o->w + at), o->first + at, o->second + at));
    }
    if (is_first) return;
    if (!updates_exchanged(rule, o->outputs)) transpose(o->inputs, o->outputs, o->w, o->back);
    else
        update_rows(rule, decay, n, rows, o->outputs, o->d, o->stride, (o->inputs + BP_LANES - 1) / BP_LANES, below,
                    below_stride, o->back, o->outputs * BP_LANES, o->back_first, o->back_second);
}

// Code for each rule with each decay; where fused multiply-add is many instructions, one for all of them.
#if BP_HAS_FMA
#define BP_FOR_EACH_RULE(F)                                                                                           \
    F(BP_SGD, NO_DECAY) F(BP_SGD, COUPLED_DECAY) F(BP_MOMENTUM, NO_DECAY) F(BP_MOMENTUM, COUPLED_DECAY)                \
    F(BP_ADAM, NO_DECAY) F(BP_ADAM, COUPLED_DECAY) F(BP_ADAM, DECOUPLED_DECAY)
#else
#define BP_FOR_EACH_RULE(F) F(rule, decay)
#endif

static void update_any_layer(bp_rule rule, bp_decay decay, const bp_numbers *n, ptrdiff_t rows,
                             const bp_small_layer *o, bool is_first, const float *below, ptrdiff_t below_stride) {
#define BP_CASE(R, D) \
    if (rule == R && decay == D) return update_layer(R, D, n, rows, o, is_first, below, below_stride);
    BP_FOR_EACH_RULE(BP_CASE)
#undef BP_CASE
}

BP_INLINE vi greatest_in(vi greatest, ptrdiff_t count, const float *x) {
    for (ptrdiff_t i = 0; i < count; i += BP_LANES) greatest = greatest_of(greatest, load(x + i));
    return greatest;
}

// The rows of batch k: where they lie together, or copied together.
BP_INLINE void rows_of(const bp_small_training *t, ptrdiff_t k, const float **x, ptrdiff_t *x_stride, const float **y,
                       ptrdiff_t *y_stride) {
    ptrdiff_t start = k * t->rows;
    *x_stride = t->x_stride;
    *y_stride = t->y_stride;
    if (!t->order || t->rows == 1) {
        ptrdiff_t row = row_of(t, start);
        *x = t->x + row * t->x_stride;
        *y = t->y + row * t->y_stride;
        return;
    }
    ptrdiff_t inputs = t->layer[0].inputs, targets = t->layer[t->layers - 1].stride;
    for (ptrdiff_t b = 0; b < t->rows; b++) {
        ptrdiff_t row = t->order[start + b];
        __builtin_memcpy(t->gathered_x + b * inputs, t->x + row * t->x_stride, (size_t)inputs * sizeof(float));
        __builtin_memcpy(t->gathered_y + b * targets, t->y + row * t->y_stride, (size_t)targets * sizeof(float));
    }
    *x = t->gathered_x;
    *x_stride = inputs;
    *y = t->gathered_y;
    *y_stride = targets;
}

static ptrdiff_t train_rows(bp_decay decay, const bp_small_training *t, bool *refused) {
    const ptrdiff_t last = t->layers - 1, rows = t->rows;
    const bp_small_layer *layer = t->layer, *output = &layer[last];
    bp_numbers n = numbers_of(t->rule, &t->update);
    bp_adam_powers powers;
    if (t->rule == BP_ADAM) {
        make_powers(t->beta1, &powers.first);
        make_powers(t->beta2, &powers.second);
    }
    for (ptrdiff_t k = 0; k < t->iterations; k++) {
        const float *x, *y;
        ptrdiff_t x_stride, y_stride;
        rows_of(t, k, &x, &x_stride, &y, &y_stride);
        vi greatest = splat_bits(0);
        for (ptrdiff_t l = 0; l <= last; l++) {
            const bp_small_layer *o = &layer[l];
            ptrdiff_t panel = (o->inputs + 1) * BP_LANES;
            float *z = l == last ? t->z : o->a;
            small_product(rows, (o->outputs + BP_LANES - 1) / BP_LANES, l ? layer[l - 1].a : x,
                          l ? layer[l - 1].stride : x_stride, o->inputs, o->w, panel, z, o->stride);
            activate_2(o->activation, rows, o->outputs, o->stride, o->w + o->inputs * BP_LANES, panel, z, o->a);
            if (l < last) greatest = greatest_in(greatest, rows * o->stride, o->a);
        }
        losses_2(t->loss, output->activation, rows, output->outputs, output->stride, t->z, output->a, y, y_stride,
                 t->row_losses);
        output_delta(t->loss, output->activation, rows, output->outputs, output->stride, output->a, y, y_stride,
                     output->d);
        greatest = greatest_in(greatest, rows * output->stride, output->d);
        for (ptrdiff_t l = last; l > 0; l--) {
            const bp_small_layer *above = &layer[l], *o = &layer[l - 1];
            small_product(rows, (o->outputs + BP_LANES - 1) / BP_LANES, above->d, above->stride, above->outputs,
                          above->back, above->outputs * BP_LANES, o->d, o->stride);
            derivative(o->activation, rows, o->outputs, o->stride, o->a, o->d);
            greatest = greatest_in(greatest, rows * o->stride, o->d);
        }
        float loss = sum(t->row_losses, rows) * t->update.scale;
        bool is_sound = is_finite(loss);
        if (__builtin_expect(exceeds_bound(greatest) | !t->is_bounded, 0))
            for (ptrdiff_t l = 0; l <= last && is_sound; l++)
                is_sound = sums_are_finite(rows, layer[l].inputs, (layer[l].outputs + BP_LANES - 1) / BP_LANES,
                                           l ? layer[l - 1].a : x, l ? layer[l - 1].stride : x_stride, layer[l].d,
                                           layer[l].stride);
        loss = canonical(loss);
        t->losses[k] = loss;
        *t->loss_sum += (double)rows * (double)loss;
        if (__builtin_expect(!is_sound, 0)) {
            *refused = true;
            return k + 1;
        }
        if (t->rule == BP_ADAM) adam_numbers(t, &powers, k, &n);
        for (ptrdiff_t l = 0; l <= last; l++)
            update_any_layer(t->rule, decay, &n, rows, &layer[l], l == 0, l ? layer[l - 1].a : x,
                             l ? layer[l - 1].stride : x_stride);
    }
    return t->iterations;
}

static ptrdiff_t train_small(const bp_small_training *t, bool *refused) {
    *refused = false;
    if (t->iterations == 0) return 0;
    exchange_all(t);
    bp_rule rule = t->rule;
    bp_decay decay = decay_of(&t->update);
    bool has_one_panel = t->rows == 1;
    for (ptrdiff_t l = 0; l < t->layers; l++) has_one_panel &= t->layer[l].outputs <= BP_LANES;
    if (!has_one_panel) return train_rows(decay, t, refused);
#define BP_CASE(R, D) \
    if (rule == R && decay == D) return train_one_panel(R, D, t, refused);
    BP_FOR_EACH_RULE(BP_CASE)
#undef BP_CASE
    return 0;
}
