# cgishop. `make help` lists the targets; everything generated goes to build/.

VERSION := 0.2.0
# The machine that the programs are for; another one's are built by Debian's cross compiler, with libraries that
# tools/dev/sysroot unpacks.
MACHINE := $(shell uname -m)
ARCH    := $(MACHINE)
CROSS   := $(if $(filter $(MACHINE),$(ARCH)),,$(ARCH))
# Where programs go. Directly in build: what does not depend on the kind of build, such as generated sources, unit tests
# (with their own sanitizers), and the helper programs of tests.
B       := build$(addprefix /,$(CROSS))$(if $(SANITIZE),/sanitize)$(if $(filter on,$(TLS)),/tls)
PREFIX  ?= /usr/local

# make V=1 shows the commands.
Q       := $(if $(V),,@)
say     := $(if $(V),@:,@echo)

GROUPS  := $(patsubst cgi-bin/%.c,%,$(wildcard cgi-bin/*.c))
CORE    := $(wildcard core/*/*.c)
SHOPCTL := $(wildcard tools/shopctl/*.c)
SETUP   := $(wildcard tools/setup/*.c)
FETCH   := $(wildcard tools/fetch/*.c)
PDF     := $(wildcard tools/invoice-pdf/*.c)
SIZES   := $(wildcard tools/image-sizes/*.c)
LAUNCH  := $(wildcard tools/launch/*.c)
READER  := $(wildcard tools/catalogue-reader/*.c)
# What shopctl finds in directories near it: the texts of messages and the demonstration catalogue.
DATA    := core/message/templates tools/shopctl/demo
DATA_FILES := $(shell find $(DATA) -type f)
UNIT    := $(wildcard tests/unit/test_*.c)
FUZZ    := $(wildcard tests/fuzz/fuzz_*.c)
C_FILES := $(wildcard core/*/*.[ch] cgi-bin/*.[ch] cgi-bin/*/*.[ch] tools/*/*.[ch] tools/dev/gen/*.c tests/*/*.[ch])

CC       ?= gcc
# For what runs during the build.
BUILD_CC ?= cc
PKG_CONFIG := pkg-config
ifdef CROSS
ifeq ($(filter aarch64 x86_64,$(ARCH)),)
$(error ARCH is aarch64 or x86_64, as uname -m prints it, not $(ARCH))
endif
TRIPLET  := $(ARCH)-linux-gnu
SYSROOT  := build/sysroot/$(ARCH)
# -B: before the C library that may come with the compiler, which is older.
CC       := $(TRIPLET)-gcc --sysroot=$(SYSROOT) -B$(SYSROOT)/usr/lib/$(TRIPLET)
AR       := $(TRIPLET)-ar
export NM      := $(TRIPLET)-nm
export STRIP   := $(TRIPLET)-strip
export READELF := $(TRIPLET)-readelf
PKG_CONFIG := PKG_CONFIG_SYSROOT_DIR=$(SYSROOT) PKG_CONFIG_LIBDIR=$(SYSROOT)/usr/lib/$(TRIPLET)/pkgconfig:$(SYSROOT)/usr/share/pkgconfig pkg-config
endif
WARN     := -Wall -Wextra -Wshadow -Wconversion -Wstrict-prototypes -Wmissing-prototypes -Wformat=2 -Wundef -Wvla \
            -Wwrite-strings -Wpointer-arith -Wcast-qual -Wswitch-enum -Wno-missing-field-initializers -Werror
SAN      := -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer
ifdef SANITIZE
# The same programs with sanitizers: `make SANITIZE=1 check` runs the e2e tests with them.
HARDEN   := -fPIE
OPTIMIZE := -O1 -g $(SAN)
LINK     := shared
else
BRANCHES := $(if $(filter x86_64,$(ARCH)),-fcf-protection)$(if $(filter aarch64,$(ARCH)),-mbranch-protection=standard)
HARDEN   := -fPIE -fstack-protector-strong -D_FORTIFY_SOURCE=2 -fstack-clash-protection $(BRANCHES)
OPTIMIZE := -O2 -g -ffunction-sections -fdata-sections
endif
# pg_config tells of this machine.
PG_INC   := $(if $(CROSS),$(SYSROOT)/usr/include/postgresql,$(shell pg_config --includedir 2>/dev/null))
# A struct may have the members of another one: that is how a field of a resource has those of struct member. A char is
# signed, as where the tests run; on ARM it is not by default.
STD      := -std=gnu11 -fms-extensions -fsigned-char
CFLAGS   = $(STD) $(OPTIMIZE) $(HARDEN) $(WARN)
CPPFLAGS = -D_GNU_SOURCE -DCGISHOP_VERSION='"$(VERSION)"' -I. -Ibuild/gen -isystem $(PG_INC)

# How to link. Statically if Debian's static libraries are installed, so that a program starts without a dynamic loader;
# otherwise LINK=shared. libpq is prepared first (tools/dev/gen/libpq). libpq and the two archives beside it must be of
# one release.
PG_VERSION := $(if $(CROSS),$(shell $(PKG_CONFIG) --modversion libpq 2>/dev/null),$(word 2,$(shell pg_config --version 2>/dev/null)))
PG_LIB    := $(if $(CROSS),$(SYSROOT)/usr/lib/$(TRIPLET),$(shell pg_config --libdir 2>/dev/null))
PG_PKGLIB := $(SYSROOT)/usr/lib/postgresql/$(firstword $(subst ., ,$(PG_VERSION)))/lib
LIBPQ     := $(PG_LIB)/libpq.a $(PG_PKGLIB)/libpgcommon_shlib.a $(PG_PKGLIB)/libpgport_shlib.a
OPENSSL   := $(PG_LIB)/libssl.a $(PG_LIB)/libcrypto.a
SCRYPT_A  := $(firstword $(wildcard $(SYSROOT)/usr/lib/libscrypt.a $(PG_LIB)/libscrypt.a) libscrypt.a)
STATICS   := $(PG_LIB)/libjson-c.a $(PG_LIB)/libsodium.a $(PG_LIB)/libfcgi.a $(PG_LIB)/libz.a $(PG_LIB)/libutf8proc.a $(SCRYPT_A)
NEEDED    := $(LIBPQ) $(STATICS) $(OPENSSL)
ARCHIVES  := $(wildcard $(NEEDED))
MISSING   := $(filter-out $(ARCHIVES),$(NEEDED))
LINK      ?= $(if $(strip $(MISSING)),shared,static)

LDFLAGS_COMMON := -Wl,--gc-sections -Wl,-z,relro,-z,now -Wl,-z,noexecstack
# Static programs contain no OpenSSL and start in half the time; TLS=on, in build/tls, is for a database across a
# network. The replacements of OpenSSL are not part of core.a, but of these programs' libpq.
STAND_INS := core/db/tls_stub.c core/crypto/pg_hash.c
CORE      := $(filter-out $(STAND_INS),$(CORE))
ifeq ($(LINK),static)
LD       := tools/dev/link $(CC)
LDFLAGS   = $(LDFLAGS_COMMON) -static-pie
LIBS     := -Wl,--start-group $(B)/core.a @$(B)/libpq/link $(STATICS) -lm -Wl,--end-group
LINKED   := $(B)/libpq/link $(B)/linked-with
else
LD       := $(CC)
LDFLAGS   = $(LDFLAGS_COMMON) -pie
LIBS     := $(B)/core.a -lpq -ljson-c -lsodium -lscrypt -lfcgi -lz -lutf8proc
LINKED   := $(B)/linked-with
endif

GEN      := build/gen/queries.h build/gen/queries.c build/gen/migrations.c
GEN_OBJ  := $(B)/obj/gen/queries.o $(B)/obj/gen/migrations.o
CORE_OBJ := $(CORE:%.c=$(B)/obj/%.o) $(GEN_OBJ)
PROGRAMS := $(GROUPS:%=$(B)/cgi-bin/api/%) $(B)/bin/shopctl $(B)/cgi-bin/setup
# Helpers are programs of their own, linked with shared libraries: core/process/process.h. fetch is left out without
# libcurl, invoice-pdf without its drawing libraries, image-sizes without libvips.
CURL_LIB := $(shell $(PKG_CONFIG) --libs libcurl 2>/dev/null)
PDF_USES := pangocairo libqrencode
PDF_INC  := $(patsubst -I%,-isystem %,$(shell $(PKG_CONFIG) --cflags $(PDF_USES) 2>/dev/null))
PDF_LIB  := $(shell $(PKG_CONFIG) --libs $(PDF_USES) 2>/dev/null)
# catalogue-reader is linked with static libraries where they are.
READER_A := $(PG_LIB)/libcsv.a $(PG_LIB)/libexpat.a
READER_LIB := $(if $(filter static,$(LINK)),$(if $(filter-out $(wildcard $(READER_A)),$(READER_A)),,$(READER_A)),$(if $(wildcard /usr/include/csv.h),-lcsv -lexpat))
VIPS_INC := $(patsubst -I%,-isystem %,$(shell $(PKG_CONFIG) --cflags vips 2>/dev/null))
VIPS_LIB := $(shell $(PKG_CONFIG) --libs vips 2>/dev/null)
HELPERS  := $(strip $(if $(CURL_LIB),$(B)/bin/fetch) $(if $(PDF_LIB),$(B)/bin/invoice-pdf) \
	$(if $(READER_LIB),$(B)/bin/catalogue-reader) $(if $(VIPS_LIB),$(B)/bin/image-sizes))
LEFT_OUT := $(filter-out $(notdir $(HELPERS)),fetch invoice-pdf catalogue-reader image-sizes)
# What is made of the tables of commands and settings.
PAGES    := $(addprefix build/man/,man1/shopctl.1 man5/cgishop.env.5 man7/cgishop.7 $(addprefix man8/, \
	fetch.8 invoice-pdf.8 catalogue-reader.8 image-sizes.8))
MANUAL   := $(PAGES) build/completion/shopctl.bash build/completion/_shopctl
CHECKS   := $(B)/layers.ok $(B)/sql.ok $(B)/format.ok $(B)/data.ok $(B)/externs.ok $(B)/words.ok

.DELETE_ON_ERROR:
.SECONDARY:
.PHONY: FORCE all check unit fuzz bench bench-million install uninstall deb dist sysroot archive launch programs format clean help compile_commands.json link-note fetch-note pdf-note reader-note vips-note

all: $(if $(filter shared,$(LINK)),link-note) $(if $(CURL_LIB),,fetch-note) $(if $(PDF_LIB),,pdf-note) $(if $(READER_LIB),,reader-note) $(if $(VIPS_LIB),,vips-note) $(CHECKS) $(PROGRAMS) $(HELPERS) $(MANUAL) ## build every program (the default)

link-note:
	@echo "linking with shared libraries$(if $(strip $(MISSING)),: there is no static $(notdir $(MISSING)))"

fetch-note:
	@echo "no libcurl here: bin/fetch is left out, and with it payments by Stripe and Razorpay"

pdf-note:
	@echo "no $(PDF_USES) here: bin/invoice-pdf is left out (tools/deps pdf installs what it needs)"

reader-note:
	@echo "no libcsv or expat here: bin/catalogue-reader is left out, and with it shopctl import"

vips-note:
	@echo "no libvips here: bin/image-sizes is left out, and pictures have no smaller sizes (tools/deps images installs it)"

# --- objects and programs
$(B)/obj/%.o: %.c | build/gen/queries.h
	@mkdir -p $(@D)
	$(say) CC $@
	$(Q)$(CC) $(CPPFLAGS) $(CFLAGS) -MMD -MP -c $< -o $@

# A list that changes only when its text does. Two builds of a checkout may run at once: each writes a file of its own.
WRITE_IF_CHANGED = @mkdir -p $(@D); { $(1); } >$@.$$$$; \
	if cmp -s $@.$$$$ $@; then rm $@.$$$$; else mv $@.$$$$ $@; fi

# What prints the version is compiled again when it changes.
build/version: FORCE
	$(call WRITE_IF_CHANGED,echo '$(VERSION)')
$(patsubst %.c,$(B)/obj/%.o,$(shell grep -rl CGISHOP_VERSION --include=*.c core cgi-bin tools)): build/version

$(B)/obj/gen/%.o: build/gen/%.c build/gen/queries.h
	@mkdir -p $(@D)
	$(say) CC $@
	$(Q)$(CC) $(CPPFLAGS) $(CFLAGS) -MMD -MP -c $< -o $@

$(B)/core.a: $(CORE_OBJ)
	@rm -f $@
	$(Q)$(AR) rcs $@ $^

# What the programs are linked with. A package's files have the time of their build, so an update may be older than our
# programs: this list changes with it.
$(B)/linked-with: FORCE
	$(call WRITE_IF_CHANGED,echo '$(LINK) $(CC) $(PG_VERSION)'$(if $(ARCHIVES),; stat -Lc '%n %s %Y' $(ARCHIVES)))

$(B)/libpq/link: $(addprefix tools/dev/gen/,libpq libpq.awk standins.awk) $(STAND_INS:%.c=$(B)/obj/%.o) $(B)/linked-with
	$(Q)CC='$(CC)' CFLAGS='$(CFLAGS)' AR='$(AR)' tools/dev/gen/libpq $(@D) $(or $(TLS),off) $(LIBPQ) $(OPENSSL) $(filter %.o,$^)

# A group is cgi-bin/<group>.c and, where it is large, parts of it in cgi-bin/<group>/.
.SECONDEXPANSION:
parts = $(patsubst %.c,$(B)/obj/%.o,$(wildcard cgi-bin/$(1)/*.c))
$(B)/cgi-bin/api/%: $(B)/obj/cgi-bin/%.o $$(call parts,$$*) $(B)/core.a $(LINKED)
	@mkdir -p $(@D)
	$(say) CC $@
	$(Q)$(LD) $(CFLAGS) $(LDFLAGS) $(filter %.o,$^) $(LIBS) -o $@

$(B)/bin/shopctl: $(SHOPCTL:%.c=$(B)/obj/%.o) $(B)/core.a $(LINKED)
	@mkdir -p $(@D)
	$(say) CC $@
	$(Q)$(LD) $(CFLAGS) $(LDFLAGS) $(filter %.o,$^) $(LIBS) -o $@

$(B)/cgi-bin/setup: $(SETUP:%.c=$(B)/obj/%.o) $(B)/core.a $(LINKED)
	@mkdir -p $(@D)
	$(say) CC $@
	$(Q)$(LD) $(CFLAGS) $(LDFLAGS) $(filter %.o,$^) $(LIBS) -o $@

$(B)/bin/fetch: $(FETCH:%.c=$(B)/obj/%.o) $(B)/core.a
	@mkdir -p $(@D)
	$(say) CC $@
	$(Q)$(CC) $(CFLAGS) $(LDFLAGS_COMMON) -pie $^ $(CURL_LIB) $(if $(filter static,$(LINK)),$(PG_LIB)/libjson-c.a,-ljson-c) -o $@

$(B)/obj/tools/invoice-pdf/%.o: CPPFLAGS += $(PDF_INC)

$(B)/bin/invoice-pdf: $(PDF:%.c=$(B)/obj/%.o) $(B)/core.a
	@mkdir -p $(@D)
	$(say) CC $@
	$(Q)$(CC) $(CFLAGS) $(LDFLAGS_COMMON) -pie $^ $(PDF_LIB) -ljson-c -o $@

$(B)/bin/catalogue-reader: $(READER:%.c=$(B)/obj/%.o) $(B)/core.a $(LINKED)
	@mkdir -p $(@D)
	$(say) CC $@
	$(Q)$(LD) $(CFLAGS) $(LDFLAGS) $(filter %.o,$^) $(READER_LIB) $(LIBS) -o $@

$(B)/obj/tools/image-sizes/%.o: CPPFLAGS += $(VIPS_INC)

$(B)/bin/image-sizes: $(SIZES:%.c=$(B)/obj/%.o) $(B)/core.a
	@mkdir -p $(@D)
	$(say) CC $@
	$(Q)$(CC) $(CFLAGS) $(LDFLAGS_COMMON) -pie $^ $(VIPS_LIB) -lz $(if $(filter static,$(LINK)),$(PG_LIB)/libsodium.a,-lsodium) -o $@

# What starts a helper of the archive with its own libraries.
$(B)/launch: $(LAUNCH:%.c=$(B)/obj/%.o) $(B)/core.a
	$(say) CC $@
	$(Q)$(CC) $(CFLAGS) $(LDFLAGS_COMMON) -static-pie $^ -o $@

# --- generated sources: the SQL is part of the programs. The directory is newer when a file is removed from it.
build/gen/queries.h: sql/queries $(wildcard sql/queries/*.sql) tools/dev/gen/queries.awk
	@mkdir -p $(@D)
	$(Q)awk -v out=h -f tools/dev/gen/queries.awk $(sort $(wildcard sql/queries/*.sql)) > $@

build/gen/queries.c: sql/queries $(wildcard sql/queries/*.sql) tools/dev/gen/queries.awk
	@mkdir -p $(@D)
	$(Q)awk -v out=c -f tools/dev/gen/queries.awk $(sort $(wildcard sql/queries/*.sql)) > $@

SQL := $(sort $(wildcard sql/schema/*.sql)) $(sort $(wildcard sql/functions/*.sql)) $(sort $(wildcard sql/*.sql))
build/gen/functions/error_rule.sql: core/base/error_codes.def tools/dev/gen/error_rule.awk
	@mkdir -p $(@D)
	$(Q)awk -f tools/dev/gen/error_rule.awk $< > $@

build/gen/migrations.c: $(SQL) build/gen/functions/error_rule.sql tools/dev/gen/migrations.awk
	@mkdir -p $(@D)
	$(Q)awk -f tools/dev/gen/migrations.awk $(SQL) build/gen/functions/error_rule.sql > $@

build/gen/schema_expected.h: build/gen/migrations.c tools/dev/gen/schema_expected.c core/db/migrate_checksum.h
	$(Q)$(BUILD_CC) $(STD) -I. $(filter %.c,$^) -o build/gen/schema_expected
	$(Q)build/gen/schema_expected > $@

# The groups, for the links of meta.
build/gen/groups.def: FORCE
	$(call WRITE_IF_CHANGED,printf 'GROUP_LINK("%s")\n' $(GROUPS))

$(B)/obj/cgi-bin/meta.o: build/gen/groups.def build/gen/schema_expected.h

# --- the manual, and the completion of shells. The date is the version's.
GENERATORS := tools/dev/gen
RELEASED   := $(shell sed -n 's/^\#\# \[$(VERSION)\] - //p' CHANGELOG.md)
PAGE        = $(Q)awk -v version='$(VERSION)' -v date='$(RELEASED)' $(1) -f $(GENERATORS)/man.awk -f $(filter %_page.awk %view.awk,$^) \
	$(filter %.def %.c %.example %.in,$^) >$@

build/gen/program_pages: $(GENERATORS)/program_pages.c tools/shopctl/commands.h tools/shopctl/commands.def build/version
	@mkdir -p $(@D)
	$(say) CC $@
	$(Q)$(BUILD_CC) $(STD) -O1 $(WARN) -DCGISHOP_VERSION='"$(VERSION)"' -I. $< -o $@

$(PAGES): $(GENERATORS)/man.awk build/version | $(addprefix build/man/man,1 5 7 8)
$(addprefix build/man/man,1 5 7 8):
	@mkdir -p $@

build/man/man1/shopctl.1: build/gen/program_pages
	$(Q)$< man '$(RELEASED)' >$@

build/man/man5/cgishop.env.5: $(GENERATORS)/settings_page.awk core/config/settings.def core/config/rate_limits.def .env.example
	$(call PAGE)

build/man/man7/cgishop.7: $(GENERATORS)/overview.awk $(wildcard cgi-bin/*.c) $(GENERATORS)/cgishop.7.in
	$(call PAGE)

build/man/man8/fetch.8: $(GENERATORS)/program_page.awk tools/fetch/fetch.c
	$(call PAGE,-v name=fetch -v about='an HTTP request of a shop')

build/man/man8/invoice-pdf.8: $(GENERATORS)/program_page.awk tools/invoice-pdf/main.c
	$(call PAGE,-v name=invoice-pdf -v about='an invoice as PDF')

build/man/man8/catalogue-reader.8: $(GENERATORS)/program_page.awk tools/catalogue-reader/main.c
	$(call PAGE,-v name=catalogue-reader -v about="other shops' catalogues as lines of JSON")

build/man/man8/image-sizes.8: $(GENERATORS)/program_page.awk tools/image-sizes/main.c
	$(call PAGE,-v name=image-sizes -v about='smaller sizes of a picture')

build/completion/shopctl.bash build/completion/_shopctl: build/gen/program_pages
	@mkdir -p $(@D)
	$(Q)$< $(if $(filter %.bash,$@),bash,zsh) >$@

# --- checks that are part of the build
$(B)/layers.ok: tools/dev/layers $(C_FILES)
	@mkdir -p $(@D)
	$(Q)tools/dev/layers
	@touch $@

# All objects of all programs, so it needs all helpers.
OBJECTS := $(CORE_OBJ) $(patsubst %.c,$(B)/obj/%.o,$(wildcard cgi-bin/*.c cgi-bin/*/*.c) $(SHOPCTL) $(SETUP) tools/fetch/fetch.c $(PDF) $(READER) $(SIZES))
ifeq ($(LEFT_OUT),)
$(B)/externs.ok: tools/dev/externs $(OBJECTS)
	@mkdir -p $(@D)
	$(Q)tools/dev/externs $(OBJECTS)
	@touch $@
else
$(B)/externs.ok: tools/dev/externs
	@mkdir -p $(@D)
	@echo "without all helpers unused externs are not checked"
	@touch $@
endif

$(B)/sql.ok: tools/dev/sql-rules $(SQL) $(wildcard sql/queries/*.sql)
	@mkdir -p $(@D)
	$(Q)tools/dev/sql-rules
	@touch $@

# Of all text, and fast: at each build, so that no list of it is needed.
$(B)/words.ok: FORCE
	@mkdir -p $(@D)
	$(Q)tools/dev/badwords
	@touch $@

# What has changed; all of it when the rules have.
TO_FORMAT = $(if $(filter .clang-format,$?),$(C_FILES),$(filter %.c %.h,$?))
$(B)/format.ok: .clang-format $(C_FILES)
	@mkdir -p $(@D)
	@if command -v clang-format >/dev/null; then \
		echo "clang-format: $(words $(TO_FORMAT)) files"; clang-format --dry-run -Werror $(TO_FORMAT); \
	else echo "no clang-format here: formatting is not checked"; fi
	@touch $@

$(B)/data.ok: $(DATA_FILES)
	@mkdir -p $(B) && rm -rf $(addprefix $(B)/,$(notdir $(DATA))) && cp -R $(DATA) $(B)/
	@touch $@

# --- tests
SAN_FLAGS := $(STD) -O1 -g $(SAN) $(WARN)
SAN_LIBS  := -lpq -ljson-c -lsodium -lscrypt -lfcgi -lz -lutf8proc
SAN_CORE  := $(CORE) core/crypto/pg_hash.c
SAN_OBJ   := $(SAN_CORE:%.c=build/san/%.o) build/san/gen/queries.o build/san/gen/migrations.o

build/san/%.o: %.c | build/gen/queries.h
	@mkdir -p $(@D)
	$(say) CC $@
	$(Q)$(CC) $(CPPFLAGS) $(SAN_FLAGS) -MMD -MP -c $< -o $@

build/san/gen/%.o: build/gen/%.c build/gen/queries.h
	@mkdir -p $(@D)
	$(say) CC $@
	$(Q)$(CC) $(CPPFLAGS) $(SAN_FLAGS) -MMD -MP -c $< -o $@

build/san/core.a: $(SAN_OBJ)
	@rm -f $@
	$(Q)$(AR) rcs $@ $^

build/unit/%: build/san/tests/unit/%.o build/san/core.a
	@mkdir -p $(@D)
	$(say) CC $@
	$(Q)$(CC) $(SAN) $(filter %.o,$^) $(filter %.a,$^) $(SAN_LIBS) -o $@

# Their provider is a stand-in.
$(addprefix build/unit/test_gateway_,fetch razorpay stripe): build/san/tests/unit/provider.o

# A part of a tool.
build/unit/test_setup_session: build/san/tools/setup/session.o
build/unit/test_setup_attempts: build/san/tools/setup/attempts.o

# So is the database of these.
ON_SAMPLES := $(addprefix build/unit/test_,compose input list write)
$(ON_SAMPLES): build/san/tests/unit/sample_resource.o
$(ON_SAMPLES): SAN_LIBS += $(foreach f,run one begin commit rollback,-Wl,--wrap=db_$f)

FUZZ_FLAGS := $(STD) -Wno-microsoft-anon-tag -O1 -g -fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=all -D_GNU_SOURCE
build/fuzzobj/%.o: %.c | build/gen/queries.h
	@mkdir -p $(@D)
	$(say) CC $@
	$(Q)clang $(CPPFLAGS) $(FUZZ_FLAGS) -MMD -MP -c $< -o $@

FUZZ_CORE := $(filter core/archive/% core/base/% core/config/% core/image/% core/process/% core/json/% core/http/% core/crypto/% core/gateway/% core/resource/cursor.c,$(CORE))
build/fuzz/%: build/fuzzobj/tests/fuzz/%.o $(FUZZ_CORE:%.c=build/fuzzobj/%.o)
	@mkdir -p $(@D)
	$(say) CC $@
	$(Q)clang -fsanitize=fuzzer,address,undefined $^ $(FUZZ_LIBS) -ljson-c -lsodium -lscrypt -lfcgi -lz -lutf8proc -o $@

# The reader of catalogues, without its command line.
build/fuzz/fuzz_catalogue: $(patsubst %.c,build/fuzzobj/%.o,$(filter-out %/main.c,$(READER)) core/resource/import_text.c)
build/fuzz/fuzz_catalogue: FUZZ_LIBS := -lcsv -lexpat

unit: $(UNIT:tests/unit/%.c=build/unit/%) ## build and run the unit tests (ASan, UBSan)
	@for t in $^; do echo "# $$t"; $$t || exit 1; done

fuzz: $(FUZZ:tests/fuzz/%.c=build/fuzz/%) ## build the fuzzers (clang)

# Helper programs of the tests and of the benchmark: some of them use libcurl.
build/tests/%: tests/support/%.c
	@mkdir -p $(@D)
	$(say) CC $@
	$(Q)$(CC) $(CPPFLAGS) $(STD) -O2 -g $(WARN) $< $(or $(TEST_LINK),-Wl$(COMMA)--as-needed -lcurl -ljson-c -lpthread) -o $@

# They run where there are no libraries.
build/tests/old_kernel build/tests/refuse_links: TEST_LINK := -static
COMMA := ,

$(B)/bench/%: tests/bench/%.c
	@mkdir -p $(@D)
	$(say) CC $@
	$(Q)$(CC) $(CPPFLAGS) $(CFLAGS) -static $< -o $@

check: ## run every test, with its own servers (tools/check)
	tools/check

bench: all ## measure throughput and latency against an empty CGI program
	tests/bench/run

bench-million: all ## measure 1,000,000 products beside 1,000: KEEP=1 leaves the databases to the next run
	tests/bench/million

install: all ## put the programs in place, also under a running shop: DESTDIR=, PREFIX=
	@tools/dev/install $(B) "$(PREFIX)" "$(DESTDIR)" $(GROUPS)

uninstall: ## remove what make install has put there: DESTDIR=, PREFIX=
	@tools/dev/install --remove "$(PREFIX)" "$(DESTDIR)"

DEB_VERSION ?= $(VERSION)
deb: all ## a Debian package
	$(if $(CROSS),$(error make deb makes a package for the machine it runs on))
	$(if $(LEFT_OUT),$(error make deb needs the libraries of $(LEFT_OUT) (tools/deps, tools/deps pdf images)))
	@tools/dev/deb/build $(B) $(DEB_VERSION) $(GROUPS)

# The programs without TLS to the database, those with it, and what only exists with it: whatever TLS= says here.
dist: $(if $(CROSS),sysroot) ## an archive of the static programs for a host without a compiler: ARCH=aarch64 for ARM
	@$(MAKE) archive

sysroot:
	$(if $(shell command -v $(firstword $(CC))),,$(error make ARCH=$(ARCH) needs $(firstword $(CC)) (tools/deps cross)))
	@tools/dev/sysroot $(ARCH) $(SYSROOT)

archive:
	$(if $(MISSING),$(error make dist needs static libraries: there is no $(notdir $(MISSING)) (tools/deps)))
	$(if $(filter $(ARCH)-%,$(shell $(CC) -dumpmachine)),,$(error $(CC) does not make programs for $(ARCH)))
	$(if $(LEFT_OUT),$(error make dist needs the libraries of $(LEFT_OUT) (tools/deps, tools/deps pdf images)))
	@$(MAKE) SANITIZE= LINK=static TLS= all launch
	@$(MAKE) SANITIZE= LINK=static TLS=on programs
	@CC='$(CC)' STATICS='$(ARCHIVES) $(READER_A) $(shell $(CC) -print-file-name=libc.a) $(shell $(CC) -print-file-name=libgcc.a)' SYSROOT='$(SYSROOT)' \
		tools/dev/dist build$(addprefix /,$(CROSS)) build$(addprefix /,$(CROSS))/tls $(VERSION) $(ARCH)

launch: $(B)/launch
programs: $(PROGRAMS)

format: ## format the C files
	$(Q)clang-format -i $(C_FILES)

compile_commands.json: ## for editors
	bear -- $(MAKE) -B all

clean: ## remove build/
	rm -rf build

help: ## this list
	@awk -F':.*## ' '/^[a-zA-Z_.-]+:.*## / { printf "make %-22s %s\n", $$1, $$2 }' Makefile
	@echo "variables: LINK=static|shared, TLS=on, SANITIZE=1, ARCH=aarch64, CC=, DESTDIR=, PREFIX="

-include $(shell find build -name sysroot -prune -o -name '*.d' -print 2>/dev/null)
