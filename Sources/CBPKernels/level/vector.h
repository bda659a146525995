// Sixteen floats, whatever registers the level has. Only operations that every processor rounds alike: + − × ÷ √ and
// fused multiply-add; everything else is moves, compares and integer operations on the bits.

typedef float vf __attribute__((vector_size(64)));
typedef int32_t vi __attribute__((vector_size(64)));

#define BP_INLINE static inline __attribute__((always_inline))

BP_INLINE vf splat(float x) { return (vf){x, x, x, x, x, x, x, x, x, x, x, x, x, x, x, x}; }
BP_INLINE vi splat_bits(int32_t x) { return (vi){x, x, x, x, x, x, x, x, x, x, x, x, x, x, x, x}; }
BP_INLINE vf load(const float *x) { return *(const vf *)x; }
BP_INLINE void store(float *x, vf v) { *(vf *)x = v; }
BP_INLINE vf select(vi mask, vf yes, vf no) { return (vf)((mask & (vi)yes) | (~mask & (vi)no)); }
BP_INLINE vf magnitude(vf x) { return (vf)((vi)x & splat_bits(0x7FFFFFFF)); }
BP_INLINE vi sign_bits(vf x) { return (vi)x & splat_bits((int32_t)0x80000000); }
BP_INLINE vf greater(vf x, vf y) { return select(x > y, x, y); }

// x, but at most or at least c; a NaN stays. Builtins, since the header of the intrinsics declares names of this file.
#if BP_HAS_SCALEF
enum { BP_AS_IS = 4 };  // round as the thread does
BP_INLINE vf at_most(vf c, vf x) { return __builtin_ia32_minps512(c, x, BP_AS_IS); }
BP_INLINE vf at_least(vf c, vf x) { return __builtin_ia32_maxps512(c, x, BP_AS_IS); }
#else
BP_INLINE vf at_most(vf c, vf x) { return select(x > c, c, x); }
BP_INLINE vf at_least(vf c, vf x) { return select(x < c, c, x); }
#endif

// p 2^n, rounded once: for p of ½ to 2 and whole n from −151 to 128. Without an instruction in two halves, the first of
// which is exact. `whole` is n again, as an integer.
#if BP_HAS_SCALEF
BP_INLINE vf scale2n(vf p, vf n, vi whole) {
    (void)whole;
    return __builtin_ia32_scalefps512_mask(p, n, p, (unsigned short)-1, BP_AS_IS);
}
#else
BP_INLINE vf scale2n(vf p, vf n, vi whole) {
    (void)n;
    vi half = whole >> 1;
    return (p * (vf)((half + 127) << 23)) * (vf)((whole - half + 127) << 23);
}
#endif

// Lanes 0 ..< count.
BP_INLINE vi first_lanes(ptrdiff_t count) {
    return (vi){0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15} < splat_bits((int32_t)count);
}
// The lanes of panel p that a row of this width fills.
BP_INLINE vi lanes_of(ptrdiff_t width, ptrdiff_t p) {
    ptrdiff_t left = width - p * BP_LANES;
    return first_lanes(left < BP_LANES ? left : BP_LANES);
}

typedef float v8 __attribute__((vector_size(32)));
typedef float v4 __attribute__((vector_size(16)));

// The fixed tree of a sum over lanes: i with i + 8, then + 4, + 2, + 1.
BP_INLINE float sum_of_lanes(vf x) {
    v8 a = __builtin_shufflevector(x, x, 0, 1, 2, 3, 4, 5, 6, 7) +
           __builtin_shufflevector(x, x, 8, 9, 10, 11, 12, 13, 14, 15);
    v4 b = __builtin_shufflevector(a, a, 0, 1, 2, 3) + __builtin_shufflevector(a, a, 4, 5, 6, 7);
    return (b[0] + b[2]) + (b[1] + b[3]);
}

// The greatest of the lanes; a NaN may or may not win.
BP_INLINE float greatest_lane(vf x) {
    x = greater(x, __builtin_shufflevector(x, x, 8, 9, 10, 11, 12, 13, 14, 15, 0, 1, 2, 3, 4, 5, 6, 7));
    x = greater(x, __builtin_shufflevector(x, x, 4, 5, 6, 7, 0, 1, 2, 3, 12, 13, 14, 15, 8, 9, 10, 11));
    x = greater(x, __builtin_shufflevector(x, x, 2, 3, 0, 1, 6, 7, 4, 5, 10, 11, 8, 9, 14, 15, 12, 13));
    x = greater(x, __builtin_shufflevector(x, x, 1, 0, 3, 2, 5, 4, 7, 6, 9, 8, 11, 10, 13, 12, 15, 14));
    return x[0];
}

#if BP_HAS_FMA
BP_INLINE vf fma16(vf a, vf b, vf c) { return __builtin_elementwise_fma(a, b, c); }
#else
typedef double vd __attribute__((vector_size(128)));
typedef int64_t vl __attribute__((vector_size(128)));

// a·b + c rounded once, without an instruction for it. The product of two float32 is exact in Double. The sum is
// rounded to Double to odd: where it is inexact and its last bit even, it moves one step toward the exact value.
// Rounding that to float32 is then the same as rounding the exact value (Boldo and Melquiond, 2008).
BP_INLINE vf fma16(vf a, vf b, vf c) {
    vd product = __builtin_convertvector(a, vd) * __builtin_convertvector(b, vd);
    vd addend = __builtin_convertvector(c, vd);
    vd sum = product + addend;
    vd part = sum - product;
    vd error = (product - (sum - part)) + (addend - part);
    vl bits = (vl)sum;
    // An infinity or NaN has an error of NaN, which is not equal to itself and must not move it.
    vl inexact = (error != (vd){0}) & (error == error);
    vl away = (((vl)error ^ bits) >> 63) | 1;  // +1 where error and sum have one sign, else −1
    vl even = (bits & 1) - 1;
    return __builtin_convertvector((vd)(bits + (inexact & even & away)), vf);
}
#endif
