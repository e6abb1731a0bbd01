/* SPDX-License-Identifier: Apache-2.0 */
/* Checks of volumes and of where they are mounted. */
#include "kinds/kind_check.h"
#include "kinds/kind_spark_internal.h"

#include <string.h>

#define CLAIM "persistentVolumeClaim"

/* Where the chart or Spark mounts something itself. */
static const char *const driver_paths[] = {"/etc/roaster/spark", "/tmp"};
static const char *const executor_paths[] = {"/opt/spark/conf"};

/* volumeMounts of one role. */
struct mounts {
	const struct spark_checking *c;
	const char *path;
	const char *const *taken;
	size_t n_taken;
};

/* A list that the table has not refused; NULL if there is none. */
static const struct doc_node *
list_at(const struct spark_checking *c, const char *path)
{
	const struct doc_node *list = doc_at(c->document, path);

	return list == NULL || list->type != DOC_LIST ||
			       list->count > SPARK_LIST_MAX
		       ? NULL
		       : list;
}

/* The first item before ${end} whose ${key} is ${text}; NULL if none is. */
static const struct doc_node *
find_item(const struct doc_node *list, size_t end, const char *key,
	const char *text)
{
	for (size_t i = 0; list != NULL && i < end; i++) {
		const struct doc_node *found =
			spark_text_at(list->items[i], key);

		if (found != NULL && strcmp(found->text.data, text) == 0)
			return list->items[i];
	}
	return NULL;
}

static const struct doc_node *
find_volume(const struct spark_checking *c, const char *name)
{
	const struct doc_node *list = list_at(c, "spec.volumes");

	return find_item(list, list == NULL ? 0 : list->count, "name", name);
}

static bool
is_text(const struct doc_node *node, const char *path, const char *text)
{
	return strcmp(doc_text(node, path, ""), text) == 0;
}

/* Whether a claim is made for the volume. */
static bool
is_made(const struct spark_checking *c, const struct doc_node *volume)
{
	const struct doc_node *claim = doc_get(volume, CLAIM);

	return !doc_is_null(claim) &&
	       (c->form->pvc_size > 0 ||
		       spark_text_at(claim, "sizeLimit") != NULL);
}

/* --- volumeMounts ----------------------------------------------------------
 */

static const char *
path_of(const struct mounts *mounts, size_t i, const char *key)
{
	return arena_format(
		mounts->c->arena, "%s[%zu].%s", mounts->path, i, key);
}

/* The text ${key} of the mount ${i} is that of no mount before it. */
static void
check_once(const struct mounts *mounts, const struct doc_node *list, size_t i,
	const char *key, const char *why)
{
	const struct doc_node *text = spark_text_at(list->items[i], key);
	const struct doc_node *other =
		text == NULL ? NULL : find_item(list, i, key, text->text.data);

	if (other != NULL)
		kind_refuse(mounts->c->errors, text, path_of(mounts, i, key),
			"\"%.40s\" is mounted in line %u already: %s",
			text->text.data, other->line, why);
}

static void
check_place(const struct mounts *mounts, const struct doc_node *mount, size_t i)
{
	const struct doc_node *place = spark_text_at(mount, "mountPath");
	const struct doc_node *name = spark_text_at(mount, "name");

	if (name != NULL && find_volume(mounts->c, name->text.data) == NULL)
		kind_refuse(mounts->c->errors, name, path_of(mounts, i, "name"),
			"no volume of spec.volumes is called \"%.60s\"",
			name->text.data);
	for (size_t k = 0; place != NULL && k < mounts->n_taken; k++) {
		if (strcmp(place->text.data, mounts->taken[k]) == 0)
			kind_refuse(mounts->c->errors, place,
				path_of(mounts, i, "mountPath"),
				"%s is mounted by roaster or Spark: take "
				"another folder",
				mounts->taken[k]);
	}
}

static void
check_options(
	const struct mounts *mounts, const struct doc_node *mount, size_t i)
{
	const struct doc_node *propagation =
		spark_text_at(mount, "mountPropagation");
	const struct doc_node *expression = doc_get(mount, "subPathExpr");

	if (propagation != NULL && strcmp(propagation->text.data, "None") != 0)
		kind_refuse(mounts->c->errors, propagation,
			path_of(mounts, i, "mountPropagation"),
			"only None is taken: what is mounted stays in the pod");
	if (!doc_is_null(expression))
		kind_refuse(mounts->c->errors, expression,
			path_of(mounts, i, "subPathExpr"),
			"Spark cannot mount by an expression: take subPath");
}

static void
check_mounts(const struct mounts *mounts)
{
	const struct doc_node *list = list_at(mounts->c, mounts->path);

	for (size_t i = 0; list != NULL && i < list->count; i++) {
		check_once(mounts, list, i, "name",
			"mount it once, and take folders below");
		check_once(mounts, list, i, "mountPath", "take another folder");
		check_place(mounts, list->items[i], i);
		check_options(mounts, list->items[i], i);
	}
}

