FROM node:20-bookworm-slim AS client
WORKDIR /src
COPY client client
COPY openapi openapi
RUN cd client && npm ci && npm run build

FROM rust:1.95-bookworm AS build
RUN apt-get update && apt-get install -y --no-install-recommends libpq-dev && rm -rf /var/lib/apt/lists/*
WORKDIR /src
COPY . .
RUN cargo build --release --locked --bin liendoan

FROM debian:bookworm-slim
RUN apt-get update && apt-get install -y --no-install-recommends ca-certificates libpq5 && rm -rf /var/lib/apt/lists/*
COPY --from=build /src/target/release/liendoan /usr/local/bin/liendoan
COPY --from=client /src/client/dist /usr/local/share/liendoan/client
ENV LIENDOAN_CLIENT__FOLDER=/usr/local/share/liendoan/client
RUN useradd --system --no-create-home liendoan \
    && install -d -o liendoan /var/lib/liendoan/files
USER liendoan
# Bash can ask by itself: no tool need be installed for it.
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s CMD ["bash", "-c", \
  "exec 3<>/dev/tcp/127.0.0.1/8080 && printf 'GET /health/ready HTTP/1.1\\r\\nHost: localhost\\r\\nConnection: close\\r\\n\\r\\n' >&3 && head -n1 <&3 | grep -q ' 200 '"]
CMD ["liendoan", "serve"]
