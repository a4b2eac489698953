# The only commands a newcomer needs. Each finds JDK 25 and Maven by itself (scripts/toolchain).
.PHONY: help run test build image chart fuzz slow-clients webhook-flood memory bench micro load cluster cluster-down test-cluster test-mutants cluster-load clean
.DEFAULT_GOAL := help

help: ## show this list
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/make \1\t\2/p' Makefile | expand -t 19

run: build ## build, then serve examples/ with two demo backends and print curl lines to try
	@examples/run

test: ## run all tests and the formatting check; ends with the counts
	@scripts/test

build: ## build the distribution into gateway-app/target/penstock/
	@scripts/build

image: ## build the container image gateway-app/target/penstock-image.tar, without Docker or a registry
	@scripts/image

chart: ## make what is made of the Helm chart: schema, README, manifests of deploy/, the package
	@scripts/chart

fuzz: ## give the readers of HTTP random messages for SECONDS=300, from a random seed or SEED=7
	@scripts/fuzz "$(SECONDS)" "$(SEED)"

slow-clients: ## hold it against CLIENTS=10000 slow ones while others ask; two minutes
	@scripts/slow-clients $(CLIENTS)

webhook-flood: ## hold the webhook against 64 senders of hostile reviews for SECONDS=120
	@scripts/webhook-flood $(SECONDS)

memory: ## measure memory under two slow peers and 1 GiB each way; takes three hours
	@scripts/memory

bench: build ## compare CPU time per request with nginx and HAProxy; 22 minutes, 4 with ARGS=--quick
	@scripts/bench $(ARGS)

micro: ## time the parts of the data plane alone, four minutes; ARGS=Router takes only those
	@scripts/micro $(ARGS)

load: build ## run the load scenarios, 11 minutes; ARGS='--quick change-to-live' takes one, with fewer changes
	@scripts/load $(ARGS)

cluster: ## start a whole Kubernetes on this machine, without Docker (root, Go; first time 9 minutes)
	@conformance/cluster/cluster up

cluster-down: ## stop it; nothing is left
	@conformance/cluster/cluster down

test-cluster: image ## test it in such a Kubernetes, with the Ingress conformance suite, the admission webhook and the chart; 12 minutes. KUBECONFIG= takes yours
	@conformance/test

test-mutants: build ## show that the conformance suite notices a router that is wrong; 4 minutes. ARGS=exact takes one
	@conformance/ingress/mutants/run $(ARGS)

cluster-load: image ## measure it in such a Kubernetes while pods are replaced or killed; 11 minutes. ARGS=leader takes one part
	@conformance/load/run $(ARGS)

clean: ## remove everything that was built
	@rm -rf target */target load-tests/target load-tests/*/target
