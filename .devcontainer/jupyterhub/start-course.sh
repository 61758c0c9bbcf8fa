#!/usr/bin/env bash
# Starts a student's notebook server. The notebooks are copied into the home folder, where the student may change them;
# a copy that is there already stays as it is. The solutions come with COURSE_SOLUTIONS=yes only: their notebooks would be graded
# beside the student's own. Arguments go to the server.
set -euo pipefail
course=$(cd "$(dirname "$0")/../.." && pwd)
mine="$HOME/course"

mkdir -p "$mine"
without=(--exclude=notebooks/solutions)
[ "${COURSE_SOLUTIONS:-}" = yes ] && without=()
tar -C "$course" "${without[@]}" -c notebooks | tar -C "$mine" -x --skip-old-files --no-same-owner
ln -sfn "$course/src" "$mine/src"
exec jupyterhub-singleuser --notebook-dir="$mine/notebooks" "$@"
