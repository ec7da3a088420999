# The commands of the project. `make run` and `make test` need make, Rust and Node.js; the rest they install.

LISTEN ?= 127.0.0.1:8080
# One profile for program, tests and lints: PROJ is compiled once, and what is tested is what runs.
CARGO := cargo --locked
DENY_VERSION := 0.20.2

.PHONY: run build web test lint deny bench browser fuzz screenshot clean

run: build
	mkdir -p -m 700 var
	target/release/minemap serve --config data/demo/minemap.toml --store var/minemap.gpkg --demo --listen $(LISTEN)

build: web
	$(CARGO) build --release --package cli

web:
	scripts/setup build
	npm --prefix web ci --no-audit --no-fund
	npm --prefix web run build

test: web
	scripts/setup test
	npm --prefix web test
	npm --prefix web run size
	$(CARGO) test --release --workspace
	tests/load/run --smoke --peers minemap
	$(MAKE) lint deny browser

lint:
	cargo fmt --all --check
	$(CARGO) clippy --release --workspace --all-targets -- --deny warnings
	RUSTDOCFLAGS="--deny warnings" $(CARGO) doc --release --workspace --no-deps

deny: target/tools/bin/cargo-deny
	target/tools/bin/cargo-deny --all-features check licenses bans sources

target/tools/bin/cargo-deny:
	cargo install --locked --quiet --root target/tools --version $(DENY_VERSION) cargo-deny

browser:
	tests/browser/run npm test

fuzz:
	fuzz/run 20

screenshot:
	tests/browser/run npm run screenshot

bench:
	$(CARGO) bench --profile release --workspace

clean:
	rm -rf target web/dist web/node_modules tests/browser/node_modules fuzz/work
