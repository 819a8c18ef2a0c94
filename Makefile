# talktrace: make demo shows it at work, make test checks it.

GO       ?= go
FUZZTIME ?= 30s
OUT      ?= testdata/lab/out
PREFIX   ?= /usr/local

.DEFAULT_GOAL := help
.PHONY: help demo test bench lab live fuzz docs lint build dist install clean prepare

help: ## say what each target does
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: build ## trace two real sessions
	@printf '\nA person types XMPP at a server by hand, in a raw PuTTY session; the server insists on TLS:\n\n'
	@./talktrace -r testdata/captures/putty-raw.pcap
	@printf '\nTwo people talk over a server that speaks as Google Talk did; only what the clients send:\n\n'
	@./talktrace -r testdata/captures/gtalk-plain.pcap --sender client
	@printf '\nYour turn: ./talktrace -r FILE, or ./talktrace --help\n'

test: prepare ## vet, test with the race detector, test the static build, which captures by itself
	$(GO) vet ./...
	GORACE=atexit_sleep_ms=10 $(GO) test -race -timeout 10m ./...  # else each of the programs that tests run sleeps for a second
	CGO_ENABLED=0 $(GO) test -timeout 5m ./capture/live ./capture/sandbox
	CGO_ENABLED=0 $(GO) test -timeout 5m -run 'TestLive|TestReturns|TestOverload|TestNoPermission' ./cmd/talktrace
	CGO_ENABLED=0 GOOS=linux GOARCH=arm64 $(GO) vet ./capture/live ./capture/bpf

bench: prepare ## benchmarks, then whole runs beside tshark and tcpdump
	$(GO) test -run '^$$' -bench . -benchmem ./...
	GO='$(GO)' bash testdata/lab/bench.sh

lab: ## make captures anew with real servers and clients: make lab [NAMES='muc-plain ...'] [OUT=folder]
	bash testdata/lab/run.sh -o '$(OUT)' $(NAMES)

live: prepare ## trace real sessions while they happen, within TLS and in the clear, and check the rows
	GO='$(GO)' bash testdata/lab/live.sh

fuzz: prepare ## run every fuzz target for FUZZTIME (30s)
	GO='$(GO)' FUZZTIME='$(FUZZTIME)' bash .ci/fuzz

docs: prepare ## write the pages made from the code: docs/fields.md, extensions.md, findings.md, api.txt
	$(GO) run ./cmd/talktrace fields --markdown >docs/fields.md
	$(GO) run ./cmd/talktrace extensions --markdown >docs/extensions.md
	$(GO) run ./cmd/talktrace findings --markdown >docs/findings.md
	$(GO) test ./cmd/talktrace -run TestAPI -update

lint: prepare ## gofumpt, golangci-lint, govulncheck
	GO='$(GO)' bash .ci/lint

build: prepare ## build ./talktrace
	$(GO) build -buildvcs=auto -o talktrace ./cmd/talktrace

dist: ## make what is handed out, in dist: static binaries, a .deb where there is dpkg
	GO='$(GO)' bash .ci/dist

install: build ## put talktrace into PREFIX/bin (/usr/local/bin)
	install -d '$(DESTDIR)$(PREFIX)/bin'
	install -m 755 talktrace '$(DESTDIR)$(PREFIX)/bin/talktrace'

clean: ## remove what the other targets made
	rm -rf talktrace dist testdata/lab/out

# Go, a C compiler and the headers of libpcap: installed where they are missing.
prepare:
	@GO='$(GO)' bash .ci/prepare
