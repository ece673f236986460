# shellcheck shell=sh
# What demo, test, check and environment share; they source this file from the project's root.
#
#   prepare_environment KIND   make or renew the virtual environment of that kind, and set $python
#                              (KIND: runtime, dev, or whoosh-reloaded, which is dev with the other
#                              Whoosh, in its own virtual environment)
#   prepare_browser            have a Chromium for the tests where one can be had
#   prepare_postgresql         have a PostgreSQL for the tests where one can be had
#   prepare_opensearch         have an OpenSearch for the tests where one can be had
#   prepare_node               have a Node.js for the tests where one can be had
#   prepare_nginx              have an nginx for the tests where one can be had
#   prepare_wordpress          have a WordPress, with MariaDB and PHP, where one can be had
#   lock, unlock               do what is between them in one run at a time
#
# Libraries come from the hash-locked files in requirements/ alone. Missing system packages are
# installed by apt where this user may, and otherwise named. Everything is said on standard error.
# An installation that was interrupted is made anew by the next run; of two runs at the same time,
# one installs and the other waits for it.
#
# POSIX sh, for at the start there may be nothing else. Not knowing: what the project does.

log=var/environment.log
python=
base_python=
child=

say() { printf '%s\n' "$@" >&2; }

have() { command -v "$1" >/dev/null 2>&1; }

stop() {
    trap '' INT TERM HUP
    if [ -n "$child" ]; then
        # The whole group where the child leads one (see `grouped`), so that no compiler lives on.
        kill -s TERM -- "-$child" 2>/dev/null || kill -s TERM "$child" 2>/dev/null
        wait "$child" 2>/dev/null
    fi
    exit "$1"
}

trap 'stop 130' INT
trap 'stop 143' TERM
trap 'stop 129' HUP

# A shell attends to signals while it waits for a child in the background, not for one in front.
supervise() {
    "$@" &
    child=$!
    outcome=0
    wait "$child" || outcome=$?
    child=
    return "$outcome"
}

# Run a command as the leader of its own process group, which `stop` can end as a whole.
grouped() {
    set -- "${base_python:-$python}" -c \
        'import os, sys; os.setpgid(0, 0); os.execvp(sys.argv[1], sys.argv[1:])' "$@"
    exec "$@"
}

# tick: every second, how long it takes and the last line of the log; every 15 without a terminal.
tick() {
    seconds=0
    while sleep 1 && kill -0 $$ 2>/dev/null; do
        seconds=$((seconds + 1))
        line=$(tail -n 1 "$log" | tr -cd '[:print:]' | cut -c 1-60)
        if [ -t 2 ]; then
            printf '\r\033[K  %3d s  %s' "$seconds" "$line" >&2
        elif [ $((seconds % 15)) -eq 0 ]; then
            printf '  %3d s  %s\n' "$seconds" "$line" >&2
        fi
    done
}

# logged LABEL COMMAND…: run a command with its output in the log, showing that it is alive.
logged() {
    say "▸ $1"
    shift
    printf '\n$ %s\n' "$*" >>"$log"
    tick 9>&- & # its last sleep must not keep the lock
    ticker=$!
    result=0
    supervise "$@" >>"$log" 2>&1 </dev/null || result=$?
    kill "$ticker" 2>/dev/null
    wait "$ticker" 2>/dev/null
    if [ -t 2 ]; then printf '\r\033[K' >&2; fi
    return "$result"
}

# installed or die: as `logged`, but its failure ends the run with the end of the log.
installed() {
    logged "$@" && return
    tail -n 30 "$log" >&2
    say "" "Không xong: $1. Nhật ký đầy đủ: $log" \
        "Failed; the full log is in $log. Is the network there? Then start again."
    exit 1
}

# ---- system packages ---------------------------------------------------------------------------

# Set $base_python to a Python the lock files are made for; PYTHON may name it.
find_base_python() {
    for base_python in ${PYTHON:+"$PYTHON"} \
        python3 python3.14 python3.13 python3.12 python3.11 python3.10; do
        if "$base_python" -c '
import sys
sys.exit(not (3, 10) <= sys.version_info < (3, 15))' 2>/dev/null; then
            return 0
        fi
    done
    base_python=
    return 1
}

