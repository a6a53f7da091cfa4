#include "CVocabulary.h"

static const uint8_t o200k_base[] = {
#embed "o200k_base.merges"
};

static const uint8_t cl100k_base[] = {
#embed "cl100k_base.merges"
};

static const uint8_t scalar_classes[] = {
#embed "scalars.classes"
};

struct vocabulary_data vocabulary_o200k_base(void) {
    return (struct vocabulary_data){o200k_base, sizeof o200k_base};
}

struct vocabulary_data vocabulary_cl100k_base(void) {
    return (struct vocabulary_data){cl100k_base, sizeof cl100k_base};
}

struct vocabulary_data vocabulary_scalar_classes(void) {
    return (struct vocabulary_data){scalar_classes, sizeof scalar_classes};
}
