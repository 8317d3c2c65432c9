# The two commands of the README are `make demo` and `make test`; the rest are parts of them.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help

# Tools built once, outside the checkout, keyed by version.
CACHE ?= $(or $(XDG_CACHE_HOME),$(HOME)/.cache)/ngpool
DENY_VERSION := 0.20.2
DENY := $(CACHE)/tools/cargo-deny-$(DENY_VERSION)/bin/cargo-deny
MUTANTS_VERSION := 27.1.0
MUTANTS := $(CACHE)/tools/cargo-mutants-$(MUTANTS_VERSION)/bin/cargo-mutants

.NOTPARALLEL:
.PHONY: help demo test system knots format lint deny docs charts units mutants mutants-change cluster e2e

help: ## Show this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

demo: system ## Mine a regtest Litecoin pool on this machine; ONCE=1 ends when the story is complete
	cargo build --locked --package ngpool --package ngsign
	target/debug/ngpool demo examples/litecoin-regtest $(if $(ONCE),--once)

test: format system knots deny lint docs charts units e2e mutants-change ## Everything that must hold before a change lands

system: ## Install the system packages the pool runs on (PostgreSQL, litecoind)
	@scripts/install-system

knots: ## Put Bitcoin Knots for tests into the cache (trixie-backports; nothing is installed)
	@NGPOOL_CACHE=$(CACHE) scripts/install-knots

format: ## Formatting
	@scripts/stage format cargo fmt --all --check

lint: ## Clippy with the lints of Cargo.toml, warnings are errors
	@scripts/stage lint cargo clippy --locked --workspace --all-targets --features ngpool-e2e/cluster -- -D warnings

deny: $(DENY) ## Doubled versions, licences and sources of the dependencies
	@scripts/stage deny $(DENY) --locked check bans licenses sources

docs: ## Documentation build, warnings are errors
	@RUSTDOCFLAGS="-D warnings" scripts/stage docs cargo doc --locked --workspace --no-deps

charts: ## The charts by helm 3 and 4, kubeconform and kube-score
	@NGPOOL_CACHE=$(CACHE) scripts/stage charts scripts/charts

units: ## Every test, on real nodes and a real database
	@NGPOOL_CACHE=$(CACHE) scripts/stage tests cargo test --locked --workspace --no-fail-fast

cluster: ## Run a Kubernetes cluster on this machine until Ctrl-C; NAME=other for a second one
	@scripts/install-cluster
	cargo build --locked --workspace --bins --test cluster --features ngpool-e2e/cluster
	@NGPOOL_CACHE=$(CACHE) target/debug/ngpool-e2e cluster $(if $(NAME),--name $(NAME))

# What make test runs of them; make e2e alone runs all.
test: E2E = story access broken

e2e: ## A pool on a real cluster: that of KUBECONFIG, or one of its own (root, 10 minutes to build once)
	@[ -n "$${KUBECONFIG:-}" ] || scripts/install-cluster
	@NGPOOL_CACHE=$(CACHE) scripts/stage e2e cargo test --locked --workspace --features ngpool-e2e/cluster --test cluster -- $(E2E)

mutants-change: $(MUTANTS) ## Mutation tests of the lines that the last change touched; at most ten minutes
	@CARGO_MUTANTS=$(MUTANTS) scripts/stage mutants scripts/mutants change $(BASE)

mutants: $(MUTANTS) ## Mutation tests of accounting, payouts and signer, whole; CRATE=ngpool-accounting for one
	@CARGO_MUTANTS=$(MUTANTS) scripts/stage mutants scripts/mutants whole $(CRATE)

$(MUTANTS):
	@scripts/stage cargo-mutants cargo install cargo-mutants --version $(MUTANTS_VERSION) --locked --debug --root $(CACHE)/tools/cargo-mutants-$(MUTANTS_VERSION)

$(DENY):
	@scripts/stage cargo-deny cargo install cargo-deny --version $(DENY_VERSION) --locked --debug --root $(CACHE)/tools/cargo-deny-$(DENY_VERSION)