# Print the Debian names of what is missing to make a virtual environment and to compile PyICU.
missing_packages() {
    if [ -z "$base_python" ]; then
        printf '%s ' python3 python3-venv python3-dev
    else
        name=$(basename "$base_python")
        "$base_python" -c 'import ensurepip, venv' 2>/dev/null || printf '%s ' "$name-venv"
        "$base_python" -c '
import os, sys, sysconfig
sys.exit(not os.path.exists(os.path.join(sysconfig.get_path("include"), "Python.h")))
' 2>/dev/null || printf '%s ' "$name-dev"
    fi
    { have cc && have c++; } || printf '%s ' g++
    { have pkg-config && pkg-config --exists icu-i18n; } || printf '%s ' pkg-config libicu-dev
}

may_install() {
    have apt-get && { [ "$(id -u)" -eq 0 ] || { have sudo && sudo -n true 2>/dev/null; }; }
}

# Install Debian packages as root, or by a sudo that asks nothing.
apt_install() {
    # A list that cannot be fetched need not matter; what an interrupted run left half done does.
    # shellcheck disable=SC2016 # the inner shell expands it
    set -- sh -c '
        export LC_ALL=C DEBIAN_FRONTEND=noninteractive
        install() {
            apt-get -o DPkg::Lock::Timeout=600 install -y --no-install-recommends "$@"
        }
        apt-get update
        install "$@" || { dpkg --configure -a && install "$@"; }' apt "$@"
    if [ "$(id -u)" -eq 0 ]; then exec setsid "$@"; else exec sudo -n "$@"; fi
}

name_packages() {
    if have sudo; then
        debian="sudo apt-get install -y $1"
    else
        debian="su -c 'apt-get update && apt-get install -y $1'"
    fi
    say "Máy còn thiếu: $1" \
        "Hãy chạy một lệnh sau, một lần, rồi gọi lại." \
        "System packages are missing. Run the one line for your system, once, then start again:" \
        "" \
        "  Debian, Ubuntu   $debian" \
        "  Fedora           sudo dnf install -y python3-devel gcc-c++ pkgconf-pkg-config libicu-devel" \
        "  Arch             sudo pacman -S --needed python gcc pkgconf icu" \
        "  macOS            brew install python pkgconf icu4c   (after: xcode-select --install)"
    exit 1
}

require_system_packages() {
    if have brew && icu=$(brew --prefix icu4c 2>/dev/null); then
        # Homebrew keeps its ICU where pkg-config does not look.
        export PKG_CONFIG_PATH="$icu/lib/pkgconfig${PKG_CONFIG_PATH:+:$PKG_CONFIG_PATH}"
    fi
    find_base_python
    missing=$(missing_packages)
    missing=${missing% }
    [ -n "$missing" ] || return 0
    may_install || name_packages "$missing"
    # One word a package: the list is split on purpose.
    # shellcheck disable=SC2086
    installed "Cài gói hệ thống · Installing system packages: $missing" apt_install $missing
    if ! find_base_python; then
        say "Tìm Báo cần Python 3.10–3.14, hệ điều hành này không có." \
            "Python 3.10 to 3.14 is needed and this system has none. Install one by hand and name it:" \
            "  PYTHON=/path/to/python3.12 $0"
        exit 1
    fi
    still_missing=$(missing_packages)
    [ -z "$still_missing" ] || name_packages "${still_missing% }"
}

# ---- the virtual environment -------------------------------------------------------------------

# Print what the environment must have been made from: the lock files and the Python it runs.
fingerprint() {
    cat requirements/build.txt "$@" | cksum
    # PyICU stops loading when the system replaces its Python or its ICU.
    "$python" -c 'import sys, icu; print(sys.version_info[:2])' 2>/dev/null
}

current() {
    [ "$(cat "$venv/made-from-$1" 2>/dev/null)" = "$(fingerprint "requirements/$1.txt")" ]
}

