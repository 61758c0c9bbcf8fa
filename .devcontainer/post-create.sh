#!/usr/bin/env bash
# Prepares a new container: the front ends where they can be had, then the build, then a self-check.
# A front end that cannot be installed is a warning; a build or a check that fails is an error.
set -uo pipefail
cd "$(dirname "$0")/.."

warn() { echo "WARNING: $*" >&2; }
fail() { echo "ERROR: $*" >&2; exit 1; }
as_root() { if [ "$(id -u)" -eq 0 ]; then "$@"; else sudo "$@"; fi; }

if ! command -v jupyter >/dev/null; then
  { as_root apt-get update -qq && as_root apt-get install -y -qq --no-install-recommends jupyter-notebook; } >/dev/null ||
    warn "Jupyter could not be installed; the notebooks still run in VS Code and by NotebookHost."
fi
if ! command -v dotnet-interactive >/dev/null; then
  dotnet tool install --global Microsoft.dotnet-interactive --version 1.0.712001 >/dev/null ||
    warn "the .NET Interactive tool could not be installed; the notebooks still run by NotebookHost."
fi
if command -v jupyter >/dev/null && command -v dotnet-interactive >/dev/null; then
  dotnet-interactive jupyter install >/dev/null || warn "the .NET Interactive kernel could not be registered in Jupyter."
fi

dotnet build -c Release -v q || fail "the build failed."
dotnet run -c Release --no-build --project src/NotebookHost -- run notebooks/00-start-here.ipynb --check ||
  fail "the self-check failed: notebook 00 does not give its committed outputs."
echo "Ready: open notebooks/00-start-here.ipynb."