static bool
is_mounted(const struct spark_checking *c, const char *role,
	const struct doc_node *volume)
{
	const struct doc_node *list = list_at(c, role);

	return find_item(list, list == NULL ? 0 : list->count, "name",
		       doc_text(volume, "name", "")) != NULL;
}

/* --- volumes ---------------------------------------------------------------
 */

static void
check_source(const struct spark_checking *c, const struct doc_node *volume,
	const char *path)
{
	const struct doc_node *host = doc_get(volume, "hostPath");
	bool has_claim = !doc_is_null(doc_get(volume, CLAIM));
	bool has_empty = !doc_is_null(doc_get(volume, "emptyDir"));

	if (!doc_is_null(host))
		kind_refuse(c->errors, host,
			arena_format(c->arena, "%s.hostPath", path),
			"folders of the node are closed to pods by the Pod "
			"Security Standards: take persistentVolumeClaim or "
			"emptyDir");
	else if (!has_claim && !has_empty)
		kind_refuse(c->errors, volume, path,
			"the volume is of nothing: it needs "
			"persistentVolumeClaim or emptyDir");
	else if (has_claim && has_empty)
		kind_refuse(c->errors, volume, path,
			"persistentVolumeClaim and emptyDir are two volumes: "
			"take one");
}

/* A claim that has no size is none that could be made. */
static void
check_size(const struct spark_checking *c, const struct doc_node *volume,
	const char *path)
{
	const struct doc_node *name = spark_text_at(volume, CLAIM ".claimName");
	const struct doc_node *class =
		spark_text_at(volume, CLAIM ".storageClass");

	if (is_made(c, volume))
		return;
	if (class != NULL)
		kind_refuse(c->errors, class,
			arena_format(
				c->arena, "%s." CLAIM ".storageClass", path),
			"a claim of this class needs a size: give sizeLimit, "
			"or send pvc_size");
	else if (name != NULL &&
		 strcmp(name->text.data, SPARK_ON_DEMAND) == 0 &&
		 !is_text(volume, "type", "SparkLocalDir"))
		kind_refuse(c->errors, name,
			arena_format(c->arena, "%s." CLAIM ".claimName", path),
			"claims on demand need a size: give sizeLimit, or send "
			"pvc_size");
}

/* What is wrong with a claim that is made for the driver under its name. */
static const char *
driver_claim_fault(
	const struct spark_checking *c, const struct doc_node *list, size_t i)
{
	const struct doc_node *volume = list->items[i];
	const char *name = doc_text(volume, CLAIM ".claimName", "");

	if (strcmp(name, SPARK_ON_DEMAND) == 0)
		return "only executors have claims on demand: give the "
		       "driver's a name";
	if (is_mounted(c, "spec.executor.volumeMounts", volume) &&
		!is_text(volume, "type", "SparkLocalDir"))
		return "a claim that is made is mounted by one pod, but driver "
		       "and executors share this one: take a volume each, or a "
		       "claim that is there already and no size";
	for (size_t k = 0; k < i; k++) {
		const struct doc_node *other = list->items[k];

		if (is_text(other, CLAIM ".claimName", name) &&
			is_mounted(c, "spec.driver.volumeMounts", other))
			return "the driver has a claim of this name already: "
			       "take another";
	}
	return NULL;
}

static void
check_driver_claim(const struct spark_checking *c, const struct doc_node *list,
	size_t i, const char *path)
{
	const struct doc_node *volume = list->items[i];
	const struct doc_node *name = spark_text_at(volume, CLAIM ".claimName");
	const char *why = NULL;

	if (name != NULL && is_made(c, volume) &&
		is_mounted(c, "spec.driver.volumeMounts", volume))
		why = driver_claim_fault(c, list, i);
	if (why != NULL)
		kind_refuse(c->errors, name,
			arena_format(c->arena, "%s." CLAIM ".claimName", path),
			"%s", why);
}

static void
check_volume(
	const struct spark_checking *c, const struct doc_node *list, size_t i)
{
	const char *path = arena_format(c->arena, "spec.volumes[%zu]", i);
	const struct doc_node *volume = list->items[i];
	const struct doc_node *name = spark_text_at(volume, "name");
	const struct doc_node *other =
		name == NULL ? NULL
			     : find_item(list, i, "name", name->text.data);

	if (other != NULL)
		kind_refuse(c->errors, name,
			arena_format(c->arena, "%s.name", path),
			"a volume of this name is in line %u already",
			other->line);
	/* what is no mapping is the table's business */
	if (volume->type != DOC_MAP)
		return;
	check_source(c, volume, path);
	check_size(c, volume, path);
	check_driver_claim(c, list, i, path);
}

void
spark_check_volumes(const struct spark_checking *c)
{
	const struct doc_node *list = list_at(c, "spec.volumes");
	const struct mounts roles[] = {
		{c, "spec.driver.volumeMounts", driver_paths,
			COUNT_OF(driver_paths)},
		{c, "spec.executor.volumeMounts", executor_paths,
			COUNT_OF(executor_paths)},
	};

	for (size_t i = 0; i < COUNT_OF(roles); i++)
		check_mounts(&roles[i]);
	for (size_t i = 0; list != NULL && i < list->count; i++)
		check_volume(c, list, i);
}
