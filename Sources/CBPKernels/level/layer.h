// The elementwise parts of a layer. If a function takes an activation, the case is chosen once and the loops are compiled
// for each; `version` is that of the numerics, known when this is compiled.

// Rows of a batch at one layer: [rows × width] with a stride, in floats.
typedef struct {
    ptrdiff_t rows, width, stride;
} bp_shape;

BP_INLINE ptrdiff_t panels_of(bp_shape s) { return (s.width + BP_LANES - 1) / BP_LANES; }

BP_INLINE vf apply(const int version, bp_activation f, vf z) {
    switch (f) {
    case BP_SIGMOID: return version == 1 ? sigmoid_1(z) : sigmoid_2(z);
    case BP_TANH: return version == 1 ? tanh_1(z) : tanh_2(z);
    case BP_RELU: return (vf)((vi)z & ~(z <= splat(0.0f)));  // a NaN stays
    default: return z;
    }
}

BP_INLINE void activate_rows(const int version, bp_activation f, bp_shape s, const float *bias, ptrdiff_t bias_panel,
                             float *z, float *a) {
    ptrdiff_t panels = panels_of(s);
    vi inside = lanes_of(s.width, panels - 1);
    for (ptrdiff_t m = 0; m < s.rows; m++)
        for (ptrdiff_t p = 0; p < panels; p++) {
            ptrdiff_t at = m * s.stride + p * BP_LANES;
            vf sum = load(z + at) + load(bias + p * bias_panel);
            store(z + at, sum);
            vf value = apply(version, f, sum);
            store(a + at, p + 1 < panels ? value : (vf)((vi)value & inside));
        }
}

// The greatest z of a row; columns past the width count as −∞.
BP_INLINE vf row_maximum(bp_shape s, const float *z) {
    ptrdiff_t last = panels_of(s) - 1;
    vf top = select(lanes_of(s.width, last), load(z + last * BP_LANES), splat(-__builtin_inff()));
    for (ptrdiff_t p = 0; p < last; p++) top = greater(load(z + p * BP_LANES), top);
    return splat(greatest_lane(top));
}

// e^(z − max) for a panel; 0 past the width.
BP_INLINE vf shifted_exp(const int version, bp_shape s, const float *z, ptrdiff_t p, vf top) {
    vf difference = load(z + p * BP_LANES) - top;
    return (vf)((vi)(version == 1 ? exp_1(difference) : exp_2(difference)) & lanes_of(s.width, p));
}

BP_INLINE void softmax_rows(const int version, bp_shape s, const float *bias, ptrdiff_t bias_panel, float *z,
                            float *a) {
    ptrdiff_t panels = panels_of(s);
    for (ptrdiff_t m = 0; m < s.rows; m++, z += s.stride, a += s.stride) {
        for (ptrdiff_t p = 0; p < panels; p++)
            store(z + p * BP_LANES, load(z + p * BP_LANES) + load(bias + p * bias_panel));
        vf top = row_maximum(s, z), sum = splat(0.0f);
        for (ptrdiff_t p = 0; p < panels; p++) {
            vf e = shifted_exp(version, s, z, p, top);
            store(a + p * BP_LANES, e);
            sum += e;
        }
        vf total = splat(sum_of_lanes(sum));
        for (ptrdiff_t p = 0; p < panels; p++) store(a + p * BP_LANES, load(a + p * BP_LANES) / total);
    }
}

BP_INLINE void activate(const int version, bp_activation f, bp_shape s, const float *bias, ptrdiff_t bias_panel,
                        float *z, float *a) {
    switch (f) {
    case BP_IDENTITY: activate_rows(version, BP_IDENTITY, s, bias, bias_panel, z, a); break;
    case BP_SIGMOID: activate_rows(version, BP_SIGMOID, s, bias, bias_panel, z, a); break;
    case BP_TANH: activate_rows(version, BP_TANH, s, bias, bias_panel, z, a); break;
    case BP_RELU: activate_rows(version, BP_RELU, s, bias, bias_panel, z, a); break;
    case BP_SOFTMAX: softmax_rows(version, s, bias, bias_panel, z, a); break;
    }
}

static void activate_1(bp_activation f, ptrdiff_t rows, ptrdiff_t width, ptrdiff_t stride, const float *bias,
                       ptrdiff_t bias_panel, float *z, float *a) {
    activate(1, f, (bp_shape){rows, width, stride}, bias, bias_panel, z, a);
}

static void activate_2(bp_activation f, ptrdiff_t rows, ptrdiff_t width, ptrdiff_t stride, const float *bias,
                       ptrdiff_t bias_panel, float *z, float *a) {
    activate(2, f, (bp_shape){rows, width, stride}, bias, bias_panel, z, a);
}

// g ⊙ f′(z), with f′ from a = f(z).
BP_INLINE vf times_derivative(bp_activation f, vf g, vf a) {
    switch (f) {
    case BP_SIGMOID: return g * (a * (splat(1.0f) - a));
    case BP_TANH: return g * (splat(1.0f) - a * a);
    case BP_RELU: return (vf)((vi)g & (a > splat(0.0f)));
    default: return g;
    }
}

BP_INLINE void derivative_rows(bp_activation f, bp_shape s, const float *a, float *d) {
    ptrdiff_t panels = panels_of(s);
    for (ptrdiff_t m = 0; m < s.rows; m++)
        for (ptrdiff_t p = 0; p < panels; p++) {
            ptrdiff_t at = m * s.stride + p * BP_LANES;
            store(d + at, times_derivative(f, load(d + at), load(a + at)));
        }
}

static void derivative(bp_activation f, ptrdiff_t rows, ptrdiff_t width, ptrdiff_t stride, const float *a,
                       float *d) {
    bp_shape s = {rows, width, stride};
    switch (f) {
    case BP_SIGMOID: derivative_rows(BP_SIGMOID, s, a, d); break;
    case BP_TANH: derivative_rows(BP_TANH, s, a, d); break;
    case BP_RELU: derivative_rows(BP_RELU, s, a, d); break;
    default: break;
    }
}
