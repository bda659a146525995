#!/usr/bin/env python3
"""Writes the arrays beside it as NumPy writes them. The values of every plain one are 0 … 11, as 3 × 4 (bool: odd ones)."""
import base64
import gzip
import os
import struct

import numpy as np

here = os.path.dirname(os.path.abspath(__file__))


def path(name):
    return os.path.join(here, name)


numbers = np.arange(12).reshape(3, 4)
for name in "f2 f4 f8 i1 i2 i4 i8 u1 u2 u4 u8".split():
    np.save(path(f"{name}.npy"), numbers.astype(name))
for name in ">f2 >f4 >f8 >i2 >i4 >u8".split():
    np.save(path(f"big-{name[1:]}.npy"), numbers.astype(name))
np.save(path("bool.npy"), numbers % 2 == 1)
np.save(path("fortran.npy"), np.asfortranarray(numbers.astype("<f4")))
np.save(path("fortran-3d.npy"), np.asfortranarray(np.arange(24, dtype="<i4").reshape(2, 3, 4)))
np.save(path("scalar.npy"), np.float32(3.5))
np.save(path("empty.npy"), np.zeros((0, 4), dtype="<f4"))
np.save(path("object.npy"), np.array([{"a": 1}], dtype=object), allow_pickle=True)
np.save(path("complex.npy"), np.array([1 + 2j]))
np.save(path("texts.npy"), np.array(["café", "x", ""]))
np.save(path("bytes.npy"), np.array([b"ab", b"c"]))
flowers = np.zeros(3, dtype=np.dtype([("width", "<f4"), ("größe", ">i8"), ("kind", "<U4"), ("seen", "?")], align=True))
flowers["width"] = [0.5, 1.5, 2.5]
flowers["größe"] = [-1, 300, 2**40]
flowers["kind"] = ["rose", "lily", "rose"]
flowers["seen"] = [True, False, True]
np.save(path("structure.npy"), flowers)
np.save(path("large-integer.npy"), np.array([1, 2**53 + 1]))
with open(path("version-2.npy"), "wb") as file:
    np.lib.format.write_array(file, numbers.astype("<f4"), version=(2, 0))

features = np.array([[0, 0.5], [255, 1.5], [7, 2.5], [8, 3.5]])
labels = np.array([0, 1, 1, 0])
np.savez(path("stored.npz"), X=features, y=labels)
np.savez_compressed(path("deflated.npz"), x_train=features, y_train=labels, x_test=features[:1], y_test=labels[:1])
np.savez(path("columns.npz"), height=np.array([1.5, 2.5, 3.5]), kind=np.array(["a", "b", "a"]))


def idx(name, values, kind):
    """IDX: two zero bytes, the type, the number of dimensions, their sizes, the values, all big endian."""
    codes = {0x08: "u1", 0x09: "i1", 0x0B: ">i2", 0x0C: ">i4", 0x0D: ">f4", 0x0E: ">f8"}
    with open(path(name), "wb") as file:
        file.write(bytes([0, 0, kind, values.ndim]) + struct.pack(f">{values.ndim}I", *values.shape))
        file.write(values.astype(codes[kind]).tobytes())


for kind in (0x08, 0x09, 0x0B, 0x0C, 0x0D, 0x0E):
    idx(f"{kind:02x}.idx", numbers, kind)
images = (np.arange(6 * 2 * 3) * 7 % 256).reshape(6, 2, 3)
digits = np.array([0, 1, 2, 0, 1, 2])
idx("train-images-idx3-ubyte", images, 0x08)
idx("train-labels-idx1-ubyte", digits, 0x08)
for name in ("train-images-idx3-ubyte", "train-labels-idx1-ubyte"):
    with open(path(name), "rb") as plain, gzip.GzipFile(path(name.replace("train", "t10k") + ".gz"), "wb", mtime=0) as file:
        file.write(plain.read())
with open(path("bomb.gz.base64"), "w") as file:
    file.write(base64.encodebytes(gzip.compress(bytes(10 << 20), mtime=0)).decode())