record() {
    fingerprint "requirements/$1.txt" >"$venv/made-from-$1.new"
    mv "$venv/made-from-$1.new" "$venv/made-from-$1"
}

prepare_environment() {
    kind=$1
    venv=.venv
    [ "$kind" != whoosh-reloaded ] || venv=var/venv-whoosh-reloaded
    python=$PWD/$venv/bin/python
    current "$kind" && compiled && return
    lock
    if ! current "$kind"; then
        : >"$log"
        require_system_packages
        install_libraries "$kind"
    fi
    compiled || compile_parts
    unlock
}

# The lock belongs to the open file, hence to this shell, also when the command that took it ends.
lock() {
    mkdir -p var
    : >>"$log"
    exec 9>var/environment.lock
    if have flock; then
        flock -n 9 && return
        set -- flock 9
    elif find_base_python; then
        set -- "$base_python" -c 'import fcntl; fcntl.flock(9, fcntl.LOCK_EX)'
    else
        return 0 # neither: nothing can be installed here, as `require_system_packages` will say
    fi
    say "▸ Chờ lần chạy khác xong việc này · Waiting for another run to finish this"
    supervise "$@"
}

unlock() {
    exec 9>&-
}

# PyICU's compilation is most of the wait. -O1 -g0 takes two thirds of the time of the usual -O2 -g
# (g++ 12: 5.1 s of CPU for 8.2 s on two of its 32 files), and its code only hands on to ICU.
pip_install() {
    export CFLAGS="${CFLAGS--O1 -g0}"
    grouped "$python" -m pip --disable-pip-version-check --no-input install --progress-bar off \
        --no-warn-script-location --require-hashes --no-build-isolation "$@"
}

install_libraries() {
    if [ -e "$venv/unfinished" ] || ! "$python" -m pip --version >/dev/null 2>&1; then
        installed "Tạo môi trường Python · Creating the Python environment: $venv" \
            grouped "$base_python" -m venv --clear "$venv"
    fi
    : >"$venv/unfinished"
    rm -f "$venv"/made-from-*
    installed "Cài công cụ cài đặt · Installing pip and setuptools" \
        pip_install -r requirements/build.txt
    case $1 in
    runtime) libraries=requirements/runtime.txt ;;
    *) libraries=requirements/dev.txt ;;
    esac
    installed "Cài thư viện; lần đầu phải biên dịch PyICU, mất vài phút · Installing libraries" \
        pip_install -r "$libraries"
    if [ "$1" = whoosh-reloaded ]; then
        installed "Thay whoosh3 bằng whoosh-reloaded · Replacing whoosh3 by whoosh-reloaded" \
            replace_whoosh
    fi
    pyicu_loads || installed "Biên dịch lại PyICU · Compiling PyICU for the ICU of this system" \
        rebuild_pyicu "$libraries"
    record "$1"
    # The libraries of dev contain those of runtime.
    [ "$1" != dev ] || record runtime
    rm "$venv/unfinished"
}

# ---- the compiled parts of the project ---------------------------------------------------------

# Print what they must have been made from and by, and what was made: one list for each Python.
parts_fingerprint() {
    find index search '(' -name '*.pyx' -o -name '*.h' ')' -exec cksum setup.py {} + | sort
    "$python" -c 'import sys; print(sys.version_info[:2])'
    "${CC:-cc}" --version 2>/dev/null | head -n 1
    find index search -name 'compiled*.so' | sort
}

compiled() {
    [ ! -e setup.py ] || [ "$(cat var/parts-made-from 2>/dev/null)" = "$(parts_fingerprint)" ]
}

# They are optional, so a failure is only said; it is tried again when something has changed.
compile_parts() {
    logged "Biên dịch các vòng lặp chính · Compiling the inner loops" build_parts ||
        say "Không biên dịch được: mọi thứ vẫn chạy, chỉ chậm hơn (xem $log)." \
            "They could not be compiled: everything works, only slower (see $log)."
    made_from=$(parts_fingerprint)
    printf '%s\n' "$made_from" >var/parts-made-from.new &&
        mv var/parts-made-from.new var/parts-made-from
}

