# SPDX-License-Identifier: Apache-2.0
# Two commands do everything: `make demo` and `make test`. `make help` lists the rest.

# The environment of the caller may not decide what is built.
unexport CFLAGS LDFLAGS
SHELL := /bin/sh
MAKEFLAGS += --no-builtin-rules
ifeq ($(MAKELEVEL),0)
MAKEFLAGS += -j$(shell nproc)
endif

B      ?= build
CC     := gcc
SAN    ?=
# V=1 shows the commands.
V      ?=
Q      := $(if $(V),,@)
say    = $(if $(V),,@printf '  %-5s %s\n' '$(1)' '$(2)')
GIT_VERSION := $(shell git describe --always --dirty 2>/dev/null || echo unknown)
VERSION     := 0.1.0

CACHE := $(or $(ROASTER_CACHE),$(or $(XDG_CACHE_HOME),$(HOME)/.cache)/roaster)

# --- Kore -------------------------------------------------------------------
KORE_VERSION := 4.2.3
KORE_SHA256  := f9a9727af97441ae87ff9250e374b9fe3a32a3348b25cb50bd2b7de5ec7f5d82
KORE_TARBALL ?= $(CACHE)/kore_$(KORE_VERSION).orig.tar.gz
KORE_SERIES  := $(shell grep -v '^\#' third_party/kore/series)
KORE_PATCHES := $(addprefix third_party/kore/,$(KORE_SERIES))
KORE_NAMES   := kore buf config connection domain filemap fileref json log mem \
	msg module net pool runtime sha1 sha2 timer utils worker tls_openssl \
	keymgr_openssl auth accesslog http route validator websocket linux seccomp

# --- flags: build.conf is the one list ---------------------------------------
CONF_CFLAGS  := $(shell sed -n 's/^cflags=//p' build.conf)
CONF_LDFLAGS := $(shell sed -n 's/^ldflags=//p' build.conf)
OUT     := $(B)/$(or $(FLAVOR),$(if $(SAN),san,rel))
SANFLAGS := $(if $(SAN),-fsanitize=$(SAN) -fno-sanitize-recover=all -O1 \
	-U_FORTIFY_SOURCE -DROASTER_SECCOMP_OFF)
# API workers may not do what a failpoint does: remove a file.
FAILFLAGS := $(if $(filter fail,$(FLAVOR)),-DROASTER_FAILPOINTS -DROASTER_SECCOMP_OFF)
MAPPED  := '-ffile-prefix-map=$(CURDIR)=.'
CFLAGS  := $(CONF_CFLAGS) $(SANFLAGS) $(FAILFLAGS) $(MAPPED) $(EXTRA)
LDFLAGS := $(SANFLAGS) $(EXTRA)
KORE_CFLAGS := -std=gnu99 -D_GNU_SOURCE -O2 -g -Wall -Wno-deprecated-declarations \
	-DOPENSSL_API_COMPAT=0x10100000L -DTLS_BACKEND_OPENSSL -DKORE_SINGLE_BINARY \
	-DSECCOMP_KILL_POLICY=SECCOMP_RET_KILL_PROCESS -fno-common -fPIE \
	-fstack-protector-strong -fstack-clash-protection -fno-omit-frame-pointer \
	-Werror=discarded-qualifiers -DPREFIX='"/usr"' -DKORE_TMPDIR='"/tmp"' $(SANFLAGS) $(MAPPED) \
	-I$(B)/kore/include/kore -I$(B)/gen
APP_KORE_CFLAGS := -DTLS_BACKEND_OPENSSL -DKORE_SINGLE_BINARY \
	-DOPENSSL_API_COMPAT=0x10100000L -isystem $(B)/kore/include

