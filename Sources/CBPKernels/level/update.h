// One pass over the parameters for each rule. g is the finished sum over the batch times 1/B.

// W ← W − μ g, fused.
static void sgd(const bp_update *u, ptrdiff_t count, const float *g, float *w) {
    const vf scale = splat(u->scale), rate = splat(-u->rate);
    for (ptrdiff_t i = 0; i < count; i += BP_LANES)
        store(w + i, fma16(rate, load(g + i) * scale, load(w + i)));
}

// v ← β v + g, W ← W − μ v, both fused.
static void momentum(const bp_update *u, ptrdiff_t count, const float *g, float *w, float *v) {
    const vf scale = splat(u->scale), rate = splat(-u->rate), decay = splat(u->decay1);
    for (ptrdiff_t i = 0; i < count; i += BP_LANES) {
        vf velocity = fma16(decay, load(v + i), load(g + i) * scale);
        store(v + i, velocity);
        store(w + i, fma16(rate, velocity, load(w + i)));
    }
}

// m ← β₁ m + (1 − β₁) g, v ← β₂ v + (1 − β₂) g² with the first term fused;
// W ← W − (m · μ/(1 − β₁ᵗ)) / (√(v · 1/(1 − β₂ᵗ)) + ε).
static void adam(const bp_update *u, ptrdiff_t count, const float *g, float *w, float *m, float *v) {
    const vf scale = splat(u->scale), rate = splat(u->rate), epsilon = splat(u->epsilon);
    const vf decay1 = splat(u->decay1), complement1 = splat(u->complement1);
    const vf decay2 = splat(u->decay2), complement2 = splat(u->complement2), correction2 = splat(u->correction2);
    for (ptrdiff_t i = 0; i < count; i += BP_LANES) {
        vf gradient = load(g + i) * scale;
        vf first = fma16(decay1, load(m + i), complement1 * gradient);
        vf second = fma16(decay2, load(v + i), complement2 * (gradient * gradient));
        store(m + i, first);
        store(v + i, second);
        vf divisor = __builtin_elementwise_sqrt(second * correction2) + epsilon;
        store(w + i, load(w + i) - (first * rate) / divisor);
    }
}
