# syntax=docker/dockerfile:1
# The service and the command, without the demo product's data, the tests or what only building needs. It was not built
# here (no container engine); apps/server/config/deployment.int.spec.ts holds it to what the project has.

FROM node:24-bookworm-slim AS build
WORKDIR /build
COPY package.json package-lock.json ./
COPY libs/protocol/package.json libs/protocol/
COPY libs/host/package.json libs/host/
RUN npm ci
COPY . .
# The image brings a Node of its own, so the one among the packages goes with what only building needs.
RUN npm run build && npm prune --omit=dev && rm -rf node_modules/node node_modules/node-bin-*

FROM node:24-bookworm-slim
ENV NODE_ENV=production \
    GATEBOOK_HOST=0.0.0.0 \
    GATEBOOK_PORT=4000 \
    GATEBOOK_DATA_DIR=/data
WORKDIR /srv/gatebook
COPY --from=build --chown=root:root /build/package.json ./
COPY --from=build --chown=root:root /build/node_modules node_modules
COPY --from=build --chown=root:root /build/dist dist
COPY --from=build --chown=root:root /build/libs libs
# What belongs to an instance alone: snapshots, waiting denials and, where they are embedded, log and tables.
RUN mkdir -m 700 /data && chown node:node /data
VOLUME /data
USER node
EXPOSE 4000
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s --retries=3 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.GATEBOOK_PORT}/readyz`).then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
STOPSIGNAL SIGTERM
CMD ["node", "--enable-source-maps", "--max-semi-space-size=32", "dist/apps/server/main.js"]
