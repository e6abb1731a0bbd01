/* SPDX-License-Identifier: Apache-2.0 */
/* The text spec.values of a Hive metastore's HelmChart. */
#ifndef KIND_HIVE_VALUES_H
#define KIND_HIVE_VALUES_H

#include "kinds/kind_hive.h"

#define HIVE_PROPERTIES_MAX 500U

/* Fill a struct hive_values: from the text's document; and as it is stored,
 * where what is always secret has no field. */
extern const struct spec_table hive_values_table;
extern const struct spec_table hive_stored_values_table;

/** Parse ${text}; ${e} has a place in the text, if it has one. */
int hive_values_parse(struct arena *arena, struct bytes text,
	const struct doc_node **out, struct err *e);

/* The values of a posted document, being checked. */
struct hive_checking {
	struct arena *arena;
	struct err_list *errors;          /* with places in the text */
	const struct doc_node *values;    /* the text's document */
	const struct doc_node *namespace; /* spec.namespace; NULL if none */
	bool has_database;                /* that comes with the metastore */
};

/** All that is wrong with the values. */
void hive_values_check(const struct hive_checking *checking);

/* What a database means to the metastore. */
struct hive_jdbc_type {
	const char *type; /* as schematool calls it */
	const char *url;  /* beginning of its JDBC URLs */
	const char *driver;
	const char *user; /* if none is given; NULL: one must be */
};

/** Choices of jdbc.type; NULL-terminated. */
extern const char *const hive_jdbc_types[];

/** The type that ${url} is of; NULL if none. */
const struct hive_jdbc_type *hive_jdbc_of_url(const char *url);

/** The type called ${type}, one of the choices. */
const struct hive_jdbc_type *hive_jdbc_of_type(const char *type);

/** Fill in what of jdbc is not given, but the password; with a database of its
 * own, user and password are that one's. The image must be there. */
void hive_jdbc_complete(struct arena *arena, struct hive_document *document);

#endif
