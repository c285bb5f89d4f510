# One image for the web server and the worker; see docs/operations.md.
FROM python:3.13-slim AS build
WORKDIR /build
COPY requirements/app.txt requirements/node.txt requirements/
RUN python3 -m venv /opt/hum-isp-lookup
RUN /opt/hum-isp-lookup/bin/pip install --no-cache-dir --require-hashes --requirement requirements/app.txt
COPY pyproject.toml README.md build_hook.py package.json package-lock.json .npmrc ./
COPY webapp webapp
COPY templates templates
COPY static static
COPY tools tools
RUN /opt/hum-isp-lookup/bin/pip install --no-cache-dir --no-deps .

FROM python:3.13-slim
COPY --from=build /opt/hum-isp-lookup /opt/hum-isp-lookup
# The only folders that are written to: a volume, and memory. The rest may be mounted read-only.
RUN mkdir -m 0700 /var/lib/hum-isp-lookup && chown 10001:10001 /var/lib/hum-isp-lookup
VOLUME /var/lib/hum-isp-lookup
USER 10001:10001
WORKDIR /opt/hum-isp-lookup
ENV PATH=/opt/hum-isp-lookup/bin:/usr/local/bin:/usr/bin:/bin HOME=/tmp PYTHONDONTWRITEBYTECODE=1 STATE_DIR=/var/lib/hum-isp-lookup HOST=0.0.0.0 PORT=8000
EXPOSE 8000
CMD ["gunicorn", "--config", "python:webapp.gunicorn_conf", "webapp:create_app()"]