build_parts() {
    grouped "$python" scripts/install/compile_parts.py
}

replace_whoosh() {
    "$python" -m pip uninstall -y whoosh3 &&
        pip_install -r requirements/whoosh-reloaded.txt
}

pyicu_loads() {
    "$python" -c 'import icu' 2>>"$log"
}

# pip's cache may hold a PyICU compiled against an ICU that this system had before.
rebuild_pyicu() {
    awk '/^pyicu==/ { found = 1 } found { print; if (!/\\$/) exit }' "$1" >"$venv/pyicu.txt"
    (pip_install --no-cache-dir --force-reinstall --no-deps -r "$venv/pyicu.txt") && pyicu_loads
}

# ---- the browser of the tests ------------------------------------------------------------------

chromium_starts() {
    for chromium in ${CHROMIUM:+"$CHROMIUM"} \
        chromium chromium-browser google-chrome google-chrome-stable; do
        "$chromium" --version >/dev/null 2>&1 && return
    done
    "$python" -c '
import pathlib, sys
from playwright.sync_api import sync_playwright
with sync_playwright() as playwright:
    sys.exit(not pathlib.Path(playwright.chromium.executable_path).exists())' 2>/dev/null
}

# Debian packages Chromium; Ubuntu's package is a door to a snap, so there Playwright fetches one.
get_chromium() {
    if may_install && apt-cache show chromium 2>/dev/null | grep -q '^Package: chromium$'; then
        apt_install chromium fonts-dejavu-core
    elif may_install; then
        grouped "$python" -m playwright install --with-deps chromium
    else
        grouped "$python" -m playwright install chromium
    fi
}

prepare_browser() {
    chromium_starts && return
    lock
    if ! chromium_starts; then
        logged "Cài Chromium để thử trang web · Installing Chromium for the browser tests" \
            get_chromium
        chromium_starts || say \
            "Không cài được Chromium: các bài thử bằng trình duyệt sẽ bị bỏ qua." \
            "No Chromium could be installed (see $log): the browser tests are skipped."
    fi
    unlock
}

# ---- the database of the tests -----------------------------------------------------------------

postgresql_is_there() {
    have initdb && have postgres && return
    for initdb in /usr/lib/postgresql/*/bin/initdb; do
        [ -x "$initdb" ] && return
    done
    return 1
}

prepare_postgresql() {
    postgresql_is_there && return
    lock
    if ! postgresql_is_there; then
        if may_install; then
            logged "Cài PostgreSQL để thử nguồn SQL · Installing PostgreSQL for the tests of databases" \
                apt_install postgresql
        fi
        postgresql_is_there || say \
            "Không có PostgreSQL: các bài thử với nó sẽ bị bỏ qua." \
            "No PostgreSQL could be installed (see $log): the tests that need it are skipped."
    fi
    unlock
}

# ---- the cluster of the tests ------------------------------------------------------------------

opensearch_cache=${XDG_CACHE_HOME:-$HOME/.cache}/timbao/opensearch

# Set $java_home to a JDK 21 or newer; JAVA_HOME may name it.
find_java() {
    on_path=$(command -v javac) && on_path=$(dirname "$(dirname "$(readlink -f "$on_path")")")
    for java_home in ${JAVA_HOME:+"$JAVA_HOME"} ${on_path:+"$on_path"} /usr/lib/jvm/*; do
        version=$("$java_home/bin/javac" -version 2>&1 | sed -n 's/^javac \([0-9]*\).*/\1/p')
        [ "${version:-0}" -lt 21 ] || return 0
    done
    java_home=
    return 1
}

