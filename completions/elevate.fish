# Print an optspec for argparse to handle cmd's options that are independent of any subcommand.
function __fish_elevate_global_optspecs
    string join \n h/help V/version
end

function __fish_elevate_needs_command
    # Figure out if the current invocation already has a command.
    set -l cmd (commandline -opc)
    set -e cmd[1]
    argparse -s (__fish_elevate_global_optspecs) -- $cmd 2>/dev/null
    or return
    if set -q argv[1]
        # Also print the command, so this can be used to figure out what it is.
        echo $argv[1]
        return 1
    end
    return 0
end

function __fish_elevate_using_subcommand
    set -l cmd (__fish_elevate_needs_command)
    test -z "$cmd"
    and return 1
    contains -- $cmd[1] $argv
end

complete -c elevate -n "__fish_elevate_needs_command" -s h -l help -d 'Print help'
complete -c elevate -n "__fish_elevate_needs_command" -s V -l version -d 'Print version'
complete -c elevate -n "__fish_elevate_needs_command" -f -a "capture" -d 'Take a snapshot of a host'
complete -c elevate -n "__fish_elevate_needs_command" -f -a "check" -d 'Take a snapshot of this machine and plan its upgrade'
complete -c elevate -n "__fish_elevate_needs_command" -f -a "plan" -d 'Plan the upgrade of a host'
complete -c elevate -n "__fish_elevate_needs_command" -f -a "report" -d 'Print a plan that was made before'
complete -c elevate -n "__fish_elevate_needs_command" -f -a "verify" -d 'Hold a plan against the host as it is after the upgrade'
complete -c elevate -n "__fish_elevate_needs_command" -f -a "answer" -d 'Answer questions in leapp\'s answer file'
complete -c elevate -n "__fish_elevate_needs_command" -f -a "explain" -d 'Explain a package, a finding or a repository of a plan'
complete -c elevate -n "__fish_elevate_needs_command" -f -a "diff" -d 'Say what is different between two plans, reports or snapshots, and why'
complete -c elevate -n "__fish_elevate_needs_command" -f -a "export" -d 'Make a plan into something others carry out'
complete -c elevate -n "__fish_elevate_needs_command" -f -a "snapshot" -d 'Look into snapshots'
complete -c elevate -n "__fish_elevate_needs_command" -f -a "graph" -d 'Show who needs whom among the packages of a host'
complete -c elevate -n "__fish_elevate_needs_command" -f -a "run" -d 'Carry a plan out'
complete -c elevate -n "__fish_elevate_needs_command" -f -a "why" -d 'Say why a package is on a host'
complete -c elevate -n "__fish_elevate_needs_command" -f -a "actors" -d 'Look at the rules that check a host'
complete -c elevate -n "__fish_elevate_needs_command" -f -a "pack" -d 'Work on packs of declared rules'
complete -c elevate -n "__fish_elevate_needs_command" -f -a "data" -d 'Work on upgrade data'
complete -c elevate -n "__fish_elevate_needs_command" -f -a "repo" -d 'Work on repositories to upgrade to'
complete -c elevate -n "__fish_elevate_needs_command" -f -a "demo" -d 'Plan the upgrade of an invented host with invented data, both built in'
complete -c elevate -n "__fish_elevate_needs_command" -f -a "schema" -d 'Print the JSON Schema of a format'
complete -c elevate -n "__fish_elevate_needs_command" -f -a "completions" -d 'Print what a shell needs to complete commands and options'
complete -c elevate -n "__fish_elevate_needs_command" -f -a "manual" -d 'Write the manual pages'
complete -c elevate -n "__fish_elevate_needs_command" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c elevate -n "__fish_elevate_using_subcommand capture" -l root -d 'Root file system of the host, mounted or unpacked here' -r -F
complete -c elevate -n "__fish_elevate_using_subcommand capture" -l sos -d 'sosreport or Insights archive of the host, packed or unpacked' -r -F
complete -c elevate -n "__fish_elevate_using_subcommand capture" -l collect -d 'Collect what this file lists too: `content /opt/app/*.conf` and so on, one a line' -r -F
complete -c elevate -n "__fish_elevate_using_subcommand capture" -l redact -d 'What to take out: secrets always; strict: names of hosts and users, and addresses too' -r -f -a "secrets\t'Keys, passwords, tokens'
strict\t'Those, and names of hosts and users, and addresses, each replaced by the same other one'"
complete -c elevate -n "__fish_elevate_using_subcommand capture" -l source -d 'What the host runs, such as centos:7.9, where it does not tell' -r -f
complete -c elevate -n "__fish_elevate_using_subcommand capture" -l arch -d 'The host\'s architecture, where it does not tell' -r -f
complete -c elevate -n "__fish_elevate_using_subcommand capture" -l pack -d 'Collect what the rules of this pack need too: a directory, or the name of one that ships (repeatable)' -r -F
complete -c elevate -n "__fish_elevate_using_subcommand capture" -s o -l output -d 'Where to write it; compressed where the name ends in .zst. Default: standard output' -r -F
complete -c elevate -n "__fish_elevate_using_subcommand capture" -l salvage -d 'Go on where the package database is damaged, and say what is lost'
complete -c elevate -n "__fish_elevate_using_subcommand capture" -l explain -d 'Only say what would be read, why, and which checks need it'
complete -c elevate -n "__fish_elevate_using_subcommand capture" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c elevate -n "__fish_elevate_using_subcommand capture" -s V -l version -d 'Print version'
complete -c elevate -n "__fish_elevate_using_subcommand check" -l root -d 'Root file system of the host, mounted or unpacked here' -r -F
complete -c elevate -n "__fish_elevate_using_subcommand check" -l sos -d 'sosreport or Insights archive of the host, packed or unpacked' -r -F
complete -c elevate -n "__fish_elevate_using_subcommand check" -l collect -d 'Collect what this file lists too: `content /opt/app/*.conf` and so on, one a line' -r -F
complete -c elevate -n "__fish_elevate_using_subcommand check" -l redact -d 'What to take out: secrets always; strict: names of hosts and users, and addresses too' -r -f -a "secrets\t'Keys, passwords, tokens'
strict\t'Those, and names of hosts and users, and addresses, each replaced by the same other one'"
complete -c elevate -n "__fish_elevate_using_subcommand check" -l source -d 'What the host runs, such as centos:7.9, where it does not tell' -r -f
complete -c elevate -n "__fish_elevate_using_subcommand check" -l arch -d 'The host\'s architecture, where it does not tell' -r -f
complete -c elevate -n "__fish_elevate_using_subcommand check" -l data -d 'Directory with upgrade data, in the layout of ELevate\'s leapp-data' -r -F
complete -c elevate -n "__fish_elevate_using_subcommand check" -l transaction -d 'Directory with to_install, to_keep, to_remove and to_reinstall. Default: `transaction` in the data directory, and /etc/leapp/transaction where that is /etc/leapp/files' -r -F
complete -c elevate -n "__fish_elevate_using_subcommand check" -l target -d 'Where to upgrade to, such as almalinux:8.10' -r -f
complete -c elevate -n "__fish_elevate_using_subcommand check" -l enablerepo -d 'Use this repository of the target too (repeatable)' -r -f
complete -c elevate -n "__fish_elevate_using_subcommand check" -l disablerepo -d 'Do not use this repository of the target (repeatable)' -r -f
complete -c elevate -n "__fish_elevate_using_subcommand check" -l channel -d 'Preferred channel of target repositories: ga, e4s, eus, aus' -r -f -a "ga\t''
eus\t''
e4s\t''
aus\t''
tuv\t''
els\t''
beta\t''"
complete -c elevate -n "__fish_elevate_using_subcommand check" -l as -d 'Whose decisions to follow: default, leapp-0.21' -r -f -a "default\t''
leapp-0.21\t''"
complete -c elevate -n "__fish_elevate_using_subcommand check" -l repo -d 'Repository: a directory with repodata in it, or its address (file://, http://, https://); its id is made of that, unless it is given (repeatable)' -r -F
complete -c elevate -n "__fish_elevate_using_subcommand check" -l repo-file -d 'File with definitions of repositories, as in /etc/yum.repos.d (repeatable)' -r -F
complete -c elevate -n "__fish_elevate_using_subcommand check" -l repo-var -d 'Variable in definitions, such as infra=stock (repeatable)' -r -f
complete -c elevate -n "__fish_elevate_using_subcommand check" -l repo-vars -d 'Directory with a file for each further variable, as /etc/dnf/vars (repeatable)' -r -F
complete -c elevate -n "__fish_elevate_using_subcommand check" -l releasever -d 'What $releasever stands for' -r -f
complete -c elevate -n "__fish_elevate_using_subcommand check" -l basearch -d 'What $basearch and $arch stand for' -r -f
complete -c elevate -n "__fish_elevate_using_subcommand check" -l cache-dir -d 'Where fetched repositories are kept. Default: elevate in $XDG_CACHE_HOME or ~/.cache, for root /var/cache/elevate' -r -F
complete -c elevate -n "__fish_elevate_using_subcommand check" -l remove -d 'What if this package were removed? (repeatable)' -r -f
complete -c elevate -n "__fish_elevate_using_subcommand check" -l keep -d 'What if some version of this installed package had to stay? (repeatable)' -r -f
complete -c elevate -n "__fish_elevate_using_subcommand check" -l install -d 'What if this package were installed? (repeatable)' -r -f
complete -c elevate -n "__fish_elevate_using_subcommand check" -l with-repo -d 'What if this repository were used? (repeatable)' -r -f
complete -c elevate -n "__fish_elevate_using_subcommand check" -l without-repo -d 'What if this repository were not used? (repeatable)' -r -f
complete -c elevate -n "__fish_elevate_using_subcommand check" -l pack -d 'Check by the rules of this pack too: a directory, or the name of one that ships, such as cpanel (repeatable)' -r -F
complete -c elevate -n "__fish_elevate_using_subcommand check" -l vendor-facts -d 'Give rules a vendor\'s document, JSON, by this name (repeatable)' -r -F
complete -c elevate -n "__fish_elevate_using_subcommand check" -l answers -d 'Take answers from this file, in the form of leapp\'s answer file; a later one goes before an earlier one (repeatable)' -r -F
complete -c elevate -n "__fish_elevate_using_subcommand check" -l answer -d 'Answer a question, such as authselect_check.confirm=True (repeatable)' -r -f
complete -c elevate -n "__fish_elevate_using_subcommand check" -l pin -d 'Use this version of an actor, such as check_btrfs=1 (repeatable)' -r -f
complete -c elevate -n "__fish_elevate_using_subcommand check" -l leapp-env -d 'Check as if leapp was started with this variable, such as LEAPP_TARGET_ISO=/x.iso (repeatable)' -r -f
complete -c elevate -n "__fish_elevate_using_subcommand check" -l format -d 'How to print the plan' -r -f -a "text\t'For people'
json\t'The plan as one JSON document (elevate schema plan)'
html\t'For a browser: one page that needs nothing but itself'
report\t'The findings without the packages, as JSON (elevate schema report)'
leapp\t'What leapp writes as leapp-report.json'
leapp-text\t'What leapp writes as leapp-report.txt'
leapp-tasks\t'The decisions in the lists of leapp\'s own messages, as JSON'
answerfile\t'leapp\'s answer file, with the questions of this host'
insights\t'What the task of Red Hat Insights prints'
junit\t'JUnit: every check a test'
sarif\t'SARIF 2.1.0'
csv\t'Packages as a table for spreadsheets'
csv-findings\t'Findings as a table for spreadsheets'"
complete -c elevate -n "__fish_elevate_using_subcommand check" -l report-schema -d 'Which of leapp\'s schemas its formats follow: 1.0.0, 1.1.0, 1.2.0' -r -f -a "1.0.0\t''
1.1.0\t''
1.2.0\t''"
complete -c elevate -n "__fish_elevate_using_subcommand check" -l color -d 'When to use colours (text); NO_COLOR is honoured' -r -f -a "auto\t'On a terminal'
always\t'Always'
never\t'Never'"
complete -c elevate -n "__fish_elevate_using_subcommand check" -l before -d 'Tell what changed since this plan (html; elevate diff tells it too)' -r -F
complete -c elevate -n "__fish_elevate_using_subcommand check" -s o -l output -d 'Write to this file, whole or not at all' -r -F
complete -c elevate -n "__fish_elevate_using_subcommand check" -l waivers -d 'Set findings aside as this file says (repeatable)' -r -F
complete -c elevate -n "__fish_elevate_using_subcommand check" -l as-of -d 'Judge whether waivers have expired as of this day, not today' -r -f
complete -c elevate -n "__fish_elevate_using_subcommand check" -l fail-on -d 'What to end with an exit code other than 0 for. Default: incomplete' -r -f -a "never\t'Nothing: always 0, unless the tool fails'
inhibitor\t'What forbids the upgrade: 2'
incomplete\t'That, and missing facts: 3'
high\t'That, and every finding of high severity: 2'
medium\t'That, and every finding of medium severity: 2'"
complete -c elevate -n "__fish_elevate_using_subcommand check" -l salvage -d 'Go on where the package database is damaged, and say what is lost'
complete -c elevate -n "__fish_elevate_using_subcommand check" -l strict-streams -d 'Refuse upgrade data that declares no data stream, as leapp does'
complete -c elevate -n "__fish_elevate_using_subcommand check" -l fetch -d 'Fetch target repositories as needed. Without it no network is touched: directories and the cache are read (elevate repo fetch fills it)'
complete -c elevate -n "__fish_elevate_using_subcommand check" -l full -d 'Tell everything, not only what fits a screen (text)'
complete -c elevate -n "__fish_elevate_using_subcommand check" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c elevate -n "__fish_elevate_using_subcommand check" -s V -l version -d 'Print version'
complete -c elevate -n "__fish_elevate_using_subcommand plan" -l packages -d 'Package list: rpm -qa in any usual shape, sosreport\'s installed-rpms, JSON; `-` for stdin' -r -F
complete -c elevate -n "__fish_elevate_using_subcommand plan" -l snapshot -d 'Snapshot; `-` for stdin' -r -F
complete -c elevate -n "__fish_elevate_using_subcommand plan" -l root -d 'Root file system of the host, mounted or unpacked here' -r -F
complete -c elevate -n "__fish_elevate_using_subcommand plan" -l sos -d 'sosreport or Insights archive of the host, packed or unpacked' -r -F
complete -c elevate -n "__fish_elevate_using_subcommand plan" -l source -d 'What the host runs, such as centos:7.9, where it does not tell' -r -f
complete -c elevate -n "__fish_elevate_using_subcommand plan" -l arch -d 'The host\'s architecture, where it does not tell' -r -f
complete -c elevate -n "__fish_elevate_using_subcommand plan" -l data -d 'Directory with upgrade data, in the layout of ELevate\'s leapp-data' -r -F
complete -c elevate -n "__fish_elevate_using_subcommand plan" -l transaction -d 'Directory with to_install, to_keep, to_remove and to_reinstall. Default: `transaction` in the data directory, and /etc/leapp/transaction where that is /etc/leapp/files' -r -F
complete -c elevate -n "__fish_elevate_using_subcommand plan" -l target -d 'Where to upgrade to, such as almalinux:8.10' -r -f
complete -c elevate -n "__fish_elevate_using_subcommand plan" -l enablerepo -d 'Use this repository of the target too (repeatable)' -r -f
complete -c elevate -n "__fish_elevate_using_subcommand plan" -l disablerepo -d 'Do not use this repository of the target (repeatable)' -r -f
complete -c elevate -n "__fish_elevate_using_subcommand plan" -l channel -d 'Preferred channel of target repositories: ga, e4s, eus, aus' -r -f -a "ga\t''
eus\t''
e4s\t''
aus\t''
tuv\t''
els\t''
beta\t''"
complete -c elevate -n "__fish_elevate_using_subcommand plan" -l as -d 'Whose decisions to follow: default, leapp-0.21' -r -f -a "default\t''
leapp-0.21\t''"
complete -c elevate -n "__fish_elevate_using_subcommand plan" -l repo -d 'Repository: a directory with repodata in it, or its address (file://, http://, https://); its id is made of that, unless it is given (repeatable)' -r -F
complete -c elevate -n "__fish_elevate_using_subcommand plan" -l repo-file -d 'File with definitions of repositories, as in /etc/yum.repos.d (repeatable)' -r -F
complete -c elevate -n "__fish_elevate_using_subcommand plan" -l repo-var -d 'Variable in definitions, such as infra=stock (repeatable)' -r -f
complete -c elevate -n "__fish_elevate_using_subcommand plan" -l repo-vars -d 'Directory with a file for each further variable, as /etc/dnf/vars (repeatable)' -r -F
complete -c elevate -n "__fish_elevate_using_subcommand plan" -l releasever -d 'What $releasever stands for' -r -f
complete -c elevate -n "__fish_elevate_using_subcommand plan" -l basearch -d 'What $basearch and $arch stand for' -r -f
complete -c elevate -n "__fish_elevate_using_subcommand plan" -l cache-dir -d 'Where fetched repositories are kept. Default: elevate in $XDG_CACHE_HOME or ~/.cache, for root /var/cache/elevate' -r -F
complete -c elevate -n "__fish_elevate_using_subcommand plan" -l remove -d 'What if this package were removed? (repeatable)' -r -f
complete -c elevate -n "__fish_elevate_using_subcommand plan" -l keep -d 'What if some version of this installed package had to stay? (repeatable)' -r -f
complete -c elevate -n "__fish_elevate_using_subcommand plan" -l install -d 'What if this package were installed? (repeatable)' -r -f
complete -c elevate -n "__fish_elevate_using_subcommand plan" -l with-repo -d 'What if this repository were used? (repeatable)' -r -f
complete -c elevate -n "__fish_elevate_using_subcommand plan" -l without-repo -d 'What if this repository were not used? (repeatable)' -r -f
complete -c elevate -n "__fish_elevate_using_subcommand plan" -l pack -d 'Check by the rules of this pack too: a directory, or the name of one that ships, such as cpanel (repeatable)' -r -F
complete -c elevate -n "__fish_elevate_using_subcommand plan" -l vendor-facts -d 'Give rules a vendor\'s document, JSON, by this name (repeatable)' -r -F
complete -c elevate -n "__fish_elevate_using_subcommand plan" -l answers -d 'Take answers from this file, in the form of leapp\'s answer file; a later one goes before an earlier one (repeatable)' -r -F
complete -c elevate -n "__fish_elevate_using_subcommand plan" -l answer -d 'Answer a question, such as authselect_check.confirm=True (repeatable)' -r -f
complete -c elevate -n "__fish_elevate_using_subcommand plan" -l pin -d 'Use this version of an actor, such as check_btrfs=1 (repeatable)' -r -f
complete -c elevate -n "__fish_elevate_using_subcommand plan" -l leapp-env -d 'Check as if leapp was started with this variable, such as LEAPP_TARGET_ISO=/x.iso (repeatable)' -r -f
complete -c elevate -n "__fish_elevate_using_subcommand plan" -l format -d 'How to print the plan' -r -f -a "text\t'For people'
json\t'The plan as one JSON document (elevate schema plan)'
html\t'For a browser: one page that needs nothing but itself'
report\t'The findings without the packages, as JSON (elevate schema report)'
leapp\t'What leapp writes as leapp-report.json'
leapp-text\t'What leapp writes as leapp-report.txt'
leapp-tasks\t'The decisions in the lists of leapp\'s own messages, as JSON'
answerfile\t'leapp\'s answer file, with the questions of this host'
insights\t'What the task of Red Hat Insights prints'
junit\t'JUnit: every check a test'
sarif\t'SARIF 2.1.0'
csv\t'Packages as a table for spreadsheets'
csv-findings\t'Findings as a table for spreadsheets'"
complete -c elevate -n "__fish_elevate_using_subcommand plan" -l report-schema -d 'Which of leapp\'s schemas its formats follow: 1.0.0, 1.1.0, 1.2.0' -r -f -a "1.0.0\t''
1.1.0\t''
1.2.0\t''"
complete -c elevate -n "__fish_elevate_using_subcommand plan" -l color -d 'When to use colours (text); NO_COLOR is honoured' -r -f -a "auto\t'On a terminal'
always\t'Always'
never\t'Never'"
complete -c elevate -n "__fish_elevate_using_subcommand plan" -l before -d 'Tell what changed since this plan (html; elevate diff tells it too)' -r -F
complete -c elevate -n "__fish_elevate_using_subcommand plan" -s o -l output -d 'Write to this file, whole or not at all' -r -F
complete -c elevate -n "__fish_elevate_using_subcommand plan" -l waivers -d 'Set findings aside as this file says (repeatable)' -r -F
complete -c elevate -n "__fish_elevate_using_subcommand plan" -l as-of -d 'Judge whether waivers have expired as of this day, not today' -r -f
complete -c elevate -n "__fish_elevate_using_subcommand plan" -l fail-on -d 'What to end with an exit code other than 0 for. Default: incomplete' -r -f -a "never\t'Nothing: always 0, unless the tool fails'
inhibitor\t'What forbids the upgrade: 2'
incomplete\t'That, and missing facts: 3'
high\t'That, and every finding of high severity: 2'
medium\t'That, and every finding of medium severity: 2'"
complete -c elevate -n "__fish_elevate_using_subcommand plan" -l strict-streams -d 'Refuse upgrade data that declares no data stream, as leapp does'
complete -c elevate -n "__fish_elevate_using_subcommand plan" -l fetch -d 'Fetch target repositories as needed. Without it no network is touched: directories and the cache are read (elevate repo fetch fills it)'
complete -c elevate -n "__fish_elevate_using_subcommand plan" -l full -d 'Tell everything, not only what fits a screen (text)'
complete -c elevate -n "__fish_elevate_using_subcommand plan" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c elevate -n "__fish_elevate_using_subcommand plan" -s V -l version -d 'Print version'
complete -c elevate -n "__fish_elevate_using_subcommand report" -l format -d 'How to print the plan' -r -f -a "text\t'For people'
json\t'The plan as one JSON document (elevate schema plan)'
html\t'For a browser: one page that needs nothing but itself'
report\t'The findings without the packages, as JSON (elevate schema report)'
leapp\t'What leapp writes as leapp-report.json'
leapp-text\t'What leapp writes as leapp-report.txt'
leapp-tasks\t'The decisions in the lists of leapp\'s own messages, as JSON'
answerfile\t'leapp\'s answer file, with the questions of this host'
insights\t'What the task of Red Hat Insights prints'
junit\t'JUnit: every check a test'
sarif\t'SARIF 2.1.0'
csv\t'Packages as a table for spreadsheets'
csv-findings\t'Findings as a table for spreadsheets'"
complete -c elevate -n "__fish_elevate_using_subcommand report" -l report-schema -d 'Which of leapp\'s schemas its formats follow: 1.0.0, 1.1.0, 1.2.0' -r -f -a "1.0.0\t''
1.1.0\t''
1.2.0\t''"
complete -c elevate -n "__fish_elevate_using_subcommand report" -l color -d 'When to use colours (text); NO_COLOR is honoured' -r -f -a "auto\t'On a terminal'
always\t'Always'
never\t'Never'"
complete -c elevate -n "__fish_elevate_using_subcommand report" -l before -d 'Tell what changed since this plan (html; elevate diff tells it too)' -r -F
complete -c elevate -n "__fish_elevate_using_subcommand report" -s o -l output -d 'Write to this file, whole or not at all' -r -F
complete -c elevate -n "__fish_elevate_using_subcommand report" -l waivers -d 'Set findings aside as this file says (repeatable)' -r -F
complete -c elevate -n "__fish_elevate_using_subcommand report" -l as-of -d 'Judge whether waivers have expired as of this day, not today' -r -f
complete -c elevate -n "__fish_elevate_using_subcommand report" -l fail-on -d 'What to end with an exit code other than 0 for. Default: incomplete' -r -f -a "never\t'Nothing: always 0, unless the tool fails'
inhibitor\t'What forbids the upgrade: 2'
incomplete\t'That, and missing facts: 3'
high\t'That, and every finding of high severity: 2'
medium\t'That, and every finding of medium severity: 2'"
complete -c elevate -n "__fish_elevate_using_subcommand report" -l full -d 'Tell everything, not only what fits a screen (text)'
complete -c elevate -n "__fish_elevate_using_subcommand report" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c elevate -n "__fish_elevate_using_subcommand report" -s V -l version -d 'Print version'
complete -c elevate -n "__fish_elevate_using_subcommand verify" -l snapshot -d 'Snapshot taken after the upgrade; `-` for stdin' -r -F
complete -c elevate -n "__fish_elevate_using_subcommand verify" -l root -d 'Root file system of the host, mounted or unpacked here' -r -F
complete -c elevate -n "__fish_elevate_using_subcommand verify" -l sos -d 'sosreport or Insights archive of the host, packed or unpacked' -r -F
complete -c elevate -n "__fish_elevate_using_subcommand verify" -l collect -d 'Collect what this file lists too: `content /opt/app/*.conf` and so on, one a line' -r -F
complete -c elevate -n "__fish_elevate_using_subcommand verify" -l redact -d 'What to take out: secrets always; strict: names of hosts and users, and addresses too' -r -f -a "secrets\t'Keys, passwords, tokens'
strict\t'Those, and names of hosts and users, and addresses, each replaced by the same other one'"
complete -c elevate -n "__fish_elevate_using_subcommand verify" -l source -d 'What the host runs, such as centos:7.9, where it does not tell' -r -f
complete -c elevate -n "__fish_elevate_using_subcommand verify" -l arch -d 'The host\'s architecture, where it does not tell' -r -f
complete -c elevate -n "__fish_elevate_using_subcommand verify" -l format -d 'How to print the verification' -r -f -a "text\t'For people'
json\t'As one JSON document (elevate schema verification)'"
complete -c elevate -n "__fish_elevate_using_subcommand verify" -l color -d 'When to use colours (text); NO_COLOR is honoured' -r -f -a "auto\t'On a terminal'
always\t'Always'
never\t'Never'"
complete -c elevate -n "__fish_elevate_using_subcommand verify" -s o -l output -d 'Write to this file, whole or not at all' -r -F
complete -c elevate -n "__fish_elevate_using_subcommand verify" -l waivers -d 'Set findings aside as this file says (repeatable)' -r -F
complete -c elevate -n "__fish_elevate_using_subcommand verify" -l as-of -d 'Judge whether waivers have expired as of this day, not today' -r -f
complete -c elevate -n "__fish_elevate_using_subcommand verify" -l fail-on -d 'What to end with an exit code other than 0 for. Default: incomplete' -r -f -a "never\t'Nothing: always 0, unless the tool fails'
inhibitor\t'What forbids the upgrade: 2'
incomplete\t'That, and missing facts: 3'
high\t'That, and every finding of high severity: 2'
medium\t'That, and every finding of medium severity: 2'"
complete -c elevate -n "__fish_elevate_using_subcommand verify" -l salvage -d 'Go on where the package database is damaged, and say what is lost'
complete -c elevate -n "__fish_elevate_using_subcommand verify" -l full -d 'Tell everything, not only what fits a screen (text)'
complete -c elevate -n "__fish_elevate_using_subcommand verify" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c elevate -n "__fish_elevate_using_subcommand verify" -s V -l version -d 'Print version'
complete -c elevate -n "__fish_elevate_using_subcommand answer" -l section -d 'An answer, such as authselect_check.confirm=True (repeatable; several with commas between)' -r -f
complete -c elevate -n "__fish_elevate_using_subcommand answer" -l answerfile -d 'The answer file' -r -F
complete -c elevate -n "__fish_elevate_using_subcommand answer" -l add -d 'Add sections that are not there'
complete -c elevate -n "__fish_elevate_using_subcommand answer" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c elevate -n "__fish_elevate_using_subcommand answer" -s V -l version -d 'Print version'
complete -c elevate -n "__fish_elevate_using_subcommand explain" -l format -d 'How to print the explanation' -r -f -a "text\t'For people'
json\t'As a JSON document (elevate schema explanation)'"
complete -c elevate -n "__fish_elevate_using_subcommand explain" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c elevate -n "__fish_elevate_using_subcommand explain" -s V -l version -d 'Print version'
complete -c elevate -n "__fish_elevate_using_subcommand diff" -l format -d 'How to print the difference' -r -f -a "text\t'For people'
json\t'As a JSON document (elevate schema diff, elevate schema snapshot-diff)'"
complete -c elevate -n "__fish_elevate_using_subcommand diff" -l exit-code -d 'End with 2 where they are different'
complete -c elevate -n "__fish_elevate_using_subcommand diff" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c elevate -n "__fish_elevate_using_subcommand diff" -s V -l version -d 'Print version'
complete -c elevate -n "__fish_elevate_using_subcommand export" -l to -d 'What to make of it' -r -f -a "leapp\t'leapp\'s own inputs: lists, repositories, answers (a directory)'
dnf-transaction\t'What dnf history replay reads'
plugin-data\t'What leapp\'s plugin for dnf reads'
shell\t'A script for any POSIX shell, step by step'
ansible\t'A playbook of Ansible: steps, and what findings propose'
air-gap\t'What to carry to a host without a network, as a table'
air-gap-urls\t'Addresses to fetch, for wget -i and aria2c -i'
air-gap-sums\t'SHA-256 sums of these files, for sha256sum -c'"
complete -c elevate -n "__fish_elevate_using_subcommand export" -l format -d 'How to print the list (air-gap)' -r -f -a "text\t'For people'
json\t'As a JSON document (elevate schema air-gap)'"
complete -c elevate -n "__fish_elevate_using_subcommand export" -s o -l output -d 'Write to this file, whole or not at all' -r -F
complete -c elevate -n "__fish_elevate_using_subcommand export" -l directory -d 'Write below this directory, which is made where it is not there' -r -F
complete -c elevate -n "__fish_elevate_using_subcommand export" -l force -d 'Make what runs although the plan forbids the upgrade, write over other files in the directory, and end with 0'
complete -c elevate -n "__fish_elevate_using_subcommand export" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c elevate -n "__fish_elevate_using_subcommand export" -s V -l version -d 'Print version'
complete -c elevate -n "__fish_elevate_using_subcommand snapshot; and not __fish_seen_subcommand_from show check upgrade help" -s h -l help -d 'Print help'
complete -c elevate -n "__fish_elevate_using_subcommand snapshot; and not __fish_seen_subcommand_from show check upgrade help" -s V -l version -d 'Print version'
complete -c elevate -n "__fish_elevate_using_subcommand snapshot; and not __fish_seen_subcommand_from show check upgrade help" -f -a "show" -d 'Show what a snapshot holds, what is absent and what could not be read'
complete -c elevate -n "__fish_elevate_using_subcommand snapshot; and not __fish_seen_subcommand_from show check upgrade help" -f -a "check" -d 'Check that a snapshot can be read, and say what is missing of it'
complete -c elevate -n "__fish_elevate_using_subcommand snapshot; and not __fish_seen_subcommand_from show check upgrade help" -f -a "upgrade" -d 'Write a snapshot in the newest version of the format'
complete -c elevate -n "__fish_elevate_using_subcommand snapshot; and not __fish_seen_subcommand_from show check upgrade help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c elevate -n "__fish_elevate_using_subcommand snapshot; and __fish_seen_subcommand_from show" -l content -d 'Print the content of this file, or output of this command, instead' -r -f
complete -c elevate -n "__fish_elevate_using_subcommand snapshot; and __fish_seen_subcommand_from show" -s h -l help -d 'Print help'
complete -c elevate -n "__fish_elevate_using_subcommand snapshot; and __fish_seen_subcommand_from show" -s V -l version -d 'Print version'
complete -c elevate -n "__fish_elevate_using_subcommand snapshot; and __fish_seen_subcommand_from check" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c elevate -n "__fish_elevate_using_subcommand snapshot; and __fish_seen_subcommand_from check" -s V -l version -d 'Print version'
complete -c elevate -n "__fish_elevate_using_subcommand snapshot; and __fish_seen_subcommand_from upgrade" -s o -l output -d 'Where to write it. Default: standard output' -r -F
complete -c elevate -n "__fish_elevate_using_subcommand snapshot; and __fish_seen_subcommand_from upgrade" -s h -l help -d 'Print help'
complete -c elevate -n "__fish_elevate_using_subcommand snapshot; and __fish_seen_subcommand_from upgrade" -s V -l version -d 'Print version'
complete -c elevate -n "__fish_elevate_using_subcommand snapshot; and __fish_seen_subcommand_from help" -f -a "show" -d 'Show what a snapshot holds, what is absent and what could not be read'
complete -c elevate -n "__fish_elevate_using_subcommand snapshot; and __fish_seen_subcommand_from help" -f -a "check" -d 'Check that a snapshot can be read, and say what is missing of it'
complete -c elevate -n "__fish_elevate_using_subcommand snapshot; and __fish_seen_subcommand_from help" -f -a "upgrade" -d 'Write a snapshot in the newest version of the format'
complete -c elevate -n "__fish_elevate_using_subcommand snapshot; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c elevate -n "__fish_elevate_using_subcommand graph" -l packages -d 'Package list: rpm -qa in any usual shape, sosreport\'s installed-rpms, JSON; `-` for stdin' -r -F
complete -c elevate -n "__fish_elevate_using_subcommand graph" -l snapshot -d 'Snapshot; `-` for stdin' -r -F
complete -c elevate -n "__fish_elevate_using_subcommand graph" -l root -d 'Root file system of the host, mounted or unpacked here' -r -F
complete -c elevate -n "__fish_elevate_using_subcommand graph" -l sos -d 'sosreport or Insights archive of the host, packed or unpacked' -r -F
complete -c elevate -n "__fish_elevate_using_subcommand graph" -l source -d 'What the host runs, such as centos:7.9, where it does not tell' -r -f
complete -c elevate -n "__fish_elevate_using_subcommand graph" -l arch -d 'The host\'s architecture, where it does not tell' -r -f
complete -c elevate -n "__fish_elevate_using_subcommand graph" -l depth -d 'How many steps to go, from the packages named' -r -f
complete -c elevate -n "__fish_elevate_using_subcommand graph" -l format -d 'How to print the answer' -r -f -a "text\t'For people'
json\t'As a JSON document (elevate schema graph)'
dot\t'As a graph for Graphviz'
svg\t'As a picture; of many packages some are left out, which it says'"
complete -c elevate -n "__fish_elevate_using_subcommand graph" -l needs -d 'What the packages need only'
complete -c elevate -n "__fish_elevate_using_subcommand graph" -l needed-by -d 'Who needs the packages only'
complete -c elevate -n "__fish_elevate_using_subcommand graph" -l removal -d 'What removing the packages would take along, and what nothing would need then'
complete -c elevate -n "__fish_elevate_using_subcommand graph" -l leaves -d 'Packages that no other one needs'
complete -c elevate -n "__fish_elevate_using_subcommand graph" -l orphans -d 'Packages that came for the sake of others and are needed no more'
complete -c elevate -n "__fish_elevate_using_subcommand graph" -l broken -d 'Requirements that nobody meets'
complete -c elevate -n "__fish_elevate_using_subcommand graph" -l cycles -d 'Packages that need each other'
complete -c elevate -n "__fish_elevate_using_subcommand graph" -l order -d 'An order in which the packages can be installed'
complete -c elevate -n "__fish_elevate_using_subcommand graph" -l weak -d 'Count recommended packages in, not only those nothing works without'
complete -c elevate -n "__fish_elevate_using_subcommand graph" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c elevate -n "__fish_elevate_using_subcommand graph" -s V -l version -d 'Print version'
complete -c elevate -n "__fish_elevate_using_subcommand run" -l executor -d 'Who carries it out' -r -f -a "root\t'This machine\'s dnf, on a root'
leapp\t'leapp, on the host itself'
script\t'Nobody: the plan is written for others'"
complete -c elevate -n "__fish_elevate_using_subcommand run" -l root -d 'The root of the host; leapp is on / where none is given' -r -F
complete -c elevate -n "__fish_elevate_using_subcommand run" -l directory -d 'Where --executor script writes' -r -F
complete -c elevate -n "__fish_elevate_using_subcommand run" -l phase -d 'Only the steps of this phase (repeatable)' -r -f -a "prepare\t'Before the host is started for the upgrade'
before\t'Right before the transaction'
transaction\t'Packages are exchanged'
after\t'Right after the transaction'
first-boot\t'When the target has started for the first time'
verify\t'The result is compared with the plan'"
complete -c elevate -n "__fish_elevate_using_subcommand run" -l redo -d 'Do this interrupted step again (repeatable)' -r -f
complete -c elevate -n "__fish_elevate_using_subcommand run" -l assume-done -d 'Take this interrupted step for done (repeatable)' -r -f
complete -c elevate -n "__fish_elevate_using_subcommand run" -l waivers -d 'Set findings aside as this file says (repeatable)' -r -F
complete -c elevate -n "__fish_elevate_using_subcommand run" -l as-of -d 'Judge whether waivers have expired as of this day, not today' -r -f
complete -c elevate -n "__fish_elevate_using_subcommand run" -l dry-run -d 'Show what would be done, and do nothing'
complete -c elevate -n "__fish_elevate_using_subcommand run" -l yes -d 'Do it, and do not ask'
complete -c elevate -n "__fish_elevate_using_subcommand run" -l resume -d 'Go on with a run that was interrupted'
complete -c elevate -n "__fish_elevate_using_subcommand run" -l undo -d 'Take back what a run has done, as long as no packages were exchanged'
complete -c elevate -n "__fish_elevate_using_subcommand run" -l accept-incomplete -d 'Carry the plan out though facts were missing when it was made'
complete -c elevate -n "__fish_elevate_using_subcommand run" -l json-events -d 'Tell what happens as JSON, a line each'
complete -c elevate -n "__fish_elevate_using_subcommand run" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c elevate -n "__fish_elevate_using_subcommand run" -s V -l version -d 'Print version'
complete -c elevate -n "__fish_elevate_using_subcommand why" -l packages -d 'Package list: rpm -qa in any usual shape, sosreport\'s installed-rpms, JSON; `-` for stdin' -r -F
complete -c elevate -n "__fish_elevate_using_subcommand why" -l snapshot -d 'Snapshot; `-` for stdin' -r -F
complete -c elevate -n "__fish_elevate_using_subcommand why" -l root -d 'Root file system of the host, mounted or unpacked here' -r -F
complete -c elevate -n "__fish_elevate_using_subcommand why" -l sos -d 'sosreport or Insights archive of the host, packed or unpacked' -r -F
complete -c elevate -n "__fish_elevate_using_subcommand why" -l source -d 'What the host runs, such as centos:7.9, where it does not tell' -r -f
complete -c elevate -n "__fish_elevate_using_subcommand why" -l arch -d 'The host\'s architecture, where it does not tell' -r -f
complete -c elevate -n "__fish_elevate_using_subcommand why" -l ways -d 'How many ways down to a package to show' -r -f
complete -c elevate -n "__fish_elevate_using_subcommand why" -l format -d 'How to print the answer' -r -f -a "text\t'For people'
json\t'As a JSON document (elevate schema graph)'"
complete -c elevate -n "__fish_elevate_using_subcommand why" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c elevate -n "__fish_elevate_using_subcommand why" -s V -l version -d 'Print version'
complete -c elevate -n "__fish_elevate_using_subcommand actors; and not __fish_seen_subcommand_from list show lint test help" -s h -l help -d 'Print help'
complete -c elevate -n "__fish_elevate_using_subcommand actors; and not __fish_seen_subcommand_from list show lint test help" -s V -l version -d 'Print version'
complete -c elevate -n "__fish_elevate_using_subcommand actors; and not __fish_seen_subcommand_from list show lint test help" -f -a "list" -d 'List them'
complete -c elevate -n "__fish_elevate_using_subcommand actors; and not __fish_seen_subcommand_from list show lint test help" -f -a "show" -d 'Show what one of them does, why that matters and what to do'
complete -c elevate -n "__fish_elevate_using_subcommand actors; and not __fish_seen_subcommand_from list show lint test help" -f -a "lint" -d 'Tell what is wrong with what they say of themselves'
complete -c elevate -n "__fish_elevate_using_subcommand actors; and not __fish_seen_subcommand_from list show lint test help" -f -a "test" -d 'Run the tests of those that are data'
complete -c elevate -n "__fish_elevate_using_subcommand actors; and not __fish_seen_subcommand_from list show lint test help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c elevate -n "__fish_elevate_using_subcommand actors; and __fish_seen_subcommand_from list" -l inhibitors -d 'Only those that can forbid an upgrade'
complete -c elevate -n "__fish_elevate_using_subcommand actors; and __fish_seen_subcommand_from list" -s h -l help -d 'Print help'
complete -c elevate -n "__fish_elevate_using_subcommand actors; and __fish_seen_subcommand_from list" -s V -l version -d 'Print version'
complete -c elevate -n "__fish_elevate_using_subcommand actors; and __fish_seen_subcommand_from show" -s h -l help -d 'Print help'
complete -c elevate -n "__fish_elevate_using_subcommand actors; and __fish_seen_subcommand_from show" -s V -l version -d 'Print version'
complete -c elevate -n "__fish_elevate_using_subcommand actors; and __fish_seen_subcommand_from lint" -l pack -d 'Those of this pack too: a directory, or the name of one that ships (repeatable)' -r -F
complete -c elevate -n "__fish_elevate_using_subcommand actors; and __fish_seen_subcommand_from lint" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c elevate -n "__fish_elevate_using_subcommand actors; and __fish_seen_subcommand_from lint" -s V -l version -d 'Print version'
complete -c elevate -n "__fish_elevate_using_subcommand actors; and __fish_seen_subcommand_from test" -l pack -d 'Those of this pack too: a directory, or the name of one that ships (repeatable)' -r -F
complete -c elevate -n "__fish_elevate_using_subcommand actors; and __fish_seen_subcommand_from test" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c elevate -n "__fish_elevate_using_subcommand actors; and __fish_seen_subcommand_from test" -s V -l version -d 'Print version'
complete -c elevate -n "__fish_elevate_using_subcommand actors; and __fish_seen_subcommand_from help" -f -a "list" -d 'List them'
complete -c elevate -n "__fish_elevate_using_subcommand actors; and __fish_seen_subcommand_from help" -f -a "show" -d 'Show what one of them does, why that matters and what to do'
complete -c elevate -n "__fish_elevate_using_subcommand actors; and __fish_seen_subcommand_from help" -f -a "lint" -d 'Tell what is wrong with what they say of themselves'
complete -c elevate -n "__fish_elevate_using_subcommand actors; and __fish_seen_subcommand_from help" -f -a "test" -d 'Run the tests of those that are data'
complete -c elevate -n "__fish_elevate_using_subcommand actors; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c elevate -n "__fish_elevate_using_subcommand pack; and not __fish_seen_subcommand_from lint test new functions help" -s h -l help -d 'Print help'
complete -c elevate -n "__fish_elevate_using_subcommand pack; and not __fish_seen_subcommand_from lint test new functions help" -s V -l version -d 'Print version'
complete -c elevate -n "__fish_elevate_using_subcommand pack; and not __fish_seen_subcommand_from lint test new functions help" -f -a "lint" -d 'Tell what is wrong with a pack'
complete -c elevate -n "__fish_elevate_using_subcommand pack; and not __fish_seen_subcommand_from lint test new functions help" -f -a "test" -d 'Run the tests of a pack'
complete -c elevate -n "__fish_elevate_using_subcommand pack; and not __fish_seen_subcommand_from lint test new functions help" -f -a "new" -d 'Begin a pack: a directory with a manifest, a rule and its tests'
complete -c elevate -n "__fish_elevate_using_subcommand pack; and not __fish_seen_subcommand_from lint test new functions help" -f -a "functions" -d 'List what conditions of rules may ask'
complete -c elevate -n "__fish_elevate_using_subcommand pack; and not __fish_seen_subcommand_from lint test new functions help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c elevate -n "__fish_elevate_using_subcommand pack; and __fish_seen_subcommand_from lint" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c elevate -n "__fish_elevate_using_subcommand pack; and __fish_seen_subcommand_from lint" -s V -l version -d 'Print version'
complete -c elevate -n "__fish_elevate_using_subcommand pack; and __fish_seen_subcommand_from test" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c elevate -n "__fish_elevate_using_subcommand pack; and __fish_seen_subcommand_from test" -s V -l version -d 'Print version'
complete -c elevate -n "__fish_elevate_using_subcommand pack; and __fish_seen_subcommand_from new" -l dir -d 'Where to make its directory. Default: here' -r -F
complete -c elevate -n "__fish_elevate_using_subcommand pack; and __fish_seen_subcommand_from new" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c elevate -n "__fish_elevate_using_subcommand pack; and __fish_seen_subcommand_from new" -s V -l version -d 'Print version'
complete -c elevate -n "__fish_elevate_using_subcommand pack; and __fish_seen_subcommand_from functions" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c elevate -n "__fish_elevate_using_subcommand pack; and __fish_seen_subcommand_from functions" -s V -l version -d 'Print version'
complete -c elevate -n "__fish_elevate_using_subcommand pack; and __fish_seen_subcommand_from help" -f -a "lint" -d 'Tell what is wrong with a pack'
complete -c elevate -n "__fish_elevate_using_subcommand pack; and __fish_seen_subcommand_from help" -f -a "test" -d 'Run the tests of a pack'
complete -c elevate -n "__fish_elevate_using_subcommand pack; and __fish_seen_subcommand_from help" -f -a "new" -d 'Begin a pack: a directory with a manifest, a rule and its tests'
complete -c elevate -n "__fish_elevate_using_subcommand pack; and __fish_seen_subcommand_from help" -f -a "functions" -d 'List what conditions of rules may ask'
complete -c elevate -n "__fish_elevate_using_subcommand pack; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c elevate -n "__fish_elevate_using_subcommand data; and not __fish_seen_subcommand_from lint help" -s h -l help -d 'Print help'
complete -c elevate -n "__fish_elevate_using_subcommand data; and not __fish_seen_subcommand_from lint help" -s V -l version -d 'Print version'
complete -c elevate -n "__fish_elevate_using_subcommand data; and not __fish_seen_subcommand_from lint help" -f -a "lint" -d 'Check a data directory for what would harm or puzzle hosts'
complete -c elevate -n "__fish_elevate_using_subcommand data; and not __fish_seen_subcommand_from lint help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c elevate -n "__fish_elevate_using_subcommand data; and __fish_seen_subcommand_from lint" -l source -d 'Release the path starts at' -r -f
complete -c elevate -n "__fish_elevate_using_subcommand data; and __fish_seen_subcommand_from lint" -l target -d 'Release the path leads to' -r -f
complete -c elevate -n "__fish_elevate_using_subcommand data; and __fish_seen_subcommand_from lint" -l format -d 'How to print the remarks' -r -f -a "text\t'A line a remark'
json\t'One JSON document'"
complete -c elevate -n "__fish_elevate_using_subcommand data; and __fish_seen_subcommand_from lint" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c elevate -n "__fish_elevate_using_subcommand data; and __fish_seen_subcommand_from lint" -s V -l version -d 'Print version'
complete -c elevate -n "__fish_elevate_using_subcommand data; and __fish_seen_subcommand_from help" -f -a "lint" -d 'Check a data directory for what would harm or puzzle hosts'
complete -c elevate -n "__fish_elevate_using_subcommand data; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c elevate -n "__fish_elevate_using_subcommand repo; and not __fish_seen_subcommand_from list fetch check help" -s h -l help -d 'Print help'
complete -c elevate -n "__fish_elevate_using_subcommand repo; and not __fish_seen_subcommand_from list fetch check help" -s V -l version -d 'Print version'
complete -c elevate -n "__fish_elevate_using_subcommand repo; and not __fish_seen_subcommand_from list fetch check help" -f -a "list" -d 'Show what definitions of repositories say'
complete -c elevate -n "__fish_elevate_using_subcommand repo; and not __fish_seen_subcommand_from list fetch check help" -f -a "fetch" -d 'Bring repositories into the cache'
complete -c elevate -n "__fish_elevate_using_subcommand repo; and not __fish_seen_subcommand_from list fetch check help" -f -a "check" -d 'Say what is in repositories and what is missing'
complete -c elevate -n "__fish_elevate_using_subcommand repo; and not __fish_seen_subcommand_from list fetch check help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c elevate -n "__fish_elevate_using_subcommand repo; and __fish_seen_subcommand_from list" -l repo -d 'Repository: a directory with repodata in it, or its address (file://, http://, https://); its id is made of that, unless it is given (repeatable)' -r -F
complete -c elevate -n "__fish_elevate_using_subcommand repo; and __fish_seen_subcommand_from list" -l repo-file -d 'File with definitions of repositories, as in /etc/yum.repos.d (repeatable)' -r -F
complete -c elevate -n "__fish_elevate_using_subcommand repo; and __fish_seen_subcommand_from list" -l repo-var -d 'Variable in definitions, such as infra=stock (repeatable)' -r -f
complete -c elevate -n "__fish_elevate_using_subcommand repo; and __fish_seen_subcommand_from list" -l repo-vars -d 'Directory with a file for each further variable, as /etc/dnf/vars (repeatable)' -r -F
complete -c elevate -n "__fish_elevate_using_subcommand repo; and __fish_seen_subcommand_from list" -l releasever -d 'What $releasever stands for' -r -f
complete -c elevate -n "__fish_elevate_using_subcommand repo; and __fish_seen_subcommand_from list" -l basearch -d 'What $basearch and $arch stand for' -r -f
complete -c elevate -n "__fish_elevate_using_subcommand repo; and __fish_seen_subcommand_from list" -l cache-dir -d 'Where fetched repositories are kept. Default: elevate in $XDG_CACHE_HOME or ~/.cache, for root /var/cache/elevate' -r -F
complete -c elevate -n "__fish_elevate_using_subcommand repo; and __fish_seen_subcommand_from list" -l format -d 'How to print them' -r -f -a "text\t'For people'
json\t'One JSON document'"
complete -c elevate -n "__fish_elevate_using_subcommand repo; and __fish_seen_subcommand_from list" -l offline -d 'Touch no network: use what is in the cache, however old'
complete -c elevate -n "__fish_elevate_using_subcommand repo; and __fish_seen_subcommand_from list" -l refresh -d 'Ask servers also where the cache is current'
complete -c elevate -n "__fish_elevate_using_subcommand repo; and __fish_seen_subcommand_from list" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c elevate -n "__fish_elevate_using_subcommand repo; and __fish_seen_subcommand_from list" -s V -l version -d 'Print version'
complete -c elevate -n "__fish_elevate_using_subcommand repo; and __fish_seen_subcommand_from fetch" -l repo -d 'Repository: a directory with repodata in it, or its address (file://, http://, https://); its id is made of that, unless it is given (repeatable)' -r -F
complete -c elevate -n "__fish_elevate_using_subcommand repo; and __fish_seen_subcommand_from fetch" -l repo-file -d 'File with definitions of repositories, as in /etc/yum.repos.d (repeatable)' -r -F
complete -c elevate -n "__fish_elevate_using_subcommand repo; and __fish_seen_subcommand_from fetch" -l repo-var -d 'Variable in definitions, such as infra=stock (repeatable)' -r -f
complete -c elevate -n "__fish_elevate_using_subcommand repo; and __fish_seen_subcommand_from fetch" -l repo-vars -d 'Directory with a file for each further variable, as /etc/dnf/vars (repeatable)' -r -F
complete -c elevate -n "__fish_elevate_using_subcommand repo; and __fish_seen_subcommand_from fetch" -l releasever -d 'What $releasever stands for' -r -f
complete -c elevate -n "__fish_elevate_using_subcommand repo; and __fish_seen_subcommand_from fetch" -l basearch -d 'What $basearch and $arch stand for' -r -f
complete -c elevate -n "__fish_elevate_using_subcommand repo; and __fish_seen_subcommand_from fetch" -l cache-dir -d 'Where fetched repositories are kept. Default: elevate in $XDG_CACHE_HOME or ~/.cache, for root /var/cache/elevate' -r -F
complete -c elevate -n "__fish_elevate_using_subcommand repo; and __fish_seen_subcommand_from fetch" -l with -d 'Bring this too, where there is some (repeatable)' -r -f -a "filelists\t'All files of all packages'
modules\t'Module streams'
groups\t'Groups of packages'
advisories\t'Advisories'"
complete -c elevate -n "__fish_elevate_using_subcommand repo; and __fish_seen_subcommand_from fetch" -l format -d 'How to print what was done' -r -f -a "text\t'For people'
json\t'One JSON document'"
complete -c elevate -n "__fish_elevate_using_subcommand repo; and __fish_seen_subcommand_from fetch" -l offline -d 'Touch no network: use what is in the cache, however old'
complete -c elevate -n "__fish_elevate_using_subcommand repo; and __fish_seen_subcommand_from fetch" -l refresh -d 'Ask servers also where the cache is current'
complete -c elevate -n "__fish_elevate_using_subcommand repo; and __fish_seen_subcommand_from fetch" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c elevate -n "__fish_elevate_using_subcommand repo; and __fish_seen_subcommand_from fetch" -s V -l version -d 'Print version'
complete -c elevate -n "__fish_elevate_using_subcommand repo; and __fish_seen_subcommand_from check" -l repo -d 'Repository: a directory with repodata in it, or its address (file://, http://, https://); its id is made of that, unless it is given (repeatable)' -r -F
complete -c elevate -n "__fish_elevate_using_subcommand repo; and __fish_seen_subcommand_from check" -l repo-file -d 'File with definitions of repositories, as in /etc/yum.repos.d (repeatable)' -r -F
complete -c elevate -n "__fish_elevate_using_subcommand repo; and __fish_seen_subcommand_from check" -l repo-var -d 'Variable in definitions, such as infra=stock (repeatable)' -r -f
complete -c elevate -n "__fish_elevate_using_subcommand repo; and __fish_seen_subcommand_from check" -l repo-vars -d 'Directory with a file for each further variable, as /etc/dnf/vars (repeatable)' -r -F
complete -c elevate -n "__fish_elevate_using_subcommand repo; and __fish_seen_subcommand_from check" -l releasever -d 'What $releasever stands for' -r -f
complete -c elevate -n "__fish_elevate_using_subcommand repo; and __fish_seen_subcommand_from check" -l basearch -d 'What $basearch and $arch stand for' -r -f
complete -c elevate -n "__fish_elevate_using_subcommand repo; and __fish_seen_subcommand_from check" -l cache-dir -d 'Where fetched repositories are kept. Default: elevate in $XDG_CACHE_HOME or ~/.cache, for root /var/cache/elevate' -r -F
complete -c elevate -n "__fish_elevate_using_subcommand repo; and __fish_seen_subcommand_from check" -l module -d 'Module stream to enable (repeatable)' -r -f
complete -c elevate -n "__fish_elevate_using_subcommand repo; and __fish_seen_subcommand_from check" -l platform -d 'Platform that module streams are built for' -r -f
complete -c elevate -n "__fish_elevate_using_subcommand repo; and __fish_seen_subcommand_from check" -l format -d 'How to print what was found' -r -f -a "text\t'For people'
json\t'One JSON document'"
complete -c elevate -n "__fish_elevate_using_subcommand repo; and __fish_seen_subcommand_from check" -l offline -d 'Touch no network: use what is in the cache, however old'
complete -c elevate -n "__fish_elevate_using_subcommand repo; and __fish_seen_subcommand_from check" -l refresh -d 'Ask servers also where the cache is current'
complete -c elevate -n "__fish_elevate_using_subcommand repo; and __fish_seen_subcommand_from check" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c elevate -n "__fish_elevate_using_subcommand repo; and __fish_seen_subcommand_from check" -s V -l version -d 'Print version'
complete -c elevate -n "__fish_elevate_using_subcommand repo; and __fish_seen_subcommand_from help" -f -a "list" -d 'Show what definitions of repositories say'
complete -c elevate -n "__fish_elevate_using_subcommand repo; and __fish_seen_subcommand_from help" -f -a "fetch" -d 'Bring repositories into the cache'
complete -c elevate -n "__fish_elevate_using_subcommand repo; and __fish_seen_subcommand_from help" -f -a "check" -d 'Say what is in repositories and what is missing'
complete -c elevate -n "__fish_elevate_using_subcommand repo; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c elevate -n "__fish_elevate_using_subcommand demo" -l format -d 'How to print the plan' -r -f -a "text\t'For people'
json\t'The plan as one JSON document (elevate schema plan)'
html\t'For a browser: one page that needs nothing but itself'
report\t'The findings without the packages, as JSON (elevate schema report)'
leapp\t'What leapp writes as leapp-report.json'
leapp-text\t'What leapp writes as leapp-report.txt'
leapp-tasks\t'The decisions in the lists of leapp\'s own messages, as JSON'
answerfile\t'leapp\'s answer file, with the questions of this host'
insights\t'What the task of Red Hat Insights prints'
junit\t'JUnit: every check a test'
sarif\t'SARIF 2.1.0'
csv\t'Packages as a table for spreadsheets'
csv-findings\t'Findings as a table for spreadsheets'"
complete -c elevate -n "__fish_elevate_using_subcommand demo" -l report-schema -d 'Which of leapp\'s schemas its formats follow: 1.0.0, 1.1.0, 1.2.0' -r -f -a "1.0.0\t''
1.1.0\t''
1.2.0\t''"
complete -c elevate -n "__fish_elevate_using_subcommand demo" -l color -d 'When to use colours (text); NO_COLOR is honoured' -r -f -a "auto\t'On a terminal'
always\t'Always'
never\t'Never'"
complete -c elevate -n "__fish_elevate_using_subcommand demo" -l before -d 'Tell what changed since this plan (html; elevate diff tells it too)' -r -F
complete -c elevate -n "__fish_elevate_using_subcommand demo" -s o -l output -d 'Write to this file, whole or not at all' -r -F
complete -c elevate -n "__fish_elevate_using_subcommand demo" -l waivers -d 'Set findings aside as this file says (repeatable)' -r -F
complete -c elevate -n "__fish_elevate_using_subcommand demo" -l as-of -d 'Judge whether waivers have expired as of this day, not today' -r -f
complete -c elevate -n "__fish_elevate_using_subcommand demo" -l fail-on -d 'What to end with an exit code other than 0 for. Default: incomplete' -r -f -a "never\t'Nothing: always 0, unless the tool fails'
inhibitor\t'What forbids the upgrade: 2'
incomplete\t'That, and missing facts: 3'
high\t'That, and every finding of high severity: 2'
medium\t'That, and every finding of medium severity: 2'"
complete -c elevate -n "__fish_elevate_using_subcommand demo" -l full -d 'Tell everything, not only what fits a screen (text)'
complete -c elevate -n "__fish_elevate_using_subcommand demo" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c elevate -n "__fish_elevate_using_subcommand demo" -s V -l version -d 'Print version'
complete -c elevate -n "__fish_elevate_using_subcommand schema" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c elevate -n "__fish_elevate_using_subcommand schema" -s V -l version -d 'Print version'
complete -c elevate -n "__fish_elevate_using_subcommand completions" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c elevate -n "__fish_elevate_using_subcommand completions" -s V -l version -d 'Print version'
complete -c elevate -n "__fish_elevate_using_subcommand manual" -s o -l output -d 'Directory to write them to; it is made where it is not there' -r -F
complete -c elevate -n "__fish_elevate_using_subcommand manual" -s h -l help -d 'Print help'
complete -c elevate -n "__fish_elevate_using_subcommand manual" -s V -l version -d 'Print version'
complete -c elevate -n "__fish_elevate_using_subcommand help; and not __fish_seen_subcommand_from capture check plan report verify answer explain diff export snapshot graph run why actors pack data repo demo schema completions manual help" -f -a "capture" -d 'Take a snapshot of a host'
complete -c elevate -n "__fish_elevate_using_subcommand help; and not __fish_seen_subcommand_from capture check plan report verify answer explain diff export snapshot graph run why actors pack data repo demo schema completions manual help" -f -a "check" -d 'Take a snapshot of this machine and plan its upgrade'
complete -c elevate -n "__fish_elevate_using_subcommand help; and not __fish_seen_subcommand_from capture check plan report verify answer explain diff export snapshot graph run why actors pack data repo demo schema completions manual help" -f -a "plan" -d 'Plan the upgrade of a host'
complete -c elevate -n "__fish_elevate_using_subcommand help; and not __fish_seen_subcommand_from capture check plan report verify answer explain diff export snapshot graph run why actors pack data repo demo schema completions manual help" -f -a "report" -d 'Print a plan that was made before'
complete -c elevate -n "__fish_elevate_using_subcommand help; and not __fish_seen_subcommand_from capture check plan report verify answer explain diff export snapshot graph run why actors pack data repo demo schema completions manual help" -f -a "verify" -d 'Hold a plan against the host as it is after the upgrade'
complete -c elevate -n "__fish_elevate_using_subcommand help; and not __fish_seen_subcommand_from capture check plan report verify answer explain diff export snapshot graph run why actors pack data repo demo schema completions manual help" -f -a "answer" -d 'Answer questions in leapp\'s answer file'
complete -c elevate -n "__fish_elevate_using_subcommand help; and not __fish_seen_subcommand_from capture check plan report verify answer explain diff export snapshot graph run why actors pack data repo demo schema completions manual help" -f -a "explain" -d 'Explain a package, a finding or a repository of a plan'
complete -c elevate -n "__fish_elevate_using_subcommand help; and not __fish_seen_subcommand_from capture check plan report verify answer explain diff export snapshot graph run why actors pack data repo demo schema completions manual help" -f -a "diff" -d 'Say what is different between two plans, reports or snapshots, and why'
complete -c elevate -n "__fish_elevate_using_subcommand help; and not __fish_seen_subcommand_from capture check plan report verify answer explain diff export snapshot graph run why actors pack data repo demo schema completions manual help" -f -a "export" -d 'Make a plan into something others carry out'
complete -c elevate -n "__fish_elevate_using_subcommand help; and not __fish_seen_subcommand_from capture check plan report verify answer explain diff export snapshot graph run why actors pack data repo demo schema completions manual help" -f -a "snapshot" -d 'Look into snapshots'
complete -c elevate -n "__fish_elevate_using_subcommand help; and not __fish_seen_subcommand_from capture check plan report verify answer explain diff export snapshot graph run why actors pack data repo demo schema completions manual help" -f -a "graph" -d 'Show who needs whom among the packages of a host'
complete -c elevate -n "__fish_elevate_using_subcommand help; and not __fish_seen_subcommand_from capture check plan report verify answer explain diff export snapshot graph run why actors pack data repo demo schema completions manual help" -f -a "run" -d 'Carry a plan out'
complete -c elevate -n "__fish_elevate_using_subcommand help; and not __fish_seen_subcommand_from capture check plan report verify answer explain diff export snapshot graph run why actors pack data repo demo schema completions manual help" -f -a "why" -d 'Say why a package is on a host'
complete -c elevate -n "__fish_elevate_using_subcommand help; and not __fish_seen_subcommand_from capture check plan report verify answer explain diff export snapshot graph run why actors pack data repo demo schema completions manual help" -f -a "actors" -d 'Look at the rules that check a host'
complete -c elevate -n "__fish_elevate_using_subcommand help; and not __fish_seen_subcommand_from capture check plan report verify answer explain diff export snapshot graph run why actors pack data repo demo schema completions manual help" -f -a "pack" -d 'Work on packs of declared rules'
complete -c elevate -n "__fish_elevate_using_subcommand help; and not __fish_seen_subcommand_from capture check plan report verify answer explain diff export snapshot graph run why actors pack data repo demo schema completions manual help" -f -a "data" -d 'Work on upgrade data'
complete -c elevate -n "__fish_elevate_using_subcommand help; and not __fish_seen_subcommand_from capture check plan report verify answer explain diff export snapshot graph run why actors pack data repo demo schema completions manual help" -f -a "repo" -d 'Work on repositories to upgrade to'
complete -c elevate -n "__fish_elevate_using_subcommand help; and not __fish_seen_subcommand_from capture check plan report verify answer explain diff export snapshot graph run why actors pack data repo demo schema completions manual help" -f -a "demo" -d 'Plan the upgrade of an invented host with invented data, both built in'
complete -c elevate -n "__fish_elevate_using_subcommand help; and not __fish_seen_subcommand_from capture check plan report verify answer explain diff export snapshot graph run why actors pack data repo demo schema completions manual help" -f -a "schema" -d 'Print the JSON Schema of a format'
complete -c elevate -n "__fish_elevate_using_subcommand help; and not __fish_seen_subcommand_from capture check plan report verify answer explain diff export snapshot graph run why actors pack data repo demo schema completions manual help" -f -a "completions" -d 'Print what a shell needs to complete commands and options'
complete -c elevate -n "__fish_elevate_using_subcommand help; and not __fish_seen_subcommand_from capture check plan report verify answer explain diff export snapshot graph run why actors pack data repo demo schema completions manual help" -f -a "manual" -d 'Write the manual pages'
complete -c elevate -n "__fish_elevate_using_subcommand help; and not __fish_seen_subcommand_from capture check plan report verify answer explain diff export snapshot graph run why actors pack data repo demo schema completions manual help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c elevate -n "__fish_elevate_using_subcommand help; and __fish_seen_subcommand_from snapshot" -f -a "show" -d 'Show what a snapshot holds, what is absent and what could not be read'
complete -c elevate -n "__fish_elevate_using_subcommand help; and __fish_seen_subcommand_from snapshot" -f -a "check" -d 'Check that a snapshot can be read, and say what is missing of it'
complete -c elevate -n "__fish_elevate_using_subcommand help; and __fish_seen_subcommand_from snapshot" -f -a "upgrade" -d 'Write a snapshot in the newest version of the format'
complete -c elevate -n "__fish_elevate_using_subcommand help; and __fish_seen_subcommand_from actors" -f -a "list" -d 'List them'
complete -c elevate -n "__fish_elevate_using_subcommand help; and __fish_seen_subcommand_from actors" -f -a "show" -d 'Show what one of them does, why that matters and what to do'
complete -c elevate -n "__fish_elevate_using_subcommand help; and __fish_seen_subcommand_from actors" -f -a "lint" -d 'Tell what is wrong with what they say of themselves'
complete -c elevate -n "__fish_elevate_using_subcommand help; and __fish_seen_subcommand_from actors" -f -a "test" -d 'Run the tests of those that are data'
complete -c elevate -n "__fish_elevate_using_subcommand help; and __fish_seen_subcommand_from pack" -f -a "lint" -d 'Tell what is wrong with a pack'
complete -c elevate -n "__fish_elevate_using_subcommand help; and __fish_seen_subcommand_from pack" -f -a "test" -d 'Run the tests of a pack'
complete -c elevate -n "__fish_elevate_using_subcommand help; and __fish_seen_subcommand_from pack" -f -a "new" -d 'Begin a pack: a directory with a manifest, a rule and its tests'
complete -c elevate -n "__fish_elevate_using_subcommand help; and __fish_seen_subcommand_from pack" -f -a "functions" -d 'List what conditions of rules may ask'
complete -c elevate -n "__fish_elevate_using_subcommand help; and __fish_seen_subcommand_from data" -f -a "lint" -d 'Check a data directory for what would harm or puzzle hosts'
complete -c elevate -n "__fish_elevate_using_subcommand help; and __fish_seen_subcommand_from repo" -f -a "list" -d 'Show what definitions of repositories say'
complete -c elevate -n "__fish_elevate_using_subcommand help; and __fish_seen_subcommand_from repo" -f -a "fetch" -d 'Bring repositories into the cache'
complete -c elevate -n "__fish_elevate_using_subcommand help; and __fish_seen_subcommand_from repo" -f -a "check" -d 'Say what is in repositories and what is missing'
complete -c elevate -n "__fish_elevate_using_subcommand schema" -f -a "snapshot" -d 'A frozen host'
complete -c elevate -n "__fish_elevate_using_subcommand schema" -f -a "plan" -d 'A plan'
complete -c elevate -n "__fish_elevate_using_subcommand schema" -f -a "report" -d 'A report: the findings of a plan without its packages'
complete -c elevate -n "__fish_elevate_using_subcommand schema" -f -a "graph" -d 'An answer of `elevate graph` or `elevate why`'
complete -c elevate -n "__fish_elevate_using_subcommand schema" -f -a "pack" -d 'The manifest of a pack, pack.toml'
complete -c elevate -n "__fish_elevate_using_subcommand schema" -f -a "pack-rules" -d 'A file of rules of a pack'
complete -c elevate -n "__fish_elevate_using_subcommand schema" -f -a "waivers" -d 'A file of waivers'
complete -c elevate -n "__fish_elevate_using_subcommand schema" -f -a "diff" -d 'What is different between two plans or reports'
complete -c elevate -n "__fish_elevate_using_subcommand schema" -f -a "snapshot-diff" -d 'What is different between two snapshots'
complete -c elevate -n "__fish_elevate_using_subcommand schema" -f -a "explanation" -d 'What a plan says of some of its parts'
complete -c elevate -n "__fish_elevate_using_subcommand schema" -f -a "journal" -d 'A line of the journal of a run'
complete -c elevate -n "__fish_elevate_using_subcommand schema" -f -a "run-event" -d 'A line that `elevate run --json-events` prints'
complete -c elevate -n "__fish_elevate_using_subcommand schema" -f -a "verification" -d 'A plan held against the host after the upgrade'
complete -c elevate -n "__fish_elevate_using_subcommand schema" -f -a "air-gap" -d 'What has to be carried to a host without a network'
complete -c elevate -n "__fish_elevate_using_subcommand completions" -f -a "bash" -d 'bash, with the package bash-completion or without'
complete -c elevate -n "__fish_elevate_using_subcommand completions" -f -a "zsh" -d 'zsh'
complete -c elevate -n "__fish_elevate_using_subcommand completions" -f -a "fish" -d 'fish'
