# The image of our speaker, and what the other images begin with (docs/images.md). `make images` knows the arguments.
#
#   base     Debian with tools to look at a network: what the images of foreign speakers begin with
#   node     base with the pinned Node.js and what our programs import: for speakers beside which our advertiser runs
#   build    our programs, compiled; only its results go on
#   speaker  node with our programs, for a container that is a router of ours

ARG BASE=debian:bookworm-slim

FROM ${BASE} AS base
ARG PACKAGES="iproute2 iputils-ping tcpdump"
# The other images begin with this one, and install their daemons in the same way.
RUN printf '%s\n' '#!/bin/sh -e' 'apt-get update -qq' \
    'RUNLEVEL=1 DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends "$@" >/dev/null' \
    'rm -rf /var/lib/apt/lists/* /var/cache/apt/* /var/log/*' >/usr/local/sbin/add-packages \
 && chmod +x /usr/local/sbin/add-packages && add-packages ${PACKAGES}

FROM base AS node
# It comes from npm like all else, and from outside: what is in the image is what the tests run with.
COPY node_modules/node-linux-*/bin/node /usr/local/bin/
WORKDIR /opt/fe80
COPY node_modules/koffi node_modules/koffi
COPY node_modules/@koromix node_modules/@koromix
COPY node_modules/valibot node_modules/valibot
COPY package.json ./

FROM node AS build
COPY node_modules node_modules
COPY tsconfig.json ./
COPY images/tsconfig.json images/
COPY src src
RUN node node_modules/typescript/bin/tsc -p images && chmod +x dist/bin/*

FROM node AS speaker
RUN useradd --system --uid 179 fe80 && install -d -o fe80 -g fe80 /run/fe80 \
 && ln -s /opt/fe80/dist/bin/fe80-speaker.js /usr/local/bin/fe80-speaker
COPY --from=build /opt/fe80/dist dist
# What Node compiles is kept, for in a lab each router is a Node of its own; it is kept by the options of `src/kinds/speaker.ts`.
ENV NODE_COMPILE_CACHE=/opt/fe80/.cache
RUN for program in dist/bin/*.js; do node $program --help >/dev/null 2>&1 || true; done \
 && node --max-semi-space-size=8 --no-allocation-site-pretenuring dist/bin/fe80-speaker.js --help >/dev/null
# What is run is not root. It keeps NET_ADMIN for routes, NET_RAW for Router Advertisements and NET_BIND_SERVICE for
# port 179; Docker gives all but the first unasked: --cap-add NET_ADMIN.
ENTRYPOINT ["setpriv", "--reuid=fe80", "--regid=fe80", "--clear-groups", \
  "--inh-caps=-all,+net_admin,+net_raw,+net_bind_service", \
  "--ambient-caps=-all,+net_admin,+net_raw,+net_bind_service"]
CMD ["fe80-speaker", "/etc/fe80/speaker.json"]
# The control sockets of speakers are in there.
HEALTHCHECK --interval=30s --timeout=5s --start-period=5s \
  CMD node /opt/fe80/dist/bin/fe80-health.js /run/fe80/*.sock
