# Two commands matter: `make run` and `make test`. `make` alone lists them all.
.DEFAULT_GOAL := help
SHELL := bash
.PHONY: run test prove dev bench openapi fmt help

run: ## Build program and browser client and serve on 127.0.0.1:8080, from data/ or from DATABASE_URL=postgres://...; first makes the secret, and enters the demo where nothing is recorded
	@scripts/need.sh build node
	cargo build --release --locked --bin liendoan
	@scripts/client.sh build
	@target/release/liendoan secret
	@export LIENDOAN_LOG__LEVEL=warn $${DATABASE_URL:+LIENDOAN_DATABASE__URL="$$DATABASE_URL"}; target/release/liendoan demo
	@$${DATABASE_URL:+env LIENDOAN_DATABASE__URL="$$DATABASE_URL"} target/release/liendoan serve

test: ## The gate: every check and test, on both engines
	@scripts/test.sh

prove: ## The long tests: load, crashes, poolers
	@scripts/prove.sh

# entr ends with 2 when a file was added: then it must be given the new list.
dev: ## Serve, and again after every change of the code
	@scripts/need.sh build entr
	@cargo run --quiet --bin liendoan -- secret
	@LIENDOAN_LOG__LEVEL=warn cargo run --quiet --bin liendoan -- demo
	@while find api core migrations reference Cargo.toml -type f | entr -ndr cargo run --bin liendoan -- serve; (($$? == 2)); do :; done

bench: ## Measure the service beside its bare parts, on both engines; NATION=1: the tree at full size; RECORDS=1: a million records; ACCESS=1: signing in
	@scripts/need.sh build postgres wrk
	PG_FSYNC=on scripts/with-postgres.sh cargo run --release --locked -p liendoan-bench -- $(if $(QUICK),--quick) $(if $(NATION),--nation) $(if $(RECORDS),--records) $(if $(ACCESS),--access)

openapi: ## Renew openapi/openapi.json, and the types that the browser client makes of it
	@cargo run --quiet --locked --bin liendoan -- openapi >openapi/openapi.json.new
	@mv openapi/openapi.json.new openapi/openapi.json
	@scripts/client.sh types

fmt: ## Format the code
	@cargo fmt

help: ## List the targets
	@sed -nE 's/^([a-z]+): ## (.*)/  make \1\t\2/p' Makefile | expand -t 18
