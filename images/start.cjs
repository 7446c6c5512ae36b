// Starts the function beside it, with V8's compiled code from the image build where that fits; where it does not, only slower.
const { readFileSync, writeFileSync } = require('node:fs');
const { createRequire } = require('node:module');
const path = require('node:path');
const { setFlagsFromString } = require('node:v8');
const { Script } = require('node:vm');

/** Given in the image build: what was compiled until the process ends is written beside its source. */
const KEEP_CODE = '--keep-code';
const scripts = new Map();
/** By then a function has started, and has loaded what its first caller needs. */
const STARTED_MS = 1_000;

/** V8 compares the length of the source, its own version and its flags, and refuses what does not belong together. */
function compile(file) {
  // The function is wrapped as CommonJS does it; the first line stays the first, so that traces name the right one.
  const source = `(function (exports, require, module, __filename, __dirname) {${readFileSync(file, 'utf8')}\n})`;
  return new Script(source, { filename: placeOf(file), cachedData: codeOf(file) });
}

/** In the image, wherever it is made: compiled code keeps the name, and traces tell it. */
function placeOf(file) {
  return path.join('/function', path.relative(__dirname, file));
}

function codeOf(file) {
  try {
    return readFileSync(`${file}.code`);
  } catch {
    return undefined;
  }
}

function load(file) {
  const script = compile(file);
  scripts.set(file, script);
  const module = { exports: {} };
  script.runInThisContext()(module.exports, requireFrom(file), module, file, path.dirname(file));
  return module.exports;
}

/** Packages that a bundle needs only sometimes are files of the image, too (`lazyPackages` in build.mjs). */
function requireFrom(file) {
  const packages = new Map();
  const native = createRequire(file);
  return (name) => {
    if (!name.startsWith('./packages/')) return native(name);
    if (!packages.has(name)) packages.set(name, load(path.join(path.dirname(file), name)));
    return packages.get(name);
  };
}

/**
 * Under full load V8 would let its nursery grow to 48 MiB, although what a request makes dies young: nothing is faster for it.
 * As an option of node it would cost each start 20 ms, because Node's own compiled code is refused under other flags.
 */
function keepNurserySmall() {
  setFlagsFromString('--semi-space-growth-factor=1');
}

/**
 * What is kept is what ran, the same in every build: nothing that the garbage collector has thrown away by then, and no mark of what
 * ran so often that V8 began to make it faster.
 */
const BY_CHANCE = ['flush-bytecode', 'opt', 'use-osr', 'sparkplug'];

if (process.argv.includes(KEEP_CODE)) {
  for (const flag of BY_CHANCE) setFlagsFromString(`--no-${flag}`);
  process.on('exit', () => {
    // As where the code will run: V8 refuses what was compiled under other flags.
    for (const flag of BY_CHANCE) setFlagsFromString(`--${flag}`);
    for (const [file, script] of scripts) writeFileSync(`${file}.code`, script.createCachedData());
  });
} else {
  setTimeout(keepNurserySmall, STARTED_MS).unref();
}
load(path.join(__dirname, 'index.js'));
