# Baton: build, run, test. `make` alone explains itself.

SHELL := /bin/bash
PYTHON ?= python3
VENV := .build/venv
LOCALSTACK := .build/localstack
BIN := .build/release/baton
# Debug builds, which the tests run, check at run time that nobody changes what another is looking at; here that would
# be one instruction in twelve.
SWIFT_RELEASE := swift build -c release --static-swift-stdlib -Xswiftc -enforce-exclusivity=unchecked
ifeq ($(shell uname),Linux)
# A table of 40,000 symbols that nobody asks for, and functions that are the same twice, would be resident after the start.
SWIFT_RELEASE += -Xswiftc -use-ld=lld -Xlinker --no-export-dynamic -Xlinker --icf=safe
endif

.DEFAULT_GOAL := help
.PHONY: help build run stop test unit wire tidy crash format bench clean setup functions

help: ## Show what can be made.
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: .build/.setup ## Install what the machine lacks (SQLite and zlib headers; needs root and apt-get).

.build/.setup: Scripts/setup
	@mkdir -p .build && Scripts/setup && touch $@

build: .build/.setup ## Build the release binary at .build/release/baton, and the systems.
	$(SWIFT_RELEASE)

run: build $(VENV)/.ready ## Build, start Baton, deploy the systems, run each on its sample input.
	@Scripts/run

stop: ## Stop the Baton that `make run` has left running.
	@kill -TERM "$$(cat .baton/pid 2>/dev/null)" 2>/dev/null && echo Stopped. || echo 'No Baton runs.'

test: .build/.setup $(VENV)/.ready ## Build once, then run every test: unit, tidy, wire, crash.
	@Scripts/test

unit: .build/.setup ## Unit tests only.
	swift test

wire: $(VENV)/.ready ## Tests with real clients against a debug build.
	swift build && $(VENV)/bin/python -m pytest -q Tests/Wire

crash: $(VENV)/.ready ## Bad days against a debug build; CRASH_ROUNDS and FUZZ_SECONDS say how many.
	swift build && $(VENV)/bin/python -m pytest -q Tests/Crash

tidy: $(VENV)/.ready ## What the sources look like.
	swift format lint --strict -r --configuration .swift-format Sources Systems Tests Package.swift
	$(VENV)/bin/python -m pytest -q Tests/Tidy

format: ## Format all Swift sources.
	swift format -i -r --configuration .swift-format Sources Systems Tests Package.swift

bench: build $(VENV)/.ready $(LOCALSTACK)/.tried ## Measure against the two ceilings and the peers; writes .build/bench.json.
	LOCALSTACK_PYTHON=$(LOCALSTACK)/bin/python $(VENV)/bin/python Benchmarks/run.py
	LOCALSTACK_PYTHON=$(LOCALSTACK)/bin/python $(VENV)/bin/python Benchmarks/stepfunctions.py
	$(VENV)/bin/python Benchmarks/jsonata.py

$(VENV)/.ready: Tests/requirements.txt
	$(PYTHON) -m venv $(VENV) && $(VENV)/bin/pip install -q -r Tests/requirements.txt && touch $@

# The peer wants Python 3.12 or newer; where there is none, or it does not install, it is left out.
$(LOCALSTACK)/.tried: Benchmarks/localstack.txt
	@mkdir -p $(LOCALSTACK) && for python in python3.13 python3.12 $(PYTHON); do \
		$$python -c 'import sys; sys.exit(sys.version_info < (3, 12))' 2>/dev/null && \
		$$python -m venv $(LOCALSTACK) && $(LOCALSTACK)/bin/pip install -q -r $< && break; \
		rm -rf $(LOCALSTACK)/bin; done; touch $@

clean: ## Remove what was built and Baton's data in this folder.
	rm -rf .build .baton
