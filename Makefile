# hdr-process: `make` prints what there is. Everything is built and run in a private root
# (env/setup); with DEPS=system the system's own packages are used.
SHELL := /bin/bash
.DEFAULT_GOAL := help
.PHONY: help setup build process inspect serve test check times test-sanitized test-browsers test-align test-moves \
  test-gmnet test-train bench bench-check bench-page soak fuzz clean

JOBS ?= $(shell nproc)
PROGRAM := build/release/hdr-process
export DEPS JOBS IMG REF BOOST OUT MASK ARGS

help:
	@echo 'make process IMG=edit.jpg [REF=original.jpg] [BOOST=stops] [OUT=folder|file] [MASK=mask.png] [ARGS=...]'
	@echo '                   put the HDR of REF (or a prediction) back into IMG'
	@echo 'make inspect IMG=file.jpg [ARGS=...]'
	@echo '                   say what a gain-map file holds'
	@echo 'make serve [ARGS=...]  the upload page and the HTTP API, http://127.0.0.1:8080'
	@echo 'make setup         make the private build environment (Debian packages, nothing on the host changes)'
	@echo 'make build         build $(PROGRAM)'
	@echo 'make test          build and run every test (presets asan and release)'
	@echo 'make check         the sources and the unit tests (preset dev): the loop at the desk'
	@echo 'make times         where the time of the last run of them went'
	@echo 'make test-sanitized  all of the whole flow and the service under ASan (slow; CI runs a sample)'
	@echo 'make test-browsers  the page in Firefox and WebKit (packages of their own)'
	@echo 'make test-align    find 500 made edits in their originals, and refuse 600 other pairs (slow)'
	@echo 'make test-moves    follow 500 small moves and 100 lens corrections (slow)'
	@echo 'make test-gmnet    test the export of GMNet against PyTorch (slow; large packages)'
	@echo 'make test-train    test the training tool (slow; large packages)'
	@echo 'make bench         run the benchmarks'
	@echo 'make bench-check   fail where a benchmark exceeds its limit'
	@echo 'make bench-page    measure how long one waits for the page, and weigh it'
	@echo 'make soak          attack and use the running service for MINUTES (10)'
	@echo 'make fuzz          build the fuzz targets (build/fuzz)'
	@echo 'make clean         remove what was built here'
	@echo 'Variables: JOBS=$(JOBS), DEPS=system (use the system'"'"'s packages), DEBIAN_MIRROR=address'

setup:
	@env/setup

build: setup
	@env/build release hdr-process

# The variables reach the program through the environment, so that any file name works.
process: build
	@[ -n "$$IMG" ] || { echo 'usage: make process IMG=edit.jpg [REF=original.jpg] ...' >&2; exit 2; }
	@set -- --img "$$IMG"; \
	  [ -z "$$REF" ] || set -- "$$@" --ref "$$REF"; \
	  [ -z "$$BOOST" ] || set -- "$$@" --boost "$$BOOST"; \
	  [ -z "$$OUT" ] || set -- "$$@" --out "$$OUT"; \
	  [ -z "$$MASK" ] || set -- "$$@" --mask "$$MASK"; \
	  exec $(PROGRAM) "$$@" $$ARGS

inspect: build
	@[ -n "$$IMG" ] || { echo 'usage: make inspect IMG=file.jpg' >&2; exit 2; }
	@exec $(PROGRAM) inspect "$$IMG" $$ARGS

serve: build
	@exec $(PROGRAM) serve $$ARGS

test:
	@tests/run

check:
	@tests/run check

times:
	@tests/times

test-sanitized: setup
	@env/setup test
	@env/build asan
	@env/run --test ctest --preset asan -L whole --parallel $(JOBS)

# CI has Chromium alone.
test-browsers: setup
	@env/setup test
	@env/setup browsers
	@env/build release hdr-process
	@HDR_PROCESS_REQUIRE=browsers web/run_tests browsers

# The suite has a few of these edits; the numbers of docs/alignment.md are this run's.
test-align: setup
	@env/build release align_tests
	@HDR_PROCESS_EDITS=500 env/run build/release/tests/align_tests

test-moves: setup
	@env/build release align_tests
	@HDR_PROCESS_EDITS=500 env/run build/release/tests/align_tests --gtest_filter='SmallMoves*'

# PyTorch has a root of its own, so that nothing else waits for it.
test-gmnet: setup
	@env/setup torch
	@env/build release hdr-process model_bench
	@env/run --torch python3 -B tools/gmnet/test_gmnet.py -v

test-train: setup
	@env/setup torch
	@env/build release hdr-process panorama_views
	@env/run --torch python3 -B tools/train/test_train.py -v

bench: setup
	@env/setup test
	@env/build release
	@env/run --test bench/run

bench-check: setup
	@env/setup test
	@env/build release
	@env/run --test bench/run --check

bench-page: setup
	@env/setup test
	@env/build release hdr-process
	@web/run_tests bench

soak: setup
	@env/build release hdr-process soak
	@env/run build/release/bench/soak $(PROGRAM) $(or $(MINUTES),10)

fuzz: setup
	@env/setup fuzz
	@env/build fuzz

clean:
	rm -rf build
