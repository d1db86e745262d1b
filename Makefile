# The table of contents of this project: `make help` lists it.

# What a fresh Debian 12 needs beside Swift, and what the tests need on top of it.
PACKAGES      := libsqlite3-dev libpq-dev libssl-dev libzmq3-dev
TEST_PACKAGES := python3-zmq postgresql pgbouncer systemd
# Debian's prometheus is unpacked here for the tests and not installed: installing starts a server on port 9090.
PROMETHEUS    := .build-tools/prometheus/usr/bin/prometheus

PRODUCTS := irc-gateway stream-poller token-service writer collector twitch-simulator
BIN      := .build/release
PREFIX   ?= /usr/local

.DEFAULT_GOAL := help
.PHONY: help run build debug test lint format bench chaos simulate deps test-deps swift-version clean install install-units

help: ## Say what can be made
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: build ## Install what is missing, build, collect (from the simulator when no channel is set)
	@$(BIN)/collector run

# One build for all: each `--product` for itself undoes what the one before it has made.
build: deps ## Build the programs, optimised
	@Tools/build-programs

debug: deps ## Build everything for debugging, tests included
	@swift build --build-tests

# The test program is started directly: `swift test` starts all tests at once, and hundreds of real processes, sockets and
# journals on two cores only measure each other's patience. What the build has left in memory is written first: the
# journals' syncs would wait for it.
test: test-deps ## Run every test
	@swift build --build-tests
	@sync
	@"$$(swift build --show-bin-path)/twitch-chat-collectorPackageTests.xctest" \
		--testing-library swift-testing --experimental-maximum-parallelization-width 4

lint: swift-version ## Check the format of every Swift file
	@swift format lint --strict --recursive --parallel Package.swift Libraries Services Tools Tests

format: swift-version ## Format every Swift file
	@swift format format --in-place --recursive --parallel Package.swift Libraries Services Tools Tests

bench: build test-deps ## Measure throughput, latency, CPU and memory against the simulator
	@Benchmarks/run

# Settings come from make's command line, such as make chaos SECONDS=60 SEED=7 DATABASE=sqlite; run.py lists them.
chaos: build test-deps ## Kill, stop and cut off the real processes under load, and look whether anything was lost
	@/usr/bin/python3 Tests/Chaos/run.py

# SEEDS=20000 SEED=1 DETAILS=1 make simulate: how many, from which on, and the end of each broken one. With the fixed hashing
# a seed tells the same story in every process.
simulate: deps ## Play the bus protocol against every fault a seed can think of, and without each of its parts
	@swift build --build-tests
	@SWIFT_DETERMINISTIC_HASHING=1 "$$(swift build --show-bin-path)/twitch-chat-collectorPackageTests.xctest" \
		--testing-library swift-testing --filter SimulationTests.SimulationTests --filter SimulationTests.AblationTests

deps: swift-version ## Install the Debian packages that building needs
	@$(call install_missing,$(PACKAGES))

test-deps: deps $(PROMETHEUS)
	@$(call install_missing,$(TEST_PACKAGES))

$(PROMETHEUS):
	@echo "Unpacking prometheus into .build-tools ..."
	@mkdir -p .build-tools/download
	@cd .build-tools/download && { apt-get download -qq prometheus 2>/dev/null \
		|| { $(as_root) apt-get update -qq && apt-get download -qq prometheus 2>/dev/null; }; } || { \
		echo "make: could not download Debian's package prometheus; look at the network and try again" >&2; exit 69; }
	@dpkg-deb --extract .build-tools/download/prometheus_*.deb .build-tools/prometheus
	@rm -rf .build-tools/download
	@touch $@

swift-version:
	@command -v swift >/dev/null || { \
		echo "make: Swift 6.2 or newer is needed and 'swift' is not on the PATH: see https://www.swift.org/install/linux" >&2; exit 69; }
	@swift --version 2>/dev/null | grep -Eq 'Swift version (6\.([2-9]|[1-9][0-9])|[7-9])' || { \
		echo "make: Swift 6.2 or newer is needed, found: $$(swift --version 2>/dev/null | head -n 1)" >&2; exit 69; }

install: build install-units ## Copy the programs and systemd's units below PREFIX (default /usr/local)
	@install -d $(DESTDIR)$(PREFIX)/bin
	@for product in $(PRODUCTS); do install -m 0755 $(BIN)/$$product $(DESTDIR)$(PREFIX)/bin/; done

# Nothing is started or enabled: docs/systemd.md says how.
install-units:
	@units=$(DESTDIR)$(PREFIX)/lib/systemd/system; shared=$(DESTDIR)$(PREFIX)/share/twitch-collector; \
	install -d $$units/twitch-collector-.service.d $(DESTDIR)$(PREFIX)/lib/sysusers.d $$shared && \
	install -m 0644 deploy/systemd/twitch-collector.target deploy/systemd/*.service $$units/ && \
	install -m 0644 deploy/systemd/twitch-collector-.service.d/*.conf $$units/twitch-collector-.service.d/ && \
	sed -i 's|=/usr/local/bin/|=$(PREFIX)/bin/|' $$units/twitch-collector-*.service && \
	install -m 0644 deploy/systemd/twitch-collector.sysusers.conf $(DESTDIR)$(PREFIX)/lib/sysusers.d/twitch-collector.conf && \
	install -m 0644 deploy/systemd/collector.env $$shared/

clean: ## Remove what was built
	@rm -rf .build .build-tools

as_root = $$([ "$$(id -u)" -eq 0 ] || echo sudo)

# Installs those of the packages that are not there; asks nobody, changes nothing when all are.
define install_missing
missing=""; \
for package in $(1); do \
	dpkg-query -W -f '$${Status}' $$package 2>/dev/null | grep -q 'ok installed' || missing="$$missing $$package"; \
done; \
if [ -n "$$missing" ]; then \
	echo "Installing$$missing ..."; \
	$(as_root) apt-get update -qq && \
	$(as_root) env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $$missing >/dev/null || { \
		echo "make: could not install$$missing; install them by hand and try again" >&2; exit 69; }; \
fi
endef
