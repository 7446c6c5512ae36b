// All that a file system keeps of a folder, so that two of them can be compared; by Python, which reads extended attributes.
import { execFileSync } from 'node:child_process';

const LOOK = `
import hashlib, json, os, stat, sys
root = os.fsencode(sys.argv[1])
found, first = {}, {}
for folder, folders, files in os.walk(root):
    for name in [b'.'] + sorted(folders + files):
        path = os.path.join(folder, name)
        seen = os.lstat(path)
        if stat.S_ISSOCK(seen.st_mode): continue
        kind = stat.S_IFMT(seen.st_mode)
        entry = {'mode': seen.st_mode, 'owner': [seen.st_uid, seen.st_gid]}
        if kind == stat.S_IFREG:
            with open(path, 'rb') as file: entry['sha256'] = hashlib.sha256(file.read()).hexdigest()
            entry['mtime'] = seen.st_mtime_ns // 1000
            entry['isSparse'] = seen.st_blocks * 512 < seen.st_size
            entry['sameAs'] = first.setdefault(seen.st_ino, os.path.relpath(path, root).decode('latin1'))
        if kind == stat.S_IFLNK: entry['link'] = os.fsdecode(os.readlink(path))
        else: entry['attributes'] = {key: os.getxattr(path, key).hex() for key in os.listxattr(path) if key.startswith('user.')} if kind in (stat.S_IFREG, stat.S_IFDIR) else {}
        found[os.path.relpath(path, root).decode('latin1')] = entry
print(json.dumps(found))
`;

export type Tree = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

export function treeOf(folder: string): Tree {
  const text = execFileSync('python3', ['-c', LOOK, folder], { encoding: 'utf8', maxBuffer: 1e9 });
  return JSON.parse(text) as Tree;
}

const MAKE = `
import os, socket, sys
os.chdir(sys.argv[1])
def write(path, data=b'x', mode=0o644, owner=(0, 0)):
    with open(path, 'wb') as file: file.write(data)
    os.chown(path, *owner); os.chmod(path, mode)
os.makedirs('a/b/c'); os.mkdir('empty')
write('.dotfile', b'hidden'); os.mkdir('.git'); write('.git/config', b'[core]')
write('a/b/c/deep.txt', b'deep', 0o600, (1000, 100))
write('script', b'#!/bin/sh', 0o4755); os.chmod('a/b', 0o2750); os.chown('a/b', 1000, 100)
write(b'not-utf8-\\xe9\\xff', b'bytes'); write('with [a]*?{b} and \\\\ and " and new\\nline', b'odd'); write('ünïcode ☃', b'snow')
os.symlink('.dotfile', 'link'); os.symlink('/nowhere/at/all', 'dangling'); os.link('a/b/c/deep.txt', 'hardlink')
os.mkfifo('pipe'); socket.socket(socket.AF_UNIX).bind('socket')
write('empty-file', b'')
with open('sparse', 'wb') as file: file.truncate(64 << 20); file.seek(32 << 20); file.write(b'island')
write('random', os.urandom(3_000_000))
os.setxattr('random', 'user.note', b'kept'); os.setxattr('a', 'user.folder', b'kept too')
os.utime('random', ns=(1, 1_234_567_890_123_456_789)); os.utime('a/b', (1, 1000000000))
os.chmod('.', 0o750); os.chown('.', 1000, 100)
`;

/** One of everything that a home may hold. */
export function makeHome(folder: string): void {
  execFileSync('python3', ['-c', MAKE, folder]);
}
