/* SPDX-License-Identifier: Apache-2.0 */
/* The table of config.h as rows. */
#ifndef CONFIG_INTERNAL_H
#define CONFIG_INTERNAL_H

#include "base/base_bytes.h"
#include "config/config.h"

#include <stdint.h>

enum config_type { CONFIG_TEXT, CONFIG_UINT, CONFIG_BOOL, CONFIG_LEVEL };
enum config_change { CONFIG_RELOAD, CONFIG_START };

struct config_row {
	const char *key;
	enum config_type type;
	enum config_change change;
	size_t offset; /* in struct config */
	const char *otherwise;
	uint64_t min, max; /* UINT */
	const char *help;
};

#define CONFIG_PLUS_ONE(key, type, change, otherwise, min, max, help) +1
#define CONFIG_COUNT (0 CONFIG_KEYS(CONFIG_PLUS_ONE))

extern const struct config_row config_rows[CONFIG_COUNT];

/** The environment name of ${row}: "ROASTER_PORT". */
const char *config_variable(struct arena *arena, const struct config_row *row);

#endif
