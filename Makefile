# Needs Node >= 20, Go >= 1.25 and root; everything else is fetched or built.

ROOT := $(dir $(abspath $(lastword $(MAKEFILE_LIST))))
# Node 24 comes with the dependencies, and first in the path.
export PATH := $(ROOT)node_modules/.bin:$(PATH)
.DEFAULT_GOAL := help
.PHONY: help demo cluster test test-all campaign fuzz bench bench-quick prices scoreboard check generate images clean dependencies kubectl-rtc

help: ## Lists the targets
	@sed -nE 's/^([a-z-]+):.*## (.*)/\1\t\2/p' $(ROOT)Makefile | while IFS="$$(printf '\t')" read -r name text; do printf '  make %-11s %s\n' "$$name" "$$text"; done

demo: export RTC_STARTED_S := $(shell date +%s)
demo: dependencies ## A three-node Kubernetes, the operator, a call with real speech, pods that follow the sessions while people talk
	@cd $(ROOT) && exec node demo/story.ts

cluster: NODES ?= 3
cluster: dependencies ## A Kubernetes to play with, with our images on its nodes (NODES=2); Ctrl-C ends it
	@cd $(ROOT) && exec node test/cluster/main.ts up --nodes $(NODES) --images

test: dependencies ## Everything that guards main; the last line is `N passed, N failed`
	@cd $(ROOT) && exec node test/setup/testRun.ts

test-all: dependencies ## Everything there is, as long as it takes; the last line as above
	@cd $(ROOT) && exec node test/setup/testRun.ts --all

campaign: dependencies ## Ten thousand scenarios of the operator in virtual time, with faults; SEED=7 plays one again and tells it
	@cd $(ROOT) && exec node test/scenarios/campaign.ts $(if $(SEED),--seed $(SEED)) $(if $(KIND),--kind $(KIND)) $(if $(SCENARIOS),--scenarios $(SCENARIOS)) $(if $(MINUTES),--minutes $(MINUTES))

fuzz: dependencies ## Hostile bytes on every way into the SFU for five minutes; FUZZ="--minutes 60 --seed 7" for more, or the same again
	@cd $(ROOT) && node sfu/worker/main.ts && exec node test/fuzz/main.ts $(FUZZ)

bench: dependencies ## Our server and rtcd under the same load in turn, forty minutes; draws docs/performance.md. BENCH="--scenario 1x50-u2 --rounds 2" for less
	@cd $(ROOT) && node sfu/worker/main.ts && exec node test/bench/main.ts $(or $(BENCH),--keep)

prices: dependencies ## What a session and a track cost on our SFU, six minutes: makes the price list that the operator counts with
	@cd $(ROOT) && node sfu/worker/main.ts && node test/sizing/main.ts $(PRICES) && exec npm run --silent generate

bench-quick: dependencies ## Two scenarios of it in five minutes; fails when a ratio is a quarter worse than in docs/evidence/bench.json
	@cd $(ROOT) && node sfu/worker/main.ts && exec node test/bench/main.ts --scenario 1x50-u2 --scenario 50x2-u2 --rounds 3 --minutes 5 --compare

scoreboard: dependencies ## Plays five demands through our scaling and others' in virtual time, and draws docs/autoscaling.md
	@cd $(ROOT) && exec npm run --silent scoreboard

check: dependencies ## Generated files up to date, lint, types, import graph, unit tests; under two minutes
	@cd $(ROOT) && exec npm run --silent check

generate: dependencies ## Writes the files that follow from the schemas
	@cd $(ROOT) && exec npm run --silent generate

images: dependencies ## The operator's and the SFU's image, as archives in the cache
	@cd $(ROOT) && exec node test/setup/images.ts

kubectl-rtc: dependencies ## dist/kubectl-rtc, the plugin of kubectl as one file (docs/kubectl-rtc.md); runs with Node >= 22.19
	@cd $(ROOT) && npm run --silent kubectl-rtc && echo 'dist/kubectl-rtc is made. To have it, and a Node that is new enough: export PATH=$(ROOT)dist:$(ROOT)node_modules/.bin:$$PATH'

clean: dependencies ## Ends leftover clusters, removes everything that was built
	@cd $(ROOT) && exec node test/setup/clean.ts

dependencies:
	@cd $(ROOT) && exec test/setup/dependencies.sh
