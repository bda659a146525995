// OpenSSL's digests (libcrypto).
#pragma once
#include <openssl/evp.h>
