# SPDX-License-Identifier: MIT
# fish completion for connpt; targets come from the command itself

function __connpt_targets
    connpt list --no-legend 2>/dev/null | string match -r '^\S+' | string replace fs:DIR fs:
end

function __connpt_rules
    connpt check --rules 2>/dev/null | string match -r '^\S+'
end

function __connpt_directories
    set -l token (commandline -ct)
    if string match -q 'fs:*' -- $token
        __fish_complete_directories (string replace 'fs:' '' -- $token) | string replace -r '^' fs:
    end
end

function __connpt_option
    complete -c connpt -n "__fish_seen_subcommand_from $argv[1]" $argv[2..]
end

complete -c connpt -f
complete -c connpt -n __fish_use_subcommand -a list -d 'Show what can be a target here'
complete -c connpt -n __fish_use_subcommand -a events -d 'Show outgoing interfaces and events'
complete -c connpt -n __fish_use_subcommand -a watch -d 'Print events as they come'
complete -c connpt -n __fish_use_subcommand -a fire -d 'Call a method and show its result'
complete -c connpt -n __fish_use_subcommand -a check -d 'Find what is wrong with an object'
complete -c connpt -n __fish_use_subcommand -a register -d 'Make the classes of a module known'
complete -c connpt -n __fish_use_subcommand -a unregister -d 'Forget registered classes'
complete -c connpt -n __fish_use_subcommand -l version -d 'Print the version'
complete -c connpt -l help -d 'Show the help'

__connpt_option 'list events watch fire check' -s j -l json -d 'JSON'
__connpt_option list -l no-legend -d 'No heading'
__connpt_option events -l idl -d 'As IDL'
__connpt_option 'events watch fire' -s v -l verbose -d 'Tell how sources were found'
__connpt_option 'events watch fire' -l iid -x -d 'Look for this outgoing interface too'
__connpt_option 'events watch' -l no-enum -d 'Do not enumerate'
__connpt_option 'events watch' -l no-classinfo -d 'Do not ask for class info'
__connpt_option 'events watch' -l no-probe -d 'Do not probe for known interfaces'
__connpt_option check -s f -l fire -x -d 'The method that fires'
__connpt_option check -s p -l put -d 'It is a property'
__connpt_option check -s t -l threads -d 'Several threads too'
__connpt_option check -s s -l strict -d 'Dialects are failures'
__connpt_option check -s o -l only -x -d 'These rules'
__connpt_option check -s x -l except -x -d 'All but these rules'
__connpt_option check -l junit -d 'JUnit XML'
__connpt_option check -l rules -d 'List the rules'
__connpt_option check -s e -l explain -x -a '(__connpt_rules)' -d 'The page of a rule'
__connpt_option 'watch fire' -s n -l count -x -d 'So many events'
__connpt_option 'watch fire' -s t -l timeout -x -d 'So many seconds'
__connpt_option 'watch fire' -s a -l answer -x -d 'NAME=VALUE for an argument'
__connpt_option 'watch fire' -s q -l quiet -d 'Only errors on stderr'
__connpt_option watch -s m -l match -x -d 'Only events that match'
__connpt_option watch -l assume-dispatch -d 'Take unknown interfaces for dispinterfaces'
__connpt_option fire -s g -l get -d 'Read a property'
__connpt_option fire -s p -l put -d 'Write a property'
__connpt_option fire -s w -l watch -d 'Show the events meanwhile'
__connpt_option 'register unregister' -s u -l user -d 'For this user only'
__connpt_option 'events watch fire unregister' -a '(__connpt_targets)'
__connpt_option 'events watch fire' -a '(__connpt_directories)'
__connpt_option register -F
