// Exponential, logarithm, hyperbolic tangent and sigmoid as polynomials of our own: libm's bits depend on the machine.
// Worst errors against the exact value, in units of the last place, are tested and stated in docs/numerics.md. A
// function whose bits depend on the numerics version has it in its name.

// e^x. x = n ln 2 + r with |r| ≤ ½ ln 2 (ln 2 in two parts), e^r = 1 + r + r² q(r), where what r and 1 + r lose to
// rounding is added again; times 2^n in two halves, so that a denormal result is rounded once.
BP_INLINE vf exp_1(vf x) {
    x = at_least(splat(-104.5f), at_most(splat(89.0f), x));
    const vf magic = splat(0x1.8p23f);
    vf shifted = fma16(x, splat(0x1.715476p0f), magic);
    vf n = shifted - magic;
    vf far = fma16(n, splat(-0x1.62e4p-1f), x);
    vf r = fma16(n, splat(-0x1.7f7d1cp-20f), far);
    vf lost = fma16(n, splat(-0x1.7f7d1cp-20f), far - r);
    vf q = splat(0x1.9f0816p-13f);
    q = fma16(q, r, splat(0x1.6d8db2p-10f));
    q = fma16(q, r, splat(0x1.111272p-7f));
    q = fma16(q, r, splat(0x1.55548ep-5f));
    q = fma16(q, r, splat(0x1.555554p-3f));
    q = fma16(q, r, splat(0.5f));
    vf sum = splat(1.0f) + r;
    vf p = sum + ((r - (sum - splat(1.0f))) + fma16(r * r, q, lost));
    return scale2n(p, n, (vi)shifted - (vi)magic);
}

// q(r) of `exp_1` in pairs of terms, a chain of fewer steps.
BP_INLINE vf exp_tail(vf r) {
    vf square = r * r;
    vf low = fma16(splat(0x1.555554p-3f), r, splat(0.5f));
    vf middle = fma16(splat(0x1.111272p-7f), r, splat(0x1.55548ep-5f));
    vf high = fma16(splat(0x1.9f0816p-13f), r, splat(0x1.6d8db2p-10f));
    return fma16(fma16(high, square, middle), square, low);
}

// e^x for x ≤ 89. As `exp_1`, but with `exp_tail`, and what r and 1 + r lose is added to r² q.
BP_INLINE vf exp_up_to_89(vf x) {
    x = at_least(splat(-104.5f), x);
    const vf magic = splat(0x1.8p23f), one = splat(1.0f);
    vf shifted = fma16(x, splat(0x1.715476p0f), magic);
    vf n = shifted - magic;
    vf far = fma16(n, splat(-0x1.62e4p-1f), x);
    vf r = fma16(n, splat(-0x1.7f7d1cp-20f), far);
    vf lost = fma16(n, splat(-0x1.7f7d1cp-20f), far - r);
    vf sum = one + r;
    vf p = sum + fma16(r * r, exp_tail(r), (r - (sum - one)) + lost);
    return scale2n(p, n, (vi)shifted - (vi)magic);
}
BP_INLINE vf exp_2(vf x) { return exp_up_to_89(at_most(splat(89.0f), x)); }

// ln(1 + x) for x ≥ 0. u = 1 + x rounded = 2^k m with ½√2 ≤ m < √2; what the rounding lost is added to f = m − 1;
// ln(1 + f) = f − ½ f² + f³ p(f), and k ln 2 in two parts.
BP_INLINE vf log1p16(vf x) {
    const vf one = splat(1.0f);
    vf u = x + one;
    vf lost = select(x < one, x - (u - one), one - (u - x));
    vi k = ((vi)u - splat_bits(0x3F3504F3)) >> 23;
    vf f = (vf)((vi)u - (k << 23)) - one;
    vi exponent = splat_bits(127) - k;
    exponent = exponent & ~(exponent >> 31);  // 2^−k past the normal numbers: nothing is lost there
    f = f + lost * (vf)(exponent << 23);
    vf p = splat(0x1.145704p-4f);
    p = fma16(p, f, splat(-0x1.de50f2p-4f));
    p = fma16(p, f, splat(0x1.e6fbe0p-4f));
    p = fma16(p, f, splat(-0x1.fc1faep-4f));
    p = fma16(p, f, splat(0x1.23368ap-3f));
    p = fma16(p, f, splat(-0x1.555c54p-3f));
    p = fma16(p, f, splat(0x1.99a4c0p-3f));
    p = fma16(p, f, splat(-0x1.000006p-2f));
    p = fma16(p, f, splat(0x1.555548p-2f));
    vf square = f * f;
    vf n = __builtin_convertvector(k, vf);
    vf tail = fma16(n, splat(0x1.7f7d1cp-20f), square * (f * p));
    tail = fma16(square, splat(-0.5f), tail);
    vf result = fma16(n, splat(0x1.62e4p-1f), tail + f);
    result = select(x == splat(__builtin_inff()), x, result);
    return select(x == x, result, x);
}

