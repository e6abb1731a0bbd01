/* SPDX-License-Identifier: Apache-2.0 */
/* Pieces of charts' values that plans share. */
#ifndef KIND_JSON_H
#define KIND_JSON_H

#include "kinds/kind.h"

/** Member ${key} with the pairs of ${map}; nothing if it is empty. */
void kind_json_map(
	struct json *json, const char *key, const struct spec_map *map);

/** Member ${key} with the document ${node}; nothing if it is NULL. */
void kind_json_node(
	struct json *json, const char *key, const struct doc_node *node);

/**
 * Member "owner", {kind, name}: charts label PersistentVolumeClaims that
 * outlive their release with it ("roaster-kind", "roaster-name"), so that a
 * deletion with data finds those of this component and no others.
 */
void kind_json_owner(struct json *json, const struct kind *kind,
	const struct kind_context *context);

/** Text that changes whenever one of the sealed values whose pointer begins
 * with ${prefix} does; "" if there is none. */
const char *kind_sealed_checksum(struct arena *arena,
	const struct kind_context *context, const char *prefix);

/** The same over all that ${secret} is made of: its keys, texts and sealed
 * values (generated ones, which never change, by name). */
const char *kind_secret_checksum(struct arena *arena,
	const struct kind_context *context,
	const struct kind_secret_object *secret);

#endif
