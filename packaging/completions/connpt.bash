# SPDX-License-Identifier: MIT
# bash completion for connpt; targets and events come from the command itself

_connpt_targets() {
    connpt list --no-legend 2>/dev/null | sed -n 's/^\([^ ][^ ]*\) .*/\1/p'
}

_connpt_rules() {
    connpt check --rules 2>/dev/null | sed 's/ .*//'
}

_connpt() {
    local verbs='list events watch fire check register unregister'
    local current=${COMP_WORDS[COMP_CWORD]} verb=${COMP_WORDS[1]} options=
    local line=${COMP_LINE:0:COMP_POINT}
    COMPREPLY=()

    if [ "$COMP_CWORD" -eq 1 ]; then
        mapfile -t COMPREPLY < <(compgen -W "$verbs --help --version" -- "$current")
        return
    fi
    case $verb in
    list) options='--json --no-legend --help' ;;
    events)
        options='--json --idl --verbose --iid= --no-enum --no-classinfo --no-probe --help'
        ;;
    watch)
        options='--json --count= --timeout= --match= --answer= --quiet --verbose
            --assume-dispatch --iid= --no-enum --no-classinfo --no-probe --help'
        ;;
    fire)
        options='--get --put --watch --answer= --timeout= --count= --json --quiet --verbose
            --iid= --help'
        ;;
    check)
        options='--fire= --put --threads --strict --only= --except= --iid= --timeout= --verbose
            --quiet --json --junit --rules --explain= --help'
        ;;
    register | unregister) options='--user --help' ;;
    *) return ;;
    esac
    if [[ $verb == check && $line =~ (--explain[= ]|-e )[[:alnum:]-]*$ ]]; then
        mapfile -t COMPREPLY < <(compgen -W "$(_connpt_rules)" -- "${current#=}")
        return
    fi
    if [[ $current == -* ]]; then
        mapfile -t COMPREPLY < <(compgen -W "$options" -- "$current")
        [[ ${COMPREPLY[0]-} != *= ]] || compopt -o nospace
        return
    fi
    case $verb in
    events | watch | fire | check)
        # ":" parts words, so "fs:./sp" arrives in three
        local word=${line##*[[:space:]]}
        case $word in
        fs:*)
            mapfile -t COMPREPLY < <(compgen -d -- "${word#fs:}")
            compopt -o nospace -o filenames
            ;;
        mod:*/*)
            mapfile -t COMPREPLY < <(compgen -f -- "${word#mod:}")
            compopt -o nospace -o filenames
            ;;
        *)
            mapfile -t COMPREPLY < <(compgen -W "$(_connpt_targets)" -- "$word" |
                sed 's/^fs:DIR$/fs:/')
            [[ $word != *:* ]] || COMPREPLY=("${COMPREPLY[@]#"${word%:*}:"}")
            compopt -o nospace
            ;;
        esac
        ;;
    register) mapfile -t COMPREPLY < <(compgen -f -- "$current") && compopt -o filenames ;;
    unregister)
        mapfile -t COMPREPLY < <(compgen -W "$(_connpt_targets | grep -v :)" -- "$current")
        ;;
    esac
}

complete -F _connpt connpt