opensearch_fingerprint() { cat scripts/install/opensearch/pom.xml scripts/install/opensearch/*.java | cksum; }

opensearch_is_there() {
    [ "$(cat "$opensearch_cache/made-from" 2>/dev/null)" = "$(opensearch_fingerprint)" ] &&
        [ -x "$(cat "$opensearch_cache/java" 2>/dev/null)" ]
}

install_java() {
    for package in openjdk-25-jdk-headless openjdk-21-jdk-headless; do
        apt-cache show "$package" >/dev/null 2>&1 || continue
        apt_install "$package" maven
    done
    return 1
}

fetch_opensearch() {
    rm -rf "$opensearch_cache" && mkdir -p "$opensearch_cache" &&
        JAVA_HOME=$java_home mvn -B -q -f scripts/install/opensearch/pom.xml \
            dependency:copy-dependencies -DincludeScope=runtime \
            -DoutputDirectory="$opensearch_cache/jars" &&
        "$java_home/bin/javac" -cp "$opensearch_cache/jars/*" -d "$opensearch_cache/classes" \
            scripts/install/opensearch/ClusterNode.java &&
        printf '%s\n' "$java_home/bin/java" >"$opensearch_cache/java" &&
        opensearch_fingerprint >"$opensearch_cache/made-from"
}

prepare_opensearch() {
    opensearch_is_there && return
    lock
    if ! opensearch_is_there; then
        if may_install && ! { find_java && have mvn; }; then
            if find_java; then
                logged "Cài Maven · Installing Maven" apt_install maven
            else
                logged "Cài JDK và Maven · Installing a JDK and Maven" install_java
            fi
        fi
        if find_java && have mvn; then
            logged "Tải OpenSearch từ Maven Central · Fetching OpenSearch" fetch_opensearch
        fi
        opensearch_is_there || say \
            "Không có OpenSearch (cần JDK 21 trở lên và Maven): các bài thử với nó sẽ bị bỏ qua." \
            "No OpenSearch could be had (see $log; it needs a JDK 21 or newer, which JAVA_HOME may" \
            "name, and Maven): the tests that need it are skipped."
    fi
    unlock
}

# Vite needs a Node of these versions.
node_is_there() {
    have npx && node -e '
const [major, minor] = process.versions.node.split(".").map(Number);
process.exit(major > 20 || (major === 20 && minor >= 19) ? 0 : 1);' 2>/dev/null
}

prepare_node() {
    node_is_there && return
    lock
    if ! node_is_there; then
        if may_install; then
            logged "Cài Node.js để thử gói npm · Installing Node.js for the tests of the npm package" \
                apt_install nodejs npm
        fi
        node_is_there || say \
            "Không có Node.js từ 20.19: các bài thử với nó sẽ bị bỏ qua." \
            "No Node.js of 20.19 or newer could be installed (see $log): the tests that need it are" \
            "skipped. Install one from nodejs.org to run them."
    fi
    unlock
}

nginx_is_there() { have nginx || [ -x /usr/sbin/nginx ]; }

prepare_nginx() {
    nginx_is_there && return
    lock
    if ! nginx_is_there; then
        if may_install; then
            logged "Cài nginx để thử cách triển khai · Installing nginx for the tests of deployment" \
                apt_install nginx
        fi
        nginx_is_there || say \
            "Không có nginx: bài thử với nó sẽ bị bỏ qua." \
            "No nginx could be installed (see $log): the test that needs it is skipped."
    fi
    unlock
}

wordpress_is_there() {
    [ -f /usr/share/wordpress/wp-settings.php ] && have php &&
        { have mariadbd || [ -x /usr/sbin/mariadbd ]; }
}

# The packages only: tests run both in a folder and at a port of their own.
prepare_wordpress() {
    wordpress_is_there && return
    lock
    if ! wordpress_is_there; then
        if may_install && apt-cache show wordpress >/dev/null 2>&1; then
            logged "Cài WordPress để thử phần cắm thêm · Installing WordPress for the tests of the plugin" \
                apt_install wordpress mariadb-server php-cli php-mysql curl
        fi
        wordpress_is_there || say \
            "Không có WordPress: các bài thử với nó sẽ bị bỏ qua." \
            "No WordPress could be installed (see $log): the tests that need it are skipped."
    fi
    unlock
}
