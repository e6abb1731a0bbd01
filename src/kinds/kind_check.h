/* SPDX-License-Identifier: Apache-2.0 */
/* Checks that kinds share. Those for tables return why a text is wrong, NULL
 * if it is right; the others add errors at the positions of the document. */
#ifndef KIND_CHECK_H
#define KIND_CHECK_H

#include "spec/spec.h"

/** A Helm release: DNS label of at most 53 bytes. */
const char *kind_check_release(const char *text);

/** A namespace of Kubernetes. */
const char *kind_check_namespace(const char *text);

/** A namespace that roaster may fill: not one of Kubernetes itself. */
const char *kind_check_target(const char *text);

/** The name of a Secret, a service account: DNS subdomain. */
const char *kind_check_object(const char *text);

/** An image without tag and digest, "registry:5000/group/name". */
const char *kind_check_image(const char *text);

/** The tag of an image. */
const char *kind_check_tag(const char *text);

/** The name of a file, without folders. */
const char *kind_check_file_name(const char *text);

/** An absolute folder in its shortest spelling, not "/". */
const char *kind_check_folder(const char *text);

/** The name of a class of Java. */
const char *kind_check_java_class(const char *text);

/** Add an error at ${node}. */
void kind_refuse(struct err_list *errors, const struct doc_node *node,
	const char *path, const char *format, ...)
	__attribute__((format(printf, 4, 5)));

/** Add an error if ${node} is there and not of ${type}. Return whether it is
 * there and of it. */
bool kind_check_type(const struct doc_node *node, enum doc_type type,
	const char *path, struct err_list *errors);

/** Keys of ${map} are like those of annotations: name or domain/name. */
void kind_check_names(
	const struct doc_node *map, const char *path, struct err_list *errors);

/** Keys and values of ${map} are Kubernetes labels (also: node selectors). */
void kind_check_labels(
	const struct doc_node *map, const char *path, struct err_list *errors);

/** Keys of ${map} are names of resources, values are quantities. */
void kind_check_quantities(
	const struct doc_node *map, const char *path, struct err_list *errors);

#endif
