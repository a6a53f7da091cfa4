#ifndef C_VOCABULARY_H
#define C_VOCABULARY_H

#include <stddef.h>
#include <stdint.h>

/// A constant of the executable: it is there, unchanged, as long as the process runs.
struct vocabulary_data {
    const uint8_t *_Nonnull bytes;
    size_t count;
};

/// The merges of o200k_base, in the form that README.md describes.
struct vocabulary_data vocabulary_o200k_base(void);

/// The merges of cl100k_base, in the same form.
struct vocabulary_data vocabulary_cl100k_base(void);

/// The classes of all Unicode scalars, in the form that README.md describes.
struct vocabulary_data vocabulary_scalar_classes(void);

#endif
