// The script of the init container, for any POSIX sh (busybox). It is fixed text: whatever differs comes in variables.
// Kubernetes expands `$(NAME)` and `$$` in commands before sh sees them, so neither may occur.

/**
 * - HOMES, HOME_GROUP, HOME_USER: the home is `$HOMES/$HOME_GROUP/$HOME_USER`
 * - ATTEMPT: unique for the pod
 * - SKELETON: folder to copy; SKELETON_LINKS: `-P` keeps links, `-L` follows them (a ConfigMap consists of links)
 * - IGNORE: globs to leave out, one per line
 * - OWNER: `uid:gid`, empty if the script runs as the owner
 */
export const HOME_SCRIPT = `set -eu
umask 022
group="$HOMES/$HOME_GROUP"
home="$group/$HOME_USER"
attempt=".$HOME_USER.$ATTEMPT.tmp"
new="$group/$attempt"
if [ -e "$home" ] || [ -L "$home" ]; then exit 0; fi
if ! mkdir -p "$group" || [ ! -w "$group" ]; then
  echo "The volume of the homes is not writable: give the pod an fsGroup, or set userhomes.initContainer.runAsRoot." >&2
  exit 1
fi
find "$group" -mindepth 1 -maxdepth 1 -name '.[-0-9]*.tmp' -mmin +60 -exec rm -rf {} +
rm -rf "$new"
mkdir -m 700 "$new"
if [ -d "$SKELETON" ]; then
  cp -R "$SKELETON_LINKS" "$SKELETON/." "$new/"
  chmod 755 "$new"
  rm -rf "$new"/..?*
  printf '%s\\n' "$IGNORE" | while IFS= read -r glob; do
    if [ -n "$glob" ]; then find "$new" -mindepth 1 -name "$glob" -prune -exec rm -rf {} +; fi
  done
fi
if [ -n "$OWNER" ]; then chown -Rh "$OWNER" "$new"; fi
if [ -e "$home" ]; then rm -rf "$new"; exit 0; fi
mv "$new" "$home"
# mv moves into a folder that appeared meanwhile: theirs stays, ours goes.
rm -rf "$home/$attempt"
`;