// tanh x. Below 0.9 x + x³ p(x²), above 1 − 2 / (e^2|x| + 1), with the sign of x.
BP_INLINE vf tanh_1(vf x) {
    vf size = magnitude(x);
    vf square = x * x;
    vf p = splat(-0x1.dd5566p-12f);
    p = fma16(p, square, splat(0x1.526f02p-9f));
    p = fma16(p, square, splat(-0x1.0ecab4p-7f));
    p = fma16(p, square, splat(0x1.62ee2ap-6f));
    p = fma16(p, square, splat(-0x1.b9c9c8p-5f));
    p = fma16(p, square, splat(0x1.110f34p-3f));
    p = fma16(p, square, splat(-0x1.55554ep-2f));
    vf near = fma16(square * size, p, size);
    vf far = splat(1.0f) - splat(2.0f) / (exp_1(size + size) + splat(1.0f));
    return (vf)((vi)select(size < splat(0.9f), near, far) | sign_bits(x));
}

// 1 / (1 + e^−x), from e = e^−|x| ≤ 1: 1 / (1 + e) for x ≥ 0, e / (1 + e) below, accurate in both tails. The quotient is
// corrected by its remainder, from which also what 1 + e lost to rounding is taken.
BP_INLINE vf sigmoid_1(vf x) {
    const vf one = splat(1.0f);
    vf e = exp_1((vf)((vi)x | splat_bits((int32_t)0x80000000)));
    vi below = x < splat(0.0f);
    vf numerator = select(below, e, one), sum = one + e, lost = e - (sum - one);
    vf quotient = numerator / sum;
    vf remainder = fma16(-quotient, lost, fma16(-quotient, sum, numerator));
    vf inverse = select(below, one - quotient, quotient);
    return fma16(remainder, inverse, quotient);
}

// tanh x = −u / (2 + u) with u = e^−2|x| − 1 and the sign of x. With −2|x| = n ln 2 + r, u is 2^n (r + r² q(r)) + (2^n − 1):
// nothing cancels, since n is 0 for small x. 127 in `magic` makes 2^n of what is shifted. From |x| = 10 on u is −1.
BP_INLINE vf tanh_2(vf x) {
    const vf magic = splat(0x1.8p23f + 127.0f);
    vf size = magnitude(x);
    vf y = at_least(splat(-20.0f), -(size + size));
    vf shifted = fma16(y, splat(0x1.715476p0f), magic);
    vf n = shifted - magic;
    vf r = fma16(n, splat(-0x1.7f7d1cp-20f), fma16(n, splat(-0x1.62e4p-1f), y));
    vf power = (vf)((vi)shifted << 23);
    vf u = fma16(power, fma16(r * r, exp_tail(r), r), power - splat(1.0f));
    return (vf)((vi)magnitude(u / (splat(2.0f) + u)) | sign_bits(x));
}

// 1 / (1 + e^−x), from e = e^−|x| ≤ 1: 1 / (1 + e) for x ≥ 0, e / (1 + e) below.
BP_INLINE vf sigmoid_2(vf x) {
    const vf one = splat(1.0f);
    vf e = exp_up_to_89((vf)((vi)x | splat_bits((int32_t)0x80000000)));
    return select(x < splat(0.0f), e, one) / (one + e);
}

BP_INLINE void function_of(const int version, bp_function f, ptrdiff_t count, const float *x, float *out) {
    for (ptrdiff_t i = 0; i < count; i += BP_LANES) {
        vf v = load(x + i);
        switch (f) {
        case BP_FUNCTION_EXP: v = version == 1 ? exp_1(v) : exp_2(v); break;
        case BP_FUNCTION_LOG1P: v = log1p16(v); break;
        case BP_FUNCTION_TANH: v = version == 1 ? tanh_1(v) : tanh_2(v); break;
        case BP_FUNCTION_SIGMOID: v = version == 1 ? sigmoid_1(v) : sigmoid_2(v); break;
        }
        store(out + i, v);
    }
}
static void function_1(bp_function f, ptrdiff_t count, const float *x, float *out) {
    function_of(1, f, count, x, out);
}
static void function_2(bp_function f, ptrdiff_t count, const float *x, float *out) {
    function_of(2, f, count, x, out);
}
