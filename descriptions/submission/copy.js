// Copies files out of folders that their owner may change meanwhile: no link is followed, so nothing else of this pod is reached.
const { createHash } = require('node:crypto');
const {
  closeSync,
  constants,
  fstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readSync,
  unlinkSync,
  writeSync,
} = require('node:fs');

const { O_RDONLY, O_WRONLY, O_CREAT, O_EXCL, O_DIRECTORY, O_NOFOLLOW, O_NONBLOCK } = constants;
const PIECE = 1024 * 1024;

/** A name inside an open folder, whatever has become of that folder's own name. */
const inside = (folder, name) => `/proc/self/fd/${folder}/${name}`;

function openFolder(path) {
  return openSync(path, O_RDONLY | O_DIRECTORY);
}

/** One step at a time. Throws where a step is missing, or is a link. */
function descend(folder, steps) {
  let at = folder;
  for (const step of steps) at = openSync(inside(at, step), O_RDONLY | O_DIRECTORY | O_NOFOLLOW);
  return at;
}

/** The same, making what is missing. */
function makeFolders(folder, steps, mode = 0o755) {
  let at = folder;
  for (const step of steps) {
    try {
      mkdirSync(inside(at, step), mode);
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
    }
    at = descend(at, [step]);
  }
  return at;
}

/**
 * Copies the file or folder `name`, regular files only, in the order of their names. Answers `{path, bytes, sha256, sha1}` of each.
 * `left.bytes` and `left.files` (folders count as well) are what may still come; more is an error.
 */
function copy(from, name, to, { left, mode = 0o644 }, prefix = name) {
  const source = openSync(inside(from, name), O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
  try {
    left.files -= 1;
    if (left.files < 0) throw new Error('these are more files than are allowed');
    const found = fstatSync(source);
    if (found.isFile()) return [{ path: prefix, ...copyFile(source, inside(to, name), { left, mode }) }];
    if (!found.isDirectory()) return [];
    const target = makeFolders(to, [name]);
    const names = readdirSync(inside(source, '.')).toSorted();
    const copied = names.flatMap((each) => copyUnlessLink(source, each, target, { left, mode }, `${prefix}/${each}`));
    closeSync(target);
    return copied;
  } finally {
    closeSync(source);
  }
}

function copyUnlessLink(from, name, to, options, prefix) {
  try {
    return copy(from, name, to, options, prefix);
  } catch (error) {
    if (error.code !== 'ELOOP' && error.code !== 'ENXIO') throw error;
    console.log(`${prefix} is a link or a socket, and is left out`);
    return [];
  }
}

function copyFile(source, path, { left, mode }) {
  const target = createFile(path, mode);
  const [sha256, sha1] = [createHash('sha256'), createHash('sha1')];
  const buffer = Buffer.alloc(PIECE);
  let bytes = 0;
  for (let read = readSync(source, buffer); read > 0; read = readSync(source, buffer)) {
    left.bytes -= read;
    if (left.bytes < 0) throw new Error('this is larger than is allowed');
    const piece = buffer.subarray(0, read);
    for (let written = 0; written < read;) written += writeSync(target, piece, written);
    sha256.update(piece);
    sha1.update(piece);
    bytes += read;
  }
  closeSync(target);
  return { bytes, sha256: sha256.digest('hex'), sha1: sha1.digest('hex') };
}

/** What has this name already goes, be it a link; what a link leads to is not touched. */
function createFile(path, mode) {
  try {
    return openSync(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, mode);
  } catch (error) {
    if (error.code !== 'EEXIST') throw error;
    unlinkSync(path);
    return openSync(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, mode);
  }
}

module.exports = { openFolder, descend, makeFolders, copy };
