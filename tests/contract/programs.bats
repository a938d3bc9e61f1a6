# The executables: linked statically, hardened, nothing in them that does not belong there.
# shellcheck disable=SC2154 # contract.bash sets them

load contract

setup() {
	programs=()
	for group in $(groups); do programs+=("$build/cgi-bin/api/$group"); done
	programs+=("$build/bin/shopctl")
}

# is_static : or LINK=shared, or sanitizers, which need shared libraries.
is_static() { ! readelf -lW "${programs[0]}" | has INTERP; }

# each COMMAND... : fails with the names of the programs for which it does.
each() {
	local program
	for program in "${programs[@]}"; do
		"$@" "$program" || basename "$program"
	done | nothing "programs that fail: $*"
}

# grep -q ends at the first match, and what writes to it with a signal.
has() { grep "$@" >/dev/null; }

needs_nothing() { ! readelf -ldW "$1" | has 'NEEDED\|INTERP'; }
is_pie()        { readelf -hW "$1" | has 'Type:.*DYN' && readelf -dW "$1" | has 'FLAGS_1.*PIE'; }
has_relro()     { readelf -lW "$1" | has GNU_RELRO && readelf -dW "$1" | has 'FLAGS .*BIND_NOW\|FLAGS_1.*NOW'; }
has_nx()        { readelf -lW "$1" | has 'GNU_STACK .* RW  *0x'; }
has_no_wx()     { ! readelf -lW "$1" | has 'LOAD .* RWE'; }
has_protector() { nm "$1" 2>/dev/null | has __stack_chk_fail; }
is_fortified()  { nm "$1" 2>/dev/null | has '__snprintf_chk\|__vsnprintf_chk'; }
has_no_curl()   { ! nm "$1" 2>/dev/null | has -i ' [tu] curl_' && ! readelf -dW "$1" | has -i 'NEEDED.*curl'; }
has_no_paths()  { ! readelf -dW "$1" | has -E 'RPATH|RUNPATH'; }
is_not_setid()  { [[ ! -u $1 && ! -g $1 ]]; }

@test "programs: each is linked statically" {
	is_static || skip "linked with shared libraries here"
	each needs_nothing
}

@test "programs: position-independent, RELRO, BIND_NOW, no executable stack, nothing writable and executable" {
	each is_pie
	each has_relro
	each has_nx
	each has_no_wx
}

@test "programs: stack protector and fortified calls" {
	is_static || skip "built with sanitizers or shared libraries here"
	each has_protector
	each is_fortified
}

# What speaks to other hosts is another process.
@test "programs: none contains libcurl or a library search path" {
	each has_no_curl
	each has_no_paths
	each is_not_setid
}

@test "programs: --help, --version and --describe on the command line, other arguments are refused" {
	for group in $(groups); do
		program=$build/cgi-bin/api/$group
		"$program" --help | has -e --describe
		[[ $("$program" --version) == "cgishop $group "[0-9]*.[0-9]*.[0-9]* ]]
		"$program" --describe | jq -e '.routes | length > 0' >/dev/null
		for words in --nonsense '--help --help'; do
			code=0
			# shellcheck disable=SC2086 # words
			"$program" $words 2>/dev/null || code=$?
			[[ $code == 64 ]]
		done
	done
}

@test "programs: meta links to each" {
	"$build/cgi-bin/api/meta" --describe | jq -r '[.. | objects | select(.name == "meta_links")][0].members[].name' | sort |
		diff - <(groups | sort)
}

# A query string without "=" becomes arguments (RFC 3875, 4.4).
@test "programs: a client's query string is not an option" {
	for word in --help --version --describe; do
		said=$(GATEWAY_INTERFACE=CGI/1.1 REQUEST_METHOD=GET SCRIPT_NAME=/cgi-bin/api/meta QUERY_STRING=$word \
			"$build/cgi-bin/api/meta" "$word" 2>/dev/null </dev/null)
		[[ $said == Status:* && $said != *'"routes"'* ]]
	done
}
