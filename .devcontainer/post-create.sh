#!/usr/bin/env bash
# Prepares a new container. Without arguments it takes all steps in this order; with arguments, only the steps named:
#   post-create.sh [jupyter] [interactive] [build] [kernel] [check]
# A front end that cannot be installed is a warning; a build, a kernel or a check that fails is an error.
set -uo pipefail
cd "$(dirname "$0")/.."
configuration=${CONFIGURATION:-Release}

warn() { echo "WARNING: $*" >&2; }
fail() { echo "ERROR: $*" >&2; exit 1; }
as_root() { if [ "$(id -u)" -eq 0 ]; then "$@"; else sudo "$@"; fi; }
host() { dotnet run -c "$configuration" --no-build --project src/NotebookHost -- "$@"; }

# The image has Jupyter; this serves a plain Debian or Ubuntu.
step_jupyter() {
  command -v jupyter >/dev/null && return
  { as_root apt-get update -qq && as_root apt-get install -y -qq --no-install-recommends jupyter-notebook jupyter-client
  } >/dev/null || warn "Jupyter could not be installed; the notebooks still run in VS Code and by NotebookHost."
}

step_interactive() {
  if ! command -v dotnet-interactive >/dev/null; then
    dotnet tool install --global Microsoft.dotnet-interactive --version 1.0.712001 >/dev/null || {
      warn "the .NET Interactive tool could not be installed; the course's own kernel does without it."
      return
    }
    export PATH="$PATH:$HOME/.dotnet/tools"
  fi
  command -v jupyter >/dev/null || return 0
  dotnet-interactive jupyter install >/dev/null || warn "the .NET Interactive kernel could not be registered in Jupyter."
}

step_build() { dotnet build -c "$configuration" -v q || fail "the build failed."; }

step_kernel() { host kernel install --user || fail "the course's kernel could not be installed."; }

step_check() {
  host doctor || fail "the course cannot run here."
  host run notebooks/00-start-here.ipynb --check || fail "notebook 00 does not give its committed outputs."
  if command -v jupyter-kernelspec >/dev/null; then
    jupyter-kernelspec list | grep -w notebooksupport || fail "Jupyter does not list the course's kernel."
  fi
  echo "Ready: open notebooks/00-start-here.ipynb."
}

[ $# -gt 0 ] || set -- jupyter interactive build kernel check
for step in "$@"; do
  declare -F "step_$step" >/dev/null || fail "there is no step '$step'."
  "step_$step"
done
