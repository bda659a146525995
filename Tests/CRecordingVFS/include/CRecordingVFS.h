// What the tests need of C.
#pragma once
#include "file_user.h"
#include "recording_vfs.h"