# --- rooms --------------------------------------------------------------------
PURE  := base doc spec config state kinds helm
# The failpoints are in the flavor fail alone.
ROOMS := $(PURE) auth tls proc k8s db api apply run $(filter fail,$(FLAVOR))
CORE_SRC := $(sort $(foreach r,$(ROOMS),$(wildcard src/$(r)/*.c)))
SHELL_SRC := $(sort $(wildcard src/handlers/*.c))
CORE_OBJ := $(CORE_SRC:%.c=$(OUT)/%.o)
SHELL_OBJ := $(SHELL_SRC:%.c=$(OUT)/%.o)
KORE_OBJ := $(KORE_NAMES:%=$(OUT)/kore/%.o) $(OUT)/kore/version.o
GEN := $(B)/gen/sql.inc $(B)/gen/charts.inc $(B)/gen/version.inc
LIB := $(OUT)/libcore.a
UNIT_SRC := $(sort $(wildcard tests/unit/*_test.c))
UNIT_BIN := $(UNIT_SRC:tests/unit/%.c=$(OUT)/unit/%)
SQL_BIN := $(patsubst tests/%.c,$(OUT)/%,$(wildcard tests/sql/*.c))

.DELETE_ON_ERROR:
.SUFFIXES:
.PHONY: all help deps gen run up down demo test unit sql-drivers api-test lint mutants mutants-kore \
	fail fuzz fuzz-build check race soak cover engines bench docs format clean FORCE

all: $(OUT)/roasterd $(if $(SAN)$(FLAVOR),,$(B)/roasterd)

help:
	@echo 'make            build build/roasterd'
	@echo 'make demo       everything up, provision the examples over REST, show them Ready'
	@echo 'make test       every test, with a real database and a real Kubernetes API'
	@echo 'make up, down   start all in the background (writes .dev/env), end it'
	@echo 'make run        roasterd in the foreground'
	@echo 'make deps       install the Debian packages that are missing'
	@echo 'make unit       unit tests            make cover   line coverage of the pure rooms'
	@echo 'make lint       floors, style, flags  make check   tests under ASan and UBSan'
	@echo 'make docs       generated tables      make format  clang-format'
	@echo 'make mutants    proof that tests can fail'
	@echo 'make mutants-kore  the same for each patch of Kore'
	@echo 'make fail       build/fail/roasterd, with the failpoints that tests of crashes use'
	@echo 'make race       the end-to-end tests under ThreadSanitizer'
	@echo 'make fuzz       each fuzzer for FUZZ_SECONDS (600)'
	@echo 'make soak       crashes of the database and a crowd of clients, for long'
	@echo 'make engines    boot a real metastore, Spark and Trino with what is rendered (as root)'
	@echo 'make bench      what it costs, beside what it could cost; BENCH=G1,G5 for some'
	@echo 'make clean      remove build/ and .dev/'

# --- generated sources ----------------------------------------------------------
gen: $(GEN) $(B)/kore/.stamp

SQL_FILES := $(sort $(wildcard sql/migrations/*.sql sql/queries/*.sql))
$(B)/gen/sql.inc: dev/embed_sql.py $(SQL_FILES)
	@mkdir -p $(@D)
	$(Q)python3 dev/embed_sql.py sql $@

CHARTS := $(patsubst charts/%/Chart.yaml,%,$(wildcard charts/*/Chart.yaml))
CHART_TGZ := $(CHARTS:%=$(B)/charts/%.tgz)
CHART_FILES := $(foreach c,$(CHARTS),$(shell find charts/$(c) -type f))
# Byte-identical for the same sources: the digest is the chart's identity.
$(B)/charts/%.tgz: $(CHART_FILES)
	@mkdir -p $(@D)
	$(call say,CHART,$@)
	$(Q)tar --sort=name --mtime=@0 --owner=0 --group=0 --numeric-owner \
		--mode=u=rwX,go=rX --format=ustar -C charts -cf - $* | gzip -n9 > $@
$(B)/gen/charts.inc: dev/embed_charts.py $(CHART_TGZ)
	@mkdir -p $(@D)
	$(Q)python3 dev/embed_charts.py $@ $(CHART_TGZ)

# Two makes may run at the same time: tests begin with one.
$(B)/gen/version.inc: FORCE
	@mkdir -p $(@D)
	@new=$@.$$$$; printf '"$(VERSION) ($(GIT_VERSION))"\n' > $$new; \
		if cmp -s $$new $@; then rm $$new; else mv $$new $@; fi

# --- Kore -------------------------------------------------------------------
$(CACHE)/kore_$(KORE_VERSION).orig.tar.gz:
	dev/fetch_kore.sh $(KORE_VERSION) $(KORE_SHA256) $@

# A new folder for each change of the patches: no stale sources or objects.
$(B)/kore/.stamp: $(KORE_TARBALL) $(KORE_PATCHES) third_party/kore/series
	$(call say,KORE,$(KORE_VERSION))
	$(Q)echo '$(KORE_SHA256)  $(KORE_TARBALL)' | sha256sum -c --quiet
	$(Q)rm -rf $(B)/kore $(B)/*/kore && mkdir -p $(B)/kore $(B)/gen
	$(Q)tar -xzf $(KORE_TARBALL) -C $(B)/kore --strip-components=1
	$(Q)for p in $(KORE_PATCHES); do \
		patch -s -d $(B)/kore -p1 --fuzz=0 < $$p || exit 1; done
	$(Q)cd $(B)/kore && misc/linux-platform.sh > ../gen/platform.h
	@touch $@

$(OUT)/kore/version.o: $(B)/kore/.stamp
	@mkdir -p $(@D)
	@printf 'const char *kore_version = "$(KORE_VERSION)-p$(words $(KORE_PATCHES))";\nconst char *kore_build_date = "none";\n' > $(OUT)/kore/version.c
	$(Q)$(CC) $(KORE_CFLAGS) -c $(OUT)/kore/version.c -o $@

$(OUT)/kore/%.o: $(B)/kore/.stamp
	@mkdir -p $(@D)
	$(call say,CC,$@)
	$(Q)$(CC) $(KORE_CFLAGS) -c $(B)/kore/src/$*.c -o $@

# --- objects --------------------------------------------------------------------
$(OUT)/src/handlers/%.o: src/handlers/%.c $(B)/kore/.stamp build.conf | $(GEN)
	@mkdir -p $(@D)
	$(call say,CC,$@)
	$(Q)$(CC) $(CFLAGS) $(APP_KORE_CFLAGS) -MMD -MP -c $< -o $@

$(OUT)/%.o: %.c build.conf | $(GEN)
	@mkdir -p $(@D)
	$(call say,CC,$@)
	$(Q)$(CC) $(CFLAGS) -MMD -MP -c $< -o $@

$(LIB): $(CORE_OBJ)
	@rm -f $@
	$(Q)ar rcs $@ $^

# -rdynamic (build.conf): Kore finds its hooks by dlsym.
$(OUT)/roasterd: $(SHELL_OBJ) $(KORE_OBJ) $(LIB)
	$(call say,LD,$@)
	$(Q)$(CC) $(LDFLAGS) $(SHELL_OBJ) $(KORE_OBJ) -Wl,--whole-archive $(LIB) \
		-Wl,--no-whole-archive $(CONF_LDFLAGS) -o $@

$(B)/roasterd: $(OUT)/roasterd
	@ln -f $< $@

$(OUT)/unit/%: tests/unit/%.c $(LIB) build.conf
	@mkdir -p $(@D)
	$(call say,TEST,$@)
	$(Q)$(CC) $(CFLAGS) -Itests/unit -MMD -MP $< $(LIB) $(LDFLAGS) \
		$(CONF_LDFLAGS) -lcmocka -o $@

# What the tests of room db drive.
$(OUT)/sql/%: tests/sql/%.c $(LIB) build.conf
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) -MMD -MP $< $(LIB) $(LDFLAGS) $(CONF_LDFLAGS) -o $@
sql-drivers: $(SQL_BIN)

# What `make bench` measures beside, or with.
BENCH_BIN := $(addprefix $(OUT)/bench/,argon clockhelm floor trivial)
$(OUT)/bench/%: tests/bench/%.c $(LIB) build.conf
	@mkdir -p $(@D)
	$(call say,CC,$@)
	$(Q)$(CC) $(CFLAGS) $< $(LIB) $(LDFLAGS) $(CONF_LDFLAGS) -o $@
$(OUT)/bench/trivial: tests/bench/trivial.c $(KORE_OBJ) build.conf
	@mkdir -p $(@D)
	$(call say,CC,$@)
	$(Q)$(CC) $(CFLAGS) $(APP_KORE_CFLAGS) $< $(KORE_OBJ) $(LDFLAGS) \
		$(CONF_LDFLAGS) -o $@

# The fuzzers are built with clang, with the whole of the core beside them in a
# flavor of its own: make fuzz-build.
FUZZ_SRC := $(sort $(wildcard tests/fuzz/*.c))
FUZZ_OBJ := $(FUZZ_SRC:%.c=$(OUT)/%.o)
FUZZ_SAN := fuzzer-no-link,address,undefined
$(OUT)/fuzz: $(FUZZ_OBJ) $(LIB)
	$(call say,LD,$@)
	$(Q)$(CC) $(LDFLAGS) -fsanitize=fuzzer $^ $(CONF_LDFLAGS) -o $@
fuzz-build:
	@$(MAKE) --no-print-directory FLAVOR=fuzz CC=clang-14 SAN=$(FUZZ_SAN) \
		$(B)/fuzz/fuzz

# What the test of room k8s drives.
$(OUT)/k8s/live: $(wildcard tests/k8s/*.[ch]) $(LIB) build.conf
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) $(filter %.c,$^) $(LIB) $(LDFLAGS) $(CONF_LDFLAGS) -o $@

-include $(CORE_OBJ:.o=.d) $(FUZZ_OBJ:.o=.d) $(SHELL_OBJ:.o=.d) $(UNIT_BIN:=.d) $(SQL_BIN:=.d)

# The server with its failpoints; all others are built without them.
fail: gen
	@$(MAKE) --no-print-directory FLAVOR=fail $(B)/fail/roasterd

# --- the world --------------------------------------------------------------------
deps:
	@dev/deps.sh
run: all
	$(B)/roasterd run
up:
	@dev/deps.sh run
	@$(MAKE) --no-print-directory all
	@dev/world.sh up
down:
	@dev/world.sh down
demo:
	@dev/deps.sh run
	@$(MAKE) --no-print-directory all
	@dev/demo.sh

# --- tests --------------------------------------------------------------------
unit: unit-build
	@tests/run.sh unit
unit-build: $(UNIT_BIN)
unit-list:
	@echo $(UNIT_BIN)
test: deps
	@tests/run.sh all
engines:
	@dev/deps.sh engines
	@$(MAKE) --no-print-directory all
	@tests/engines/run.sh
bench:
	@dev/deps.sh bench
	@$(MAKE) --no-print-directory all $(BENCH_BIN)
	@tests/bench/bench.sh
api-test: all
	@tests/run.sh kore api
lint: gen
	@tests/lint/lint.sh
mutants: gen unit-build sql-drivers fuzz-build
	@tests/mutants/run.sh
mutants-kore: all
	@tests/mutants/kore.sh
check: deps
	@tests/run.sh check
race: deps
	@tests/run.sh race
soak: deps
	@$(MAKE) --no-print-directory all
	@HOLD_ROUNDS=40 HOLD_SECONDS=600 tests/hold/run.sh
fuzz: deps
	@$(MAKE) --no-print-directory fuzz-build
	@tests/fuzz/run.sh long
cover:
	@tests/unit/cover.sh
docs: $(OUT)/docs
	@$(OUT)/docs docs
$(OUT)/docs: dev/docs.c $(LIB)
	$(call say,CC,$@)
	$(Q)$(CC) $(CFLAGS) $< $(LIB) $(LDFLAGS) $(CONF_LDFLAGS) -o $@
format:
	clang-format-14 -i $$(git ls-files 'src/*.[ch]' 'tests/*.[ch]' 'dev/*.c')

clean:
	@dev/world.sh down
	rm -rf $(B) .dev
