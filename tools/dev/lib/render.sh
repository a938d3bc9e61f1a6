# shellcheck shell=bash disable=SC2034,SC2154 # the tools share their variables
# Templates, httpd/*.in, become configurations:
#
#   @NAME@                  the value of fill[NAME]
#   @root LINE              LINE, if the server is started by root
#   @foreach NAME … @end    the lines between, once per word of each[NAME],
#                           with @NAME@ in place

declare -A fill=() each=()

render() {
	local line word name='' body=()
	while IFS= read -r line || [[ -n $line ]]; do
		case $line in
		'@foreach '*)
			name=${line#@foreach } body=() ;;
		'@end')
			for word in ${each[$name]}; do
				fill[$name]=$word
				substitute "${body[@]}"
			done
			name='' ;;
		'@root '*)
			(( EUID != 0 )) || substitute "${line#@root }" ;;
		*)
			if [[ -n $name ]]; then body+=("$line"); else substitute "$line"; fi ;;
		esac
	done <"$1"
}

substitute() {
	local line name
	for line; do
		for name in "${!fill[@]}"; do
			line=${line//@"$name"@/"${fill[$name]}"}
		done
		printf '%s\n' "$line"
	done
}
