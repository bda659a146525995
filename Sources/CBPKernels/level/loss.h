// The loss of each row and the error at the output. Sums over a row are 16 lane sums over its panels, then the tree.

// ½ Σ (a − y)²
BP_INLINE float half_squared_error(bp_shape s, const float *a, const float *y) {
    vf sum = splat(0.0f);
    for (ptrdiff_t p = 0; p < panels_of(s); p++) {
        vf r = load(a + p * BP_LANES) - load(y + p * BP_LANES);
        sum = fma16(r, r, sum);
    }
    return 0.5f * sum_of_lanes(sum);
}

// logsumexp(z) − Σ y z where Σ y = 1, as ln(1 + rest) + Σ y (max − z). `rest` is Σ e^(z − max) without one of the terms
// that are 1, so that a small loss keeps its digits.
BP_INLINE float softmax_cross_entropy(const int version, bp_shape s, const float *z, const float *y) {
    vf top = row_maximum(s, z), rest = splat(0.0f), ones = splat(0.0f), margin = splat(0.0f);
    for (ptrdiff_t p = 0; p < panels_of(s); p++) {
        vf e = shifted_exp(version, s, z, p, top);
        vi is_one = e == splat(1.0f);
        rest += (vf)((vi)e & ~is_one);
        ones += (vf)((vi)e & is_one);
        vf difference = (vf)((vi)(top - load(z + p * BP_LANES)) & lanes_of(s.width, p));
        margin = fma16(load(y + p * BP_LANES), difference, margin);
    }
    float sum = (sum_of_lanes(ones) - 1.0f) + sum_of_lanes(rest);
    return log1p16(splat(sum))[0] + sum_of_lanes(margin);
}

// Σ [max(z, 0) − z y + ln(1 + e^−|z|)]
BP_INLINE float logistic_cross_entropy(const int version, bp_shape s, const float *z, const float *y) {
    vf sum = splat(0.0f);
    for (ptrdiff_t p = 0; p < panels_of(s); p++) {
        vf v = load(z + p * BP_LANES), t = load(y + p * BP_LANES);
        vf below = (vf)((vi)v | splat_bits((int32_t)0x80000000));
        vf soft = log1p16(version == 1 ? exp_1(below) : exp_2(below));
        // max(z, 0) − z y is z (1 − y) above 0 and −z y below: no difference of great numbers.
        vf linear = v * select(v > splat(0.0f), splat(1.0f) - t, splat(0.0f) - t);
        sum += (vf)((vi)(linear + soft) & lanes_of(s.width, p));
    }
    return sum_of_lanes(sum);
}

BP_INLINE void losses(const int version, bp_loss loss, bp_activation f, bp_shape s, const float *z, const float *a,
                      const float *y, ptrdiff_t y_stride, float *row_losses) {
    for (ptrdiff_t m = 0; m < s.rows; m++, z += s.stride, a += s.stride, y += y_stride) {
        if (loss == BP_HALF_SQUARED_ERROR) row_losses[m] = half_squared_error(s, a, y);
        else if (f == BP_SOFTMAX) row_losses[m] = softmax_cross_entropy(version, s, z, y);
        else row_losses[m] = logistic_cross_entropy(version, s, z, y);
    }
}

static void losses_1(bp_loss loss, bp_activation f, ptrdiff_t rows, ptrdiff_t width, ptrdiff_t stride, const float *z,
                     const float *a, const float *y, ptrdiff_t y_stride, float *row_losses) {
    losses(1, loss, f, (bp_shape){rows, width, stride}, z, a, y, y_stride, row_losses);
}

static void losses_2(bp_loss loss, bp_activation f, ptrdiff_t rows, ptrdiff_t width, ptrdiff_t stride, const float *z,
                     const float *a, const float *y, ptrdiff_t y_stride, float *row_losses) {
    losses(2, loss, f, (bp_shape){rows, width, stride}, z, a, y, y_stride, row_losses);
}

// δ = (a − y) ⊙ f′(z)
BP_INLINE void squared_error_delta(bp_activation f, bp_shape s, const float *a, const float *y, float *d) {
    for (ptrdiff_t p = 0; p < panels_of(s); p++) {
        vf value = load(a + p * BP_LANES);
        store(d + p * BP_LANES, times_derivative(f, value - load(y + p * BP_LANES), value));
    }
}

// g = a − y, δ = a ⊙ (g − Σ g a)
BP_INLINE void softmax_squared_error_delta(bp_shape s, const float *a, const float *y, float *d) {
    vf sum = splat(0.0f);
    for (ptrdiff_t p = 0; p < panels_of(s); p++) {
        vf value = load(a + p * BP_LANES);
        sum = fma16(value - load(y + p * BP_LANES), value, sum);
    }
    vf mean = splat(sum_of_lanes(sum));
    for (ptrdiff_t p = 0; p < panels_of(s); p++) {
        vf value = load(a + p * BP_LANES);
        store(d + p * BP_LANES, value * ((value - load(y + p * BP_LANES)) - mean));
    }
}

static void output_delta(bp_loss loss, bp_activation f, ptrdiff_t rows, ptrdiff_t width, ptrdiff_t stride,
                         const float *a, const float *y, ptrdiff_t y_stride, float *d) {
    bp_shape s = {rows, width, stride};
    // With cross-entropy δ = o − y, which is what the squared error's is with f′ = 1.
    bp_activation slope = loss == BP_CROSS_ENTROPY ? BP_IDENTITY : f;
    for (ptrdiff_t m = 0; m < s.rows; m++, a += s.stride, d += s.stride, y += y_stride)
        switch (slope) {
        case BP_IDENTITY: squared_error_delta(BP_IDENTITY, s, a, y, d); break;
        case BP_SIGMOID: squared_error_delta(BP_SIGMOID, s, a, y, d); break;
        case BP_TANH: squared_error_delta(BP_TANH, s, a, y, d); break;
        case BP_RELU: squared_error_delta(BP_RELU, s, a, y, d); break;
        case BP_SOFTMAX: softmax_squared_error_delta(s, a, y, d); break;
        }
}

enum { BP_SUM_BLOCK = 4096 };

static float sum(const float *x, ptrdiff_t count) {
    if (count == 1) return 0.0f + x[0];  // what the general case comes to
    float total = 0.0f;
    for (ptrdiff_t start = 0; start < count; start += BP_SUM_BLOCK) {
        ptrdiff_t end = count - start < BP_SUM_BLOCK ? count : start + BP_SUM_BLOCK;
        vf lanes = splat(0.0f);
        for (ptrdiff_t i = start; i < end; i += BP_LANES) {
            vf v = splat(0.0f);
            ptrdiff_t left = end - i < BP_LANES ? end - i : BP_LANES;
            __builtin_memcpy(&v, x + i, (size_t)left * sizeof(float));
            lanes += v;
        }
        total += sum_of_lanes(lanes);
    }
    return total;
}
