# The machine's own Node may be older: everything runs with the one that package.json pins.
ARCH := $(if $(filter aarch64,$(shell uname -m)),arm64,x64)
export PATH := $(CURDIR)/node_modules/node-linux-$(ARCH)/bin:$(CURDIR)/node_modules/.bin:$(PATH)

# tap's own plugin list is compiled once; without this it loads the TypeScript compiler that we do not use.
INSTALLED := node_modules/.installed
LAB ?= topologies/clos-2x4.yaml

.DEFAULT_GOAL := help
.PHONY: help install daemons lab test unit bench routing images check build clean

help: ## show this
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-9s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

install: $(INSTALLED) ## install what fe80 is made of, into node_modules

$(INSTALLED): package.json package-lock.json
	@# Not `npm ci`: it fails where a registry lacks the builds of an optional dependency for other platforms.
	npm install --no-save
	tap build
	@touch $@

lab: install ## bring up a topology, prove that it converges, take it down (LAB=FILE for another)
	./fe80 test $(LAB)

test: install daemons ## everything: formatter, linter, types, unused code, and all tests
	npm run check
	node test/support/engine.ts sh -c 'node images/build.ts && tap --reporter=$(if $(CI),tap,base)'

unit: install ## the tests that need no root
	tap --exclude='test/{docker,e2e,interop,linux,runtime}/**'

bench: install daemons ## measure how long labs take, beside BIRD, mininet, ip -batch and floors; WRITE=--write puts it into docs/
	node bench/up.ts $(WRITE)
	node bench/growth.ts $(WRITE)
	node bench/netns.ts

routing: install daemons ## measure how fast routes come and go, beside four other makes of speaker
	node bench/routing.ts

check: install ## formatter, linter, types, unused code
	npm run check

images: install ## build the images for labs in containers (BASE=debootstrap without a registry)
	node images/build.ts

daemons: ## install the foreign speakers, the engine and the tools that tests use (Debian, root)
	@which bird vtysh gobgpd bgpctl exabgp nft ping tcpdump xmllint docker dockerd debootstrap openssl sshd >/dev/null || { \
	  apt-get update -qq && \
	  RUNLEVEL=1 DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends \
	    bird2 frr gobgpd openbgpd exabgp nftables iputils-ping tcpdump libxml2-utils docker.io debootstrap openssl openssh-server; }

build: install ## compile to dist/, as published
	npm run build

clean: ## remove all that was installed or built
	rm -rf node_modules dist .tap
