// Asks functions something, in a pod that has nothing but Node: `ask.cjs sweep URL` as a timer does, `ask.cjs health URL...` until all are ready.
const http = require('node:http');
const { setTimeout: sleep } = require('node:timers/promises');

/** As OpenFaaS's cron-connector calls: an empty body, and a name. */
const SWEEP = {
  method: 'POST',
  headers: { 'x-connector': 'cron-connector', 'x-topic': 'cron-function', 'content-length': 0 },
};
/** Longer than any function works on a sweep. */
const SWEEP_MS = 150_000;
/** One that starts from zero, on a node that has to pull its image first. */
const READY_MS = 120_000;
const ATTEMPT_MS = 10_000;
const PAUSE_MS = 1_000;

function ask(url, { timeoutMs, ...options }) {
  return new Promise((resolve, reject) => {
    const signal = AbortSignal.timeout(timeoutMs);
    const asking = http.request(url, { ...options, agent: false, signal }, (answer) => {
      let text = '';
      answer.setEncoding('utf8').on('data', (piece) => (text += piece));
      answer.on('end', () => resolve({ status: answer.statusCode, text: text.slice(0, 500) })).on('error', reject);
    });
    asking.on('error', reject).end();
  });
}

async function sweep([url]) {
  const { status, text } = await ask(url, { ...SWEEP, timeoutMs: SWEEP_MS });
  if (status >= 300) throw new Error(`${url} answered ${status}: ${text}`);
}

async function untilReady(url, until) {
  for (;;) {
    const why = await ask(`${url}/health/readiness`, { method: 'GET', timeoutMs: ATTEMPT_MS }).then(
      ({ status, text }) => (status === 200 ? undefined : `it answers ${status}: ${text}`),
      ({ message }) => message,
    );
    if (why === undefined) return console.log(`${url} is ready`);
    if (Date.now() > until) throw new Error(`${url} is not ready: ${why}`);
    await sleep(PAUSE_MS);
  }
}

async function health(urls) {
  const until = Date.now() + READY_MS;
  const all = await Promise.allSettled(urls.map((url) => untilReady(url, until)));
  const faults = all.flatMap(({ reason }) => (reason === undefined ? [] : [reason.message]));
  if (faults.length > 0) throw new Error(faults.join('\n'));
}

async function main([what, ...urls]) {
  const work = { sweep, health }[what];
  if (work === undefined || urls.length === 0) throw new Error('usage: ask.cjs sweep URL | ask.cjs health URL...');
  await work(urls);
}

main(process.argv.slice(2)).catch(({ message }) => {
  console.error(message);
  process.exitCode = 1;
});
