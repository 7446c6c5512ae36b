# One function as an image (of the mover: applications/mover): its bundle, V8's compiled code for it, and Node. No packages, no shell of ours, no root.
# Both stages stand on the same Node: compiled code of another one would be refused at start.
ARG NODE=docker.io/library/node:20-bookworm-slim

FROM ${NODE} AS build
WORKDIR /build
COPY package.json package-lock.json .npmrc ./
RUN npm ci
COPY . .
RUN npm run --silent build && node dist/dev/images/assemble.js

FROM ${NODE}
# Of Debian, for the few that call another program; words, so without quotes.
ARG PACKAGES
RUN test -z "$PACKAGES" || (apt-get update && apt-get install --yes --no-install-recommends $PACKAGES && rm -rf /var/lib/apt/lists/*)
ARG FUNCTION
COPY --from=build /build/dist/images/${FUNCTION}/ /function/
# ssh wants a user with a name, and OpenFaaS gives a function no other user than this.
RUN echo 'function:x:65532:65532:function:/nonexistent:/usr/sbin/nologin' >> /etc/passwd
ENV NODE_ENV=production
USER 65532:65532
EXPOSE 8080
# OpenSSL reads the certificates of this image by itself: 25 ms less until the first TLS connection than Node's own list.
CMD ["node", "--use-openssl-ca", "/function/start.cjs"]
