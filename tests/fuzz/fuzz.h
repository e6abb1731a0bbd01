/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Fuzzers: each is a function that feeds one input to a parser and then says
 * what has to be true of what came out. All are in one program, FUZZER in its
 * environment chooses.
 */
#ifndef FUZZ_H
#define FUZZ_H

#include "base/base_buf.h"
#include "base/base_err.h"
#include "doc/doc.h"

#include <stdbool.h>
#include <stddef.h>

/* clang-format off */
#define FUZZERS(X) \
	X(base64)      \
	X(form)        \
	X(path)        \
	X(small)       \
	X(line)        \
	X(yaml)        \
	X(json)        \
	X(hive)        \
	X(spark)       \
	X(trino)       \
	X(token)       \
	X(account)     \
	X(request)     \
	X(config)      \
	X(kubeconfig)  \
	X(kube)        \
	X(watch)       \
	X(helm)
/* clang-format on */

/** Feed ${in}, which is not NUL-terminated; ${arena} is freed behind it. */
typedef void fuzz_one(struct arena *arena, struct bytes in);

#define X(name) fuzz_one fuzz_##name;
FUZZERS(X)
#undef X

/** ${sentence} is a property; end the program unless it ${holds}. */
void fuzz_must(bool holds, const char *sentence);

/** The same of two texts that have to be equal; both are shown. */
void fuzz_equal(struct bytes got, struct bytes wanted, const char *sentence);

/** A string is its bytes. */
struct bytes fuzz_bytes(const char *text);

/** Whether ${part} is in ${whole}. */
bool fuzz_holds(struct bytes whole, struct bytes part);

/** What an error says is one clean line, and its position is in ${in}. */
void fuzz_error(const struct err *e, struct bytes in);

/** ${text} is one line of UTF-8 without control characters. */
void fuzz_clean(const char *text);

/** The next byte of ${in}, taken away; 0 at its end. */
unsigned fuzz_byte(struct bytes *in);

/** ${in} up to the next ${end}, taken away with it; all that is left if there
 * is none. */
struct bytes fuzz_cut(struct bytes *in, char end);

/** ${in} as a string, cut at its first NUL. */
char *fuzz_text(struct arena *arena, struct bytes in);

/** ${node} as canonical JSON. */
struct bytes fuzz_json_of(struct arena *arena, const struct doc_node *node);

/** ${text} has to be one JSON text; its tree. */
const struct doc_node *fuzz_json_read(struct arena *arena, struct bytes text);

/** What the kubeconfig fuzzer's k8s_file_read finds at "kubeconfig". */
void fuzz_file_set(struct bytes content);

#endif
