// The edge at the output of a step: bias, activation, loss and error of each row.

// Softmax with cross-entropy in one pass: e^(z − max) serves the outputs and the loss, and one logarithm serves 16 rows.
// The same operations in the same order as `activate`, `losses` and `output_delta` one after the other.
BP_INLINE void softmax_cross_entropy_edge(const int version, bp_shape s, const float *bias,
                                          ptrdiff_t bias_panel, float *z, float *a, const float *y,
                                          ptrdiff_t y_stride, float *row_losses, float *d) {
    ptrdiff_t panels = panels_of(s);
    for (ptrdiff_t first = 0, count; first < s.rows; first += count) {
        count = s.rows - first < BP_LANES ? s.rows - first : BP_LANES;
        vf rests = splat(0.0f), margins = splat(0.0f);
        for (ptrdiff_t m = 0; m < count; m++, z += s.stride, a += s.stride, d += s.stride, y += y_stride) {
            for (ptrdiff_t p = 0; p < panels; p++)
                store(z + p * BP_LANES, load(z + p * BP_LANES) + load(bias + p * bias_panel));
            vf top = row_maximum(s, z), sum = splat(0.0f), rest = sum, ones = sum, margin = sum;
            for (ptrdiff_t p = 0; p < panels; p++) {
                vf e = shifted_exp(version, s, z, p, top);
                vi is_one = e == splat(1.0f);
                sum += e;
                rest += (vf)((vi)e & ~is_one);
                ones += (vf)((vi)e & is_one);
                vf difference = (vf)((vi)(top - load(z + p * BP_LANES)) & lanes_of(s.width, p));
                margin = fma16(load(y + p * BP_LANES), difference, margin);
                store(a + p * BP_LANES, e);
            }
            vf total = splat(sum_of_lanes(sum));
            for (ptrdiff_t p = 0; p < panels; p++) {
                vf value = load(a + p * BP_LANES) / total;
                store(a + p * BP_LANES, value);
                store(d + p * BP_LANES, value - load(y + p * BP_LANES));
            }
            rests[m] = (sum_of_lanes(ones) - 1.0f) + sum_of_lanes(rest);
            margins[m] = sum_of_lanes(margin);
        }
        vf found = log1p16(rests) + margins;
        __builtin_memcpy(row_losses + first, &found, (size_t)count * sizeof(float));
    }
}

BP_INLINE void output_edge(const int version, bp_loss loss, bp_activation f, bp_shape s, const float *bias,
                           ptrdiff_t bias_panel, float *z, float *a, const float *y, ptrdiff_t y_stride,
                           float *row_losses, float *d) {
    if (loss == BP_CROSS_ENTROPY && f == BP_SOFTMAX) {
        softmax_cross_entropy_edge(version, s, bias, bias_panel, z, a, y, y_stride, row_losses, d);
        return;
    }
    activate(version, f, s, bias, bias_panel, z, a);
    losses(version, loss, f, s, z, a, y, y_stride, row_losses);
    output_delta(loss, f, s.rows, s.width, s.stride, a, y, y_stride, d);
}

#define BP_OUTPUT_EDGE(version)                                                                                       \
    static void output_edge_##version(bp_loss loss, bp_activation f, ptrdiff_t rows, ptrdiff_t width,                   \
                                      ptrdiff_t stride, const float *bias, ptrdiff_t bias_panel, float *z, float *a,   \
                                      const float *y, ptrdiff_t y_stride, float *row_losses, float *d) {              \
        output_edge(version, loss, f, (bp_shape){rows, width, stride}, bias, bias_panel, z, a, y, y_stride, row_losses, \
                    d);                                                                                               \
    }
BP_OUTPUT_EDGE(1)
BP_OUTPUT_EDGE(2)
