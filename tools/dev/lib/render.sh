# shellcheck shell=bash disable=SC2034,SC2154 # the tools share their variables
# Templates, httpd/*.in, become configurations:
#
#   @NAME@                  the value of fill[NAME]
#   @root LINE              LINE, if fill[ROOT] is not empty: root starts the server
#   @include FILE           the template FILE, beside this one; @NAME@ in its name too
#   @if NAME … @end         the lines between, if fill[NAME] is not empty
#   @unless NAME … @end     the lines between, if it is
#   @foreach NAME … @end    the lines between, once per word of each[NAME],
#                           with @NAME@ in place
#
# A line between may be any but another of the last three.

declare -A fill=() each=()

render() {
	local line word kind='' name='' body=()
	while IFS= read -r line || [[ -n $line ]]; do
		case $line in
		'@foreach '* | '@if '* | '@unless '*)
			read -r kind name <<<"$line"
			body=() ;;
		'@end')
			for word in $(words_of "$kind" "$name"); do
				if [[ $kind == @foreach ]]; then fill[$name]=$word; fi
				render_lines "$1" "${body[@]}"
			done
			kind='' ;;
		*)
			if [[ -n $kind ]]; then body+=("$line"); else render_lines "$1" "$line"; fi ;;
		esac
	done <"$1"
}

# words_of KIND NAME : one for each time that a block is written.
words_of() {
	case $1 in
	@foreach) printf '%s\n' "${each[$2]}" ;;
	@if)      if [[ -n ${fill[$2]-} ]]; then echo once; fi ;;
	@unless)  if [[ -z ${fill[$2]-} ]]; then echo once; fi ;;
	esac
}

# render_lines FILE LINE...
render_lines() {
	local from=${1%/*} line
	shift
	for line; do
		case $line in
		'@include '*) render "$from/$(substitute "${line#@include }")" ;;
		'@root '*)    [[ -z ${fill[ROOT]-} ]] || substitute "${line#@root }" ;;
		*)            substitute "$line" ;;
		esac
	done
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
