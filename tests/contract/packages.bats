# What the tests get from npm: by a lock file without addresses, into build/, checked.
# shellcheck disable=SC2030,SC2031,SC2154 # contract.bash and gateways.bash set them; each test has variables of its own

load contract
load ../support/gateways

# fresh : with a lock file and a place of this test's own.
fresh() {
	command -v npm >/dev/null || skip "npm is not installed"
	gateways_dir=$BATS_TEST_TMPDIR/a/b
	mkdir -p "$gateways_dir"
	cp "$top"/tests/gateways/{package.json,package-lock.json,.npmrc} "$gateways_dir/"
	export npm_config_cache=$BATS_TEST_TMPDIR/cache npm_config_fetch_retries=0
}

@test "packages: no host of a registry or a mirror is in the tree" {
	cd "$top"
	if ! git rev-parse --git-dir >/dev/null 2>&1; then skip "not a clone"; fi
	hosts=$({ npm config get registry; cat /etc/apt/sources.list /etc/apt/sources.list.d/* || true; } 2>/dev/null |
		grep -oE 'https?://[^/ ]+' | sed 's,.*//,,; s/.*@//' | sort -u)
	for host in $hosts; do { git grep -nIF "$host" || true; } | nothing "files that name $host"; done
	[[ $(jq '[.packages[] | select(has("resolved"))] | length' tests/gateways/package-lock.json) == 0 ]]
	[[ $(jq '[.packages | del(.[""])[] | select(has("integrity") | not)] | length' tests/gateways/package-lock.json) == 0 ]]
	git ls-files | { grep node_modules || true; } | nothing "files of packages"
}

@test "packages: where no registry is reached, there is a reason to skip" {
	fresh
	export npm_config_registry=http://127.0.0.1:9
	why='' code=0
	fetch_packages || code=$?
	[[ $code == 1 && $why == "npm reaches no registry: ECONNREFUSED" ]]
}

@test "packages: one that differs from the lock file is an error" {
	fresh
	if ! fetch_packages; then skip "$why"; fi
	rm "$BATS_TEST_TMPDIR/build/npm/installed"
	npm_config_cache+=-2
	sed -i 's/"integrity": "sha512-..../"integrity": "sha512-AAAA/' "$gateways_dir/package-lock.json"
	run fetch_packages
	[[ $status == 1 && $output == *EINTEGRITY* ]]
}
