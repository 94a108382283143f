# Every command of the project. Each gets ready what it needs: only Python 3.11+ must be there.
PYTHON ?= python3
UP = @command -v $(PYTHON) >/dev/null || { echo "Python is missing. Install Python 3.11 or newer (python3, python3-venv), then run it again." >&2; exit 1; }; exec $(PYTHON) tools/up.py
.DEFAULT_GOAL := help
.PHONY: help run test test-faults test-fuzz test-model bench bench-photos bench-packets setup check check-security attack worker demo browser assets strings translations migration lock clean

help: ## Show this list
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1|\2/p' Makefile | while IFS='|' read -r name what; do printf '%-20s %s\n' "$$name" "$$what"; done

run: ## Start everything on this machine; PORT=8001 HOST=0.0.0.0 WORKERS=4 change it
	$(UP) run

test: ## Run every check and every test
	$(UP) test

test-faults: ## Kill, cut and fill up phones and server at full length; takes long
	$(UP) test-faults

test-fuzz: ## Fuzz the API: 20,000 cases against a real server
	$(UP) test-fuzz

test-model: ## Play phones against a model of the server: 20,000 steps
	$(UP) test-model

bench: ## Run every bench, one table at the end; takes hours, QUICK=1 twenty minutes
	$(UP) bench

bench-photos: ## Measure photos against sharp and pyvips; QUICK=1 PHOTOS=/folder change it
	$(UP) bench-photos

bench-packets: ## Measure packets against cp, openssl and img2pdf; QUICK=1 changes it
	$(UP) bench-packets

setup: ## Get all a developer needs, without starting anything
	$(UP) setup

check: ## Lint, format, types, layers and bandit only
	$(UP) check

check-security: ## Our own rules over the code, with semgrep; brings it the first time
	$(UP) check-security

attack: ## Wapiti against the running product: logged out, as officer, as administrator
	$(UP) attack

worker: ## Run one more worker beside `make run`
	$(UP) worker

demo: ## Make the demonstration data
	$(UP) demo

browser: ## Get a Chromium for the tests, where the machine has none
	$(UP) browser

assets: ## Build the CSS, JavaScript and fonts
	$(UP) assets

strings: ## Collect translatable strings into the catalogues
	$(UP) strings

translations: ## Compile the catalogues
	$(UP) translations

migration: ## Write a migration: make migration name="add phone"
	$(UP) migration "$(name)"

lock: ## Write requirements*.txt anew from requirements*.in
	$(UP) lock

clean: ## Remove what can be made again; data in var stays
	$(UP) clean
